"""From a request to a command: who asks, with what, under which id, and the reply as a response."""

import re
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, cast

import msgspec
from flask import Response, current_app, g, request

from contracts.actor import PUBLIC, Actor
from contracts.command import Command
from contracts.errors import Forbidden, NotSignedIn
from contracts.permissions import allowed
from gateway import rate_limits
from gateway.api_clients import bearer
from gateway.hall import Hall
from gateway.identity import SignedIn, seen_in
from gateway.problems import BadKey, MissingScope
from plumbing.ids import follow

_EXTENSION = "housecall"
LONGEST_KEY = 255
_encode = msgspec.json.Encoder().encode
# a string of RFC 9651 §3.3.3 without escapes, in its quotes or without them
_KEY = re.compile(r'(?P<quote>"?)(?P<key>[ !#-+\--\[\]-~]+)(?P=quote)')


def hall() -> Hall:
    """What this process stands on."""
    return cast("Hall", current_app.extensions[_EXTENSION])


def signed_in() -> SignedIn:
    """The member's sign-in. Raises NotSignedIn, and TooMany for who asks too often.

    Who brings a bearer token is no browser: their cookies say nothing.
    """
    if bearer(request) is not None:
        raise NotSignedIn("Only a member who is signed in does this for themselves.")
    found = hall().identity.member(request.cookies, seen_in(request))
    g.actor_id = found.actor.id
    rate_limits.count(hall().rate_limits, f"{found.actor.organisation_id}/{found.actor.id}")
    return found


def anybody() -> Actor:
    """Nobody in particular: what they bring is in the request."""
    return PUBLIC


def member() -> Actor:
    """Whoever is signed in, or the API client whose token it is. Raises as `signed_in`."""
    return signed_in().actor if bearer(request) is None else api_client()


def api_client() -> Actor:
    """Whose bearer token it is (RFC 6750). Raises NotSignedIn, and TooMany for who asks too often."""
    found = hall().api_clients.resolve(bearer(request) or "")
    g.actor_id = found.id
    rate_limits.count(hall().rate_limits, f"{found.organisation_id}/{found.id}")
    return found


def guest() -> Actor:
    """Who arrived by the link that `?link=` names (`<token>`, `room/<link>` or `area/<link>`), or the only one who did in this browser."""
    if bearer(request) is not None:
        raise NotSignedIn
    found = hall().identity.guest(request.cookies, request.args.get("link"))
    g.actor_id = found.caller_id
    return found


def ask(command: Command, payload: dict[str, Any], actor: Actor, *, timeout: float = 5.0) -> Any:
    """Have it carried out within `timeout` seconds; the reply is plain JSON. Raises the contract's errors."""
    command_id = _command_id(actor) if command.changes else None
    with _scoped(command, actor):
        return hall().rpc.call(command, payload, actor, command_id=command_id, timeout=timeout)


def passed_on(command: Command, payload: dict[str, Any], actor: Actor) -> msgspec.Raw:
    """As `ask`, but the reply stays the JSON that the service wrote, for `reply`: nobody here reads it."""
    with _scoped(command, actor):
        return hall().rpc.ask(command, payload, actor, command_id=_command_id(actor) if command.changes else None)


@contextmanager
def _scoped(command: Command, actor: Actor) -> Iterator[None]:
    """The service refuses, and its audit log says so; to an API client it is said by which scope it would be let in."""
    try:
        yield
    except Forbidden:
        if actor.kind != "api_client" or allowed(command.permission, actor):
            raise
        raise MissingScope.of(command, actor) from None


def reply(value: Any, status: int = 200) -> Response:
    """A service's reply, read or not, as it came."""
    return Response(_encode(value), status=status, content_type="application/json")


def nothing() -> Response:
    """It is done, and there is nothing to say."""
    return Response(status=204)


def _command_id(actor: Actor) -> str | None:
    """The same for the same Idempotency-Key of the same actor on the same address, so that a repeat is recognised.

    A key that is a UUIDv7 lends the made thing its time, and so its place in lists. Raises BadKey.
    """
    given = request.headers.get("Idempotency-Key")
    if given is None:
        return None
    found = _KEY.fullmatch(given.strip())
    key = found["key"] if found else ""
    if not 0 < len(key) <= LONGEST_KEY:
        raise BadKey(
            f"Send one Idempotency-Key of 1 to {LONGEST_KEY} visible ASCII characters without comma, quote or backslash."
        )
    return follow(_as_uuid(key), f"{key} {actor.organisation_id} {actor.id} {request.method} {request.path}")


def _as_uuid(key: str) -> str:
    try:
        return str(uuid.UUID(key))
    except ValueError:
        return str(uuid.uuid5(uuid.NAMESPACE_URL, key))
