"""What a change of plan would do to an organisation's rooms, before it is done. Pure."""

from collections.abc import Iterable, Mapping

from services.rooms.ledger import Ledger
from services.rooms.plans import MEETING_ROOMS, Plan, Policy, differences, plan_view
from services.rooms.room import Room


def preview(
    ledger: Ledger, now: tuple[Policy, Plan], then: tuple[Policy, Plan], rooms: Mapping[str, Room]
) -> dict[str, object]:
    """As contracts.rooms.PlanChangePreview; `rooms` are the organisation's by id."""
    suspended_now, suspended_then = ledger.suspended(now[1]), ledger.suspended(then[1])
    gained, lost = differences(now[1], then[1])
    limit = {
        "limit": MEETING_ROOMS,
        "used": ledger.used,
        "allowed": then[1].meeting_rooms,
        "over": len(suspended_then),
    }
    return {
        "plan_now": plan_view(*now),
        "plan_then": plan_view(*then),
        "limits": [limit],
        "rooms_suspended": _named((each for each in suspended_then if each not in suspended_now), rooms),
        "rooms_restored": _named((each for each in suspended_now if each not in suspended_then), rooms),
        "gained": gained,
        "lost": lost,
    }


def _named(room_ids: Iterable[str], rooms: Mapping[str, Room]) -> list[dict[str, object]]:
    found = (rooms[room_id] for room_id in room_ids if room_id in rooms)
    return [
        {"room_id": room.id, "name": room.name, "waiting": room.occupancy.waiting, "in_call": room.occupancy.in_call}
        for room in found
    ]
