"""Seats at media for who is let in: kept for them before they come, and given back where they do not."""

from typing import Any

import structlog

from contracts import media
from contracts.errors import Unavailable
from plumbing.services import Caller
from services.waiting.caller import Caller as WaitingCaller

log = structlog.get_logger()

# A host who presses Accept should not wait long for media; whoever finds the call full later is refused there.
_MEDIA_ANSWERS_WITHIN_SECONDS = 2.0


def reserve_seat(calls: Caller, caller: WaitingCaller, room: dict[str, Any]) -> None:
    """In the room's call. Raises Conflict when it is full. While media is away nobody is kept out: it counts again when seats are taken."""
    asked = {
        "caller_id": caller.id,
        "room_id": room["id"],
        "display_name": caller.display_name,
        "device_id": caller.device_id,
        "largest_number": (room.get("settings") or {}).get("largest_number"),
    }
    try:
        calls(media.RESERVE_SEAT, asked, organisation_id=caller.organisation_id, timeout=_MEDIA_ANSWERS_WITHIN_SECONDS)
    except Unavailable:
        log.info("accepted without a reserved seat", caller_id=caller.id)


def release_seat(calls: Caller, caller: WaitingCaller, room_id: str) -> None:
    """Somebody else decided about them first, or they have just gone."""
    try:
        calls(media.RELEASE_SEAT, {"caller_id": caller.id, "room_id": room_id}, organisation_id=caller.organisation_id)
    except Unavailable:
        log.info("a reserved seat is left to run out", caller_id=caller.id)
