"""Cursors of the event log: a place in one organisation's log, as text that its reader keeps and gives back. Pure."""

from typing import Any

from contracts.errors import Invalid

_DIGITS = frozenset("0123456789")


def cursor_of(position: int) -> str:
    """The cursor after the event at this position."""
    return str(position)


def position_after(cursor: str | None) -> int:
    """The position that a reader has read up to; 0 without a cursor. Raises Invalid for what is no cursor of ours."""
    if cursor is None:
        return 0
    if not cursor or not _DIGITS.issuperset(cursor) or len(cursor) > 18:
        detail = "This is no cursor from an earlier page."
        raise Invalid(detail, errors=[{"pointer": "/after", "detail": detail}])
    return int(cursor)


def page(found: list[tuple[int, dict[str, Any]]], limit: int, after: str | None) -> dict[str, Any]:
    """As contracts.integrations.EventPage, of up to `limit` + 1 (position, envelope) in order."""
    shown = found[:limit]
    cursor = cursor_of(shown[-1][0]) if shown else after
    return {"items": [envelope for _, envelope in shown], "cursor": cursor, "more": len(found) > limit}
