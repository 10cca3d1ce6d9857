"""Cursors of the event log: a place in one organisation's log, as text that its reader keeps and gives back. Pure.

A cursor is bound to its organisation by a checksum, so that another's is noticed instead of leading to some other place. It
opens nothing: whose events are read is decided by who asks.
"""

import base64
import binascii
import hashlib
from typing import Any

from contracts.errors import PastKeeping, Refused

_FORM = b"\x01"
_PLACE_BYTES, _CHECK_BYTES = 6, 8
_DIGITS = frozenset("0123456789")


def cursor_of(organisation_id: str | None, position: int) -> str:
    """The cursor after the event at this position."""
    raw = _FORM + position.to_bytes(_PLACE_BYTES) + _check(organisation_id, position)
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def position_after(organisation_id: str | None, cursor: str | None) -> int:
    """The position that a reader has read up to; 0 without a cursor. Raises Refused for what is no cursor of this organisation."""
    if cursor is None:
        return 0
    if cursor and _DIGITS.issuperset(cursor) and len(cursor) <= 14:
        # as the version before gave them
        return int(cursor)
    try:
        raw = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
    except (ValueError, binascii.Error):
        raw = b""
    position = int.from_bytes(raw[1 : 1 + _PLACE_BYTES])
    if raw != _FORM + raw[1 : 1 + _PLACE_BYTES] + _check(organisation_id, position) or len(raw) < 1 + _PLACE_BYTES:
        raise refused_at("/after", "This is no cursor from an earlier page of this organisation's events.")
    return position


def check_kept(organisation_id: str | None, position: int, oldest: int) -> None:
    """Raises PastKeeping, with the oldest cursor that leads somewhere, where events behind `position` are gone."""
    if position + 1 < oldest:
        detail = "Events after this cursor are not kept any more. Read on from `oldest`; what was between is gone."
        raise PastKeeping(detail, oldest=cursor_of(organisation_id, oldest - 1))


def page(
    organisation_id: str | None, found: list[tuple[int, dict[str, Any]]], limit: int, after: str | None, newest: int = 0
) -> dict[str, Any]:
    """As contracts.integrations.EventPage, of up to `limit` + 1 (position, envelope) in order.

    `newest`: up to where the log was looked through, so that a reader of few kinds does not stay far behind.
    """
    shown, more = found[:limit], len(found) > limit
    place = max(shown[-1][0] if shown else 0, 0 if more else newest)
    cursor = cursor_of(organisation_id, place) if place else after
    return {"items": [envelope for _, envelope in shown], "cursor": cursor, "more": more}


def refused_at(pointer: str, detail: str) -> Refused:
    """A refusal that names the field."""
    return Refused(detail, errors=[{"pointer": pointer, "detail": detail}])


def _check(organisation_id: str | None, position: int) -> bytes:
    return hashlib.sha256(f"housecall events {organisation_id} {position}".encode()).digest()[:_CHECK_BYTES]
