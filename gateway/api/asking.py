"""From a request to a command: who asks, with what, under which id, and the reply as a response."""

import json
import uuid
from typing import Any, cast

from flask import Response, current_app, g, request

from contracts.actor import PUBLIC, Actor
from contracts.command import Command
from contracts.errors import Invalid
from gateway.hall import Hall
from gateway.identity import SignedIn
from plumbing.ids import follow

_EXTENSION = "housecall"
_LONGEST_KEY = 255


def hall() -> Hall:
    """What this process stands on."""
    return cast("Hall", current_app.extensions[_EXTENSION])


def signed_in() -> SignedIn:
    """The member's sign-in. Raises NotSignedIn."""
    found = hall().identity.member(request.cookies)
    g.actor_id = found.actor.id
    return found


def anybody() -> Actor:
    """Nobody in particular: what they bring is in the request."""
    return PUBLIC


def member() -> Actor:
    """Whoever is signed in; the place where other proofs (bearer tokens of API clients) would be read."""
    return signed_in().actor


def guest() -> Actor:
    """Who arrived by the link that `?link=` names (`<token>` or `room/<link>`), or the only one who did in this browser."""
    found = hall().identity.guest(request.cookies, request.args.get("link"))
    g.actor_id = found.caller_id
    return found


def ask(command: Command, payload: dict[str, Any], actor: Actor) -> Any:
    """Have it carried out; the reply is plain JSON. Raises the contract's errors."""
    return hall().rpc.call(command, payload, actor, command_id=_command_id(actor) if command.changes else None)


def reply(value: Any, status: int = 200) -> Response:
    """A service's reply as it came."""
    body = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return Response(body, status=status, content_type="application/json")


def nothing() -> Response:
    """It is done, and there is nothing to say."""
    return Response(status=204)


def _command_id(actor: Actor) -> str | None:
    """The same for the same Idempotency-Key of the same actor on the same address, so that a repeat is recognised.

    A key that is a UUIDv7 lends the made thing its time, and so its place in lists.
    """
    key = request.headers.get("Idempotency-Key", "").strip()
    if not key:
        return None
    if len(key) > _LONGEST_KEY:
        raise Invalid(f"An Idempotency-Key has at most {_LONGEST_KEY} characters.")
    return follow(_as_uuid(key), f"{key} {actor.organisation_id} {actor.id} {request.method} {request.path}")


def _as_uuid(key: str) -> str:
    try:
        return str(uuid.UUID(key))
    except ValueError:
        return str(uuid.uuid5(uuid.NAMESPACE_URL, key))
