"""Who is asking, signed: an Ed25519 JWT (RFC 8037, RFC 9864) that is good for a minute and names the kind of process that signed it.

Only the gateway speaks for people; a service speaks for itself, or passes on the statement that it was given.
"""

import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import OKPKey

from contracts.actor import KINDS, Actor
from contracts.errors import NotSignedIn, Unexpected
from plumbing.keys import read_private_key, read_public_keys

ALGORITHM = "Ed25519"
GOOD_FOR_SECONDS = 60
SIGNED_AGAIN_AFTER_SECONDS = 20
CLOCKS_APART_SECONDS = 5
GATEWAY = "gateway"
_REMEMBERED = 10_000
_REREAD_AFTER_SECONDS = 5.0


def kinds_of(kid: str) -> frozenset[str]:
    """The kinds of actor that a process of this kind may speak for."""
    return frozenset(KINDS) - {"system"} if kid == GATEWAY else frozenset({"system"})


class Signer:
    """Signs as one kind of process. A statement is used again for 20 s, so it has 40 s left when it is sent."""

    def __init__(self, kid: str, key: OKPKey, now: Callable[[], float] = time.time) -> None:
        self.kid = kid
        self._key = key
        self._now = now
        self._signed: dict[Actor, tuple[float, str]] = {}

    @classmethod
    def from_file(cls, kid: str, path: str) -> "Signer":
        """Read the private key (PEM) at `path`. Raises KeyProblem."""
        return cls(kid, read_private_key(path, kid))

    def __call__(self, actor: Actor) -> str:
        """The statement for this actor; raises Unexpected for a kind that this process may not speak for."""
        now = self._now()
        known = self._signed.get(actor)
        if known and now - known[0] < SIGNED_AGAIN_AFTER_SECONDS:
            return known[1]
        if actor.kind not in kinds_of(self.kid):
            raise Unexpected
        claims = {"iss": self.kid, "iat": int(now), "exp": int(now) + GOOD_FOR_SECONDS, "actor": actor.claims()}
        token = jwt.encode({"alg": ALGORITHM, "kid": self.kid}, claims, self._key, algorithms=[ALGORITHM])
        if len(self._signed) >= _REMEMBERED:
            self._signed.clear()
        self._signed[actor] = (now, token)
        return token


class Verifier:
    """Checks statements against the public keys of every kind of process; remembers what it has checked until it expires."""

    def __init__(
        self, keys: Callable[[], dict[str, OKPKey]] | dict[str, OKPKey], now: Callable[[], float] = time.time
    ) -> None:
        self._read_keys = keys if callable(keys) else lambda: keys
        self._keys = self._read_keys()
        self._keys_read_at = now()
        self._now = now
        self._checked: dict[str, tuple[float, Actor]] = {}
        self._given: dict[Actor, tuple[float, str]] = {}
        self._lock = threading.Lock()

    @classmethod
    def from_file(cls, path: str) -> "Verifier":
        """Read the JWKS at `path`, again when an unknown kid is met. Raises KeyProblem."""
        return cls(lambda: read_public_keys(str(Path(path))))

    def __call__(self, token: str) -> Actor:
        """The actor of a valid statement; raises NotSignedIn for every other."""
        known = self._checked.get(token)
        if known and self._now() < known[0]:
            return known[1]
        expires, actor = self._check(token)
        with self._lock:
            if len(self._checked) >= _REMEMBERED:
                self._checked.clear()
                self._given.clear()
            self._checked[token] = (expires, actor)
            self._given[actor] = (expires, token)
        return actor

    def token_of(self, actor: Actor) -> str | None:
        """The still valid statement by which this actor came, for passing it on."""
        expires, token = self._given.get(actor, (0.0, ""))
        return token if self._now() < expires - CLOCKS_APART_SECONDS else None

    def _check(self, token: str) -> tuple[float, Actor]:
        try:
            decoded = jwt.decode(token, self._find_key, algorithms=[ALGORITHM])
            kid, claims = str(decoded.header["kid"]), decoded.claims
            expires = float(claims["exp"]) + CLOCKS_APART_SECONDS
            actor = Actor.from_claims(claims["actor"])
        except (JoseError, ValueError, TypeError, KeyError, AttributeError) as error:
            raise NotSignedIn from error
        young = float(claims.get("iat", 0)) <= self._now() + CLOCKS_APART_SECONDS
        if claims.get("iss") != kid or not young or self._now() >= expires or actor.kind not in kinds_of(kid):
            raise NotSignedIn
        return expires, actor

    def _find_key(self, message: Any) -> OKPKey:
        kid = message.headers()["kid"]
        if kid not in self._keys and self._now() - self._keys_read_at > _REREAD_AFTER_SECONDS:
            self._keys_read_at = self._now()
            self._keys = self._read_keys()
        return self._keys[kid]


class Passport:
    """The statement to send for an actor: this process's own for what it may speak for, else the one that came with the actor."""

    def __init__(self, signer: Signer, verifier: Verifier) -> None:
        self._signer = signer
        self._verifier = verifier

    def __call__(self, actor: Actor) -> str:
        """Raises Unexpected when the actor did not come here within the last minute."""
        if actor.kind in kinds_of(self._signer.kid):
            return self._signer(actor)
        token = self._verifier.token_of(actor)
        if token is None:
            raise Unexpected
        return token
