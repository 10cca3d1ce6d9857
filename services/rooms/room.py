"""What is kept of a room, and the rules that change it. Pure: what a plan allows is in `plans.py`."""

from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from plumbing.store import Change, Event
from services.rooms.occupancy import (
    CALLER_PLACES,
    PARTICIPANT_PLACES,
    Occupancy,
    Presence,
    end_call,
    note,
)

USER, MEETING = "user", "meeting"
# What waiting and media say that moves somebody in or out of a room.
MOVES = frozenset({*CALLER_PLACES, *PARTICIPANT_PLACES, "call.ended"})


@dataclass(frozen=True)
class Room:
    """A User Room (`owner_member_id` says whose) or a Meeting Room. `link` is unique among all rooms."""

    id: str
    organisation_id: str
    kind: str
    name: str
    owner_member_id: str | None
    link: str
    created_at: datetime
    locked: bool = False
    state: str = "open"
    occupancy: Occupancy = field(default_factory=Occupancy)
    version: int = 0


def created(room: Room) -> Event:
    """What is said when a room is made."""
    said = {"room_id": room.id, "kind": room.kind, "owner_member_id": room.owner_member_id}
    return Event("room.created", said)


def linked(room: Room, link: str) -> Room:
    """The room under this link, before anybody has seen it."""
    return replace(room, link=link)


def opened_by_link(room: Room) -> dict[str, object]:
    """As contracts.rooms.ResolvedLink: what somebody who is not signed in may know of the room."""
    return {
        "room_id": room.id,
        "organisation_id": room.organisation_id,
        "kind": room.kind,
        "name": room.name,
        "state": room.state,
    }


def rename(room: Room, name: str) -> Change[Room] | None:
    """The room under another name; its link stays, because people have it."""
    if room.name == name:
        return None
    return Change(replace(room, name=name), (_changed(room, "room.renamed"),))


def lock(room: Room, locked: bool) -> Change[Room] | None:
    """The room locked (who comes waits, whoever they are) or open again."""
    if room.locked == locked:
        return None
    return Change(replace(room, locked=locked), (_changed(room, "room.locked" if locked else "room.unlocked"),))


def rotate_link(room: Room, link: str) -> Change[Room]:
    """The room under a new link; the old one opens nothing from now on."""
    return Change(replace(room, link=link), (_changed(room, "room.link_rotated"),))


def hear(room: Room, said: str, subject_id: str, sequence: int, data: dict[str, Any]) -> Change[Room] | None:
    """The room after an event of waiting or media about one of those in it."""
    if said == "call.ended":
        occupancy = end_call(room.occupancy, subject_id)
    else:
        place = CALLER_PLACES.get(said) or PARTICIPANT_PLACES.get(said)
        if place is None:
            return None
        occupancy = note(room.occupancy, Presence(subject_id, place, sequence, data.get("call_id")))
    if occupancy == room.occupancy:
        return None
    before, after = _counts(room.occupancy), _counts(occupancy)
    events = () if before == after else (Event("room.occupancy_changed", {"room_id": room.id, **after}),)
    return Change(replace(room, occupancy=occupancy), events)


def _counts(occupancy: Occupancy) -> dict[str, int]:
    return {"waiting": occupancy.waiting, "in_call": occupancy.in_call}


def _changed(room: Room, said: str) -> Event:
    return Event(said, {"room_id": room.id})
