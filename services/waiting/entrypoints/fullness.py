"""Whether a room's call takes one more person, as far as media says so at the moment."""

from typing import Any

from contracts import media
from contracts.errors import Conflict, Unavailable
from plumbing.services import Caller

_MEDIA_ANSWERS_WITHIN_SECONDS = 2.0


def check_not_full(calls: Caller, room: dict[str, Any], **asking: Any) -> None:
    """Raises Conflict when it is full. Seats are counted again when they are taken; while media is away nobody is kept out.

    `asking`: for whom media is asked, as contracts of `plumbing.services.Calls` have it (`actor` or `organisation_id`).
    """
    largest = (room.get("settings") or {}).get("largest_number")
    if largest is None:
        return
    try:
        asked = {"room_id": room["id"]}
        found = calls(media.FIND_CALL, asked, timeout=_MEDIA_ANSWERS_WITHIN_SECONDS, **asking)["call"]
    except Unavailable:
        return
    if found and len(found["participants"]) >= largest:
        raise Conflict(f"The call is full: it takes {largest} people.", largest_number=largest)
