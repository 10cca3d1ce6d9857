"""From a bearer token to an actor: which API client is asking. Resolved by accounts, and remembered for seconds."""

import hashlib
import threading
import time
from collections.abc import Callable
from datetime import datetime

from flask import Request

from contracts import api_clients
from contracts.actor import PUBLIC, Actor
from contracts.errors import Invalid, NotSignedIn
from plumbing.rpc import RpcClient

REMEMBERED_SECONDS = 10.0
LONGEST_TOKEN = 4000
_SCHEME = "bearer "
_MOST_REMEMBERED = 10_000


def bearer(request: Request) -> str | None:
    """The token that a request brings (RFC 6750 §2.1); None where it brings none, and empty where that is no token."""
    said = request.headers.get("Authorization", "")
    return said[len(_SCHEME) :].strip() if said.lower().startswith(_SCHEME) else None


class ApiClients:
    """Tokens → who it is. Remembers each for at most ten seconds, and forgets a client when accounts says that it changed."""

    def __init__(self, rpc: RpcClient, clock: Callable[[], float] = time.time) -> None:
        self._rpc = rpc
        self._clock = clock
        self._known: dict[bytes, tuple[float, Actor]] = {}
        self._changes = 0
        self._lock = threading.Lock()

    def resolve(self, token: str) -> Actor:
        """Raises NotSignedIn for a token that is none, has expired or was revoked; Unavailable when accounts does not answer."""
        if not 0 < len(token) <= LONGEST_TOKEN:
            raise NotSignedIn("This is no token of ours.")
        key = hashlib.sha256(token.encode()).digest()
        now = self._clock()
        known = self._known.get(key)
        if known and now < known[0]:
            return known[1]
        changes = self._changes
        try:
            found = self._rpc.call(api_clients.RESOLVE_ACCESS, {"token": token}, PUBLIC)
        except Invalid:
            raise NotSignedIn("This is no token of ours.") from None
        actor = Actor(
            kind="api_client",
            id=found["api_client_id"],
            organisation_id=found["organisation_id"],
            scopes=tuple(found["scopes"]),
            clinic_ids=tuple(found["clinic_ids"]),
            name=found["name"],
        )
        until = min(now + REMEMBERED_SECONDS, datetime.fromisoformat(found["expires_at"]).timestamp())
        with self._lock:
            # what was asked before a change was heard may be the answer from before it
            if changes == self._changes:
                if len(self._known) >= _MOST_REMEMBERED:
                    self._known.clear()
                self._known[key] = (until, actor)
        return actor

    def forget(self, api_client_id: str) -> None:
        """Something about that client has changed."""
        self._forget(lambda actor: actor.id == api_client_id)

    def forget_all(self) -> None:
        """Changes may have been missed."""
        self._forget(lambda _: True)

    def _forget(self, is_meant: Callable[[Actor], bool]) -> None:
        with self._lock:
            self._changes += 1
            self._known = {key: known for key, known in self._known.items() if not is_meant(known[1])}
