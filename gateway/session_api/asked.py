"""What clients of the Session API v1 send, as our commands take it. What is not known is ignored: existing clients send some."""

from collections.abc import Mapping
from typing import Any

from flask import request
from marshmallow import ValidationError

from contracts.errors import pointers
from contracts.session_participants import MOST_AT_ONCE, NewParticipant
from gateway import typed_json
from gateway.session_api import dates
from gateway.session_api.refusals import BadRequest

_ROLES = ("guest", "host", "participant")
_SIZE, _MOST = 50, 200
_LONGEST_NUMBER = 10
_TEXTS = ("display_name", "picture", "state", "phone")


def body() -> dict[str, Any]:
    """The JSON object, whatever content type it is said to be. Raises BadRequest for anything else."""
    try:
        found = typed_json.loads(request.get_data())
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        raise BadRequest("Send a JSON object.")
    return found


def new_session(given: Mapping[str, Any]) -> dict[str, Any]:
    """As contracts.client_sessions.CreateClientSession. Raises BadRequest for what is missing or is not what it should be."""
    flags = given.get("feature_flags")
    return {
        "name": _needed(given, "session_name"),
        "starts_at": dates.read(given.get("start_time"), "start_time"),
        "ends_at": dates.read(given.get("end_time"), "end_time"),
        **_texts(given, ("picture",)),
        "feature_flags": [each for each in flags if isinstance(each, str)] if isinstance(flags, list) else [],
    }


def changed_session(given: Mapping[str, Any]) -> dict[str, Any]:
    """As contracts.client_sessions.ChangeClientSession, without the id."""
    wanted: dict[str, Any] = _texts(given, ("picture",))
    if given.get("session_name") is not None:
        wanted["name"] = _needed(given, "session_name")
    for name, ours in (("start_time", "starts_at"), ("end_time", "ends_at")):
        if given.get(name) is not None:
            wanted[ours] = dates.read(given[name], name)
    return wanted


def participants(given: object) -> list[dict[str, Any]]:
    """As contracts.session_participants.NewParticipant, each. Raises BadRequest."""
    if given is None:
        return []
    if not isinstance(given, list) or not all(isinstance(each, dict) for each in given):
        raise BadRequest("participants must be a list of objects.")
    if len(given) > MOST_AT_ONCE:
        raise BadRequest(f"At most {MOST_AT_ONCE} participants at once.")
    return [participant(each) for each in given]


def participant(given: Mapping[str, Any], *, changed: bool = False) -> dict[str, Any]:
    """One of them; of a change only what is given."""
    wanted: dict[str, Any] = _texts(given, _TEXTS)
    if not changed or given.get("role") is not None:
        role = str(given.get("role") or "").lower()
        if role not in _ROLES:
            raise BadRequest(f"role must be one of {', '.join(_ROLES)}.")
        wanted["role"] = role
    try:
        # before a session is made for them
        NewParticipant(partial=changed).load(wanted)
    except ValidationError as wrong:
        refused = pointers(wrong.messages)[0]
        raise BadRequest(f"{refused['pointer'].strip('/')}: {refused['detail']}") from None
    return wanted


def page() -> dict[str, Any]:
    """As contracts.client_sessions.ListClientSessions, of the query."""
    order = request.args.get("order", "forward").lower()
    if order not in ("forward", "reverse"):
        raise BadRequest("order must be forward or reverse.")
    wanted: dict[str, Any] = {
        "page": _number("page", 0, 0, 1_000_000),
        "page_size": min(_number("page_size", _SIZE, 1, 1_000_000), _MOST),
        "reverse": order == "reverse",
        "cancelled": flag("include_canceled"),
    }
    for name, ours in (("start_time", "starts_from"), ("end_time", "starts_until")):
        if request.args.get(name):
            wanted[ours] = dates.read(request.args[name], name)
    return wanted


def flag(name: str) -> bool:
    """A boolean of the query."""
    return request.args.get(name, "").lower() in ("true", "1", "yes")


def _needed(given: Mapping[str, Any], name: str) -> str:
    value = given.get(name)
    if not isinstance(value, str) or not value.strip():
        raise BadRequest(f"{name} is missing.")
    return value


def _texts(given: Mapping[str, Any], names: tuple[str, ...]) -> dict[str, Any]:
    wanted = {name: given[name] for name in names if name in given}
    wrong = [name for name, value in wanted.items() if value is not None and not isinstance(value, str)]
    if wrong:
        raise BadRequest(f"{wrong[0]} must be text.")
    return wanted


def _number(name: str, usual: int, least: int, most: int) -> int:
    text = request.args.get(name)
    if text is None or text == "":
        return usual
    # only digits that Python and everybody else read alike
    if not text.isascii() or not text.isdigit() or len(text) > _LONGEST_NUMBER or not least <= int(text) <= most:
        raise BadRequest(f"{name} must be a whole number from {least}.")
    return int(text)
