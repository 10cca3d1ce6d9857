"""From a cookie to an actor: who is asking. A sign-in is resolved by accounts, and remembered for seconds."""

import hashlib
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from flask import Request

from contracts import accounts
from contracts.actor import PUBLIC, Actor
from contracts.errors import Conflict, NotSignedIn
from contracts.permissions import UNSECURED
from gateway.cookies import Cookies
from plumbing.rpc import RpcClient

REMEMBERED_SECONDS = 10.0
_MOST_REMEMBERED = 50_000


@dataclass(frozen=True)
class Seen:
    """From where somebody asks: the network address, and what the browser says of itself."""

    network: str
    browser: str


NOT_SEEN = Seen("", "")
_LONGEST_NETWORK, _LONGEST_BROWSER = 64, 200


def seen_in(request: Request) -> Seen:
    """From where a request comes, cut to what is kept."""
    agent = str(request.user_agent.string or "")
    return Seen((request.remote_addr or "")[:_LONGEST_NETWORK], agent[:_LONGEST_BROWSER])


@dataclass(frozen=True)
class SignedIn:
    """A valid sign-in: the actor, the member as accounts shows them, and the end (Unix seconds).

    Who must add a second step first is an actor with that role alone, whom the table of permissions lets do little else.
    """

    actor: Actor
    member: dict[str, Any]
    expires_at: float
    must_add_second_step: bool = False


class SignIns:
    """Tokens → who it is. Remembers each for at most ten seconds, and forgets it when accounts says that it ended."""

    def __init__(self, rpc: RpcClient, clock: Callable[[], float] = time.time) -> None:
        self._rpc = rpc
        self._clock = clock
        self._known: dict[bytes, tuple[float, SignedIn]] = {}
        self._endings = 0
        self._lock = threading.Lock()

    def resolve(self, token: str, seen: Seen = NOT_SEEN) -> SignedIn:
        """`seen`: from where it is used. Raises NotSignedIn for a token that is none, has ended or is too old; Unavailable when accounts does not answer."""
        key = hashlib.sha256(f"{token}\0{seen.network}\0{seen.browser}".encode()).digest()
        known = self._known.get(key)
        now = self._clock()
        if known and now < known[0]:
            return known[1]
        endings = self._endings
        signed_in = _signed_in(self._rpc.call(accounts.RESOLVE_SIGN_IN, {"token": token, **asdict(seen)}, PUBLIC))
        with self._lock:
            # what was asked before an ending was heard may be the answer from before it
            # and who is just adding a second step is let go on at once
            if endings == self._endings and not signed_in.must_add_second_step:
                if len(self._known) >= _MOST_REMEMBERED:
                    self._known.clear()
                self._known[key] = (min(now + REMEMBERED_SECONDS, signed_in.expires_at), signed_in)
        return signed_in

    def forget(self, sign_in_id: str) -> None:
        """That sign-in has ended."""
        self._forget(lambda actor: actor.sign_in_id == sign_in_id)

    def forget_member(self, member_id: str) -> None:
        """Something about that member has changed."""
        self._forget(lambda actor: actor.id == member_id)

    def forget_all(self) -> None:
        """Endings may have been missed."""
        self._forget(lambda _: True)

    def _forget(self, is_meant: Callable[[Actor], bool]) -> None:
        with self._lock:
            self._endings += 1
            self._known = {key: known for key, known in self._known.items() if not is_meant(known[1].actor)}


class Identity:
    """Who the cookies of a request speak for."""

    def __init__(self, cookies: Cookies, sign_ins: SignIns) -> None:
        self.cookies = cookies
        self.sign_ins = sign_ins

    def member(self, cookies: Mapping[str, str], seen: Seen = NOT_SEEN) -> SignedIn:
        """The member who is signed in in this browser. Raises NotSignedIn."""
        token = self.cookies.sign_in(cookies)
        if token is None:
            raise NotSignedIn
        return self.sign_ins.resolve(token, seen)

    def guest(self, cookies: Mapping[str, str], link: str | None) -> Actor:
        """The guest who arrived by `link` (`<token>`, `room/<link>` or `area/<link>`); without it, the only guest of this browser.

        Raises NotSignedIn when nobody did, and Conflict when there are several to choose from.
        """
        if link:
            actor = self.cookies.guest(cookies, link)
            found = [actor] if actor else []
        else:
            found = self.cookies.guests(cookies)
        if not found:
            raise NotSignedIn("Open your link again and say that you are here.")
        if len(found) > 1:
            raise Conflict("Several links were opened in this browser: name the one you mean in `link`.")
        return found[0]


def _signed_in(resolved: dict[str, Any]) -> SignedIn:
    member = resolved["member"]
    must_add = bool(resolved.get("must_add_second_step"))
    actor = Actor(
        kind="member",
        id=member["id"],
        organisation_id=member["organisation_id"],
        roles=(UNSECURED if must_add else member["role"],),
        clinic_ids=tuple(member.get("clinic_ids") or ()),
        name=member["name"],
        sign_in_id=resolved["sign_in_id"],
        origin_id=resolved.get("origin_id"),
    )
    return SignedIn(actor, member, datetime.fromisoformat(resolved["expires_at"]).timestamp(), must_add)
