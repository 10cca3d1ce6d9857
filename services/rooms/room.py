"""What is kept of a room, and the rules that change it. Pure: what a plan allows is in `plans.py`."""

from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from contracts.errors import Conflict, Outdated
from plumbing.store import Change, Event
from services.rooms.occupancy import (
    CALLER_PLACES,
    PARTICIPANT_PLACES,
    Occupancy,
    Presence,
    end_call,
    note,
)
from services.rooms.settings import ROOM, Inherited, Level, changed, check_unlocked

USER, MEETING = "user", "meeting"
OPEN, SUSPENDED, REMOVED = "open", "suspended", "removed"
# What waiting and media say that moves somebody in or out of a room.
MOVES = frozenset({*CALLER_PLACES, *PARTICIPANT_PLACES, "call.ended"})


@dataclass(frozen=True)
class Room:
    """A User Room (`owner_member_id` says whose) or a Meeting Room. `link` is unique among all rooms.

    `edited_version`: the version that the last change by a person made; later ones only counted who came and went.
    `standing`: of the ledger, when it last said whether the room is suspended. `holds_place`: removed, and the ledger still
    counts it.
    """

    id: str
    organisation_id: str
    kind: str
    name: str
    owner_member_id: str | None
    link: str
    created_at: datetime
    locked: bool = False
    state: str = OPEN
    occupancy: Occupancy = field(default_factory=Occupancy)
    clinic_id: str | None = None
    settings: Level = field(default_factory=Level)
    owner_gone: bool = False
    edited_version: int = 0
    standing: int = 0
    removed_at: datetime | None = None
    holds_place: bool = False
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


def rotate_link(room: Room, link: str) -> Change[Room]:
    """The room under a new link; the old one opens nothing from now on."""
    return Change(_edited(room, link=link), (_changed(room, "room.link_rotated"),))


def change(room: Room, wanted: dict[str, Any], inherited: Inherited | None) -> Change[Room] | None:
    """All of contracts.rooms.ChangeRoom at once. Raises Conflict (a setting is locked above) and Outdated.

    What is so already is no change, also for an old version: a request repeated finds its own work.
    """
    after: Room = room
    events: list[Event] = []
    if "name" in wanted and wanted["name"] != room.name:
        after, events = replace(after, name=wanted["name"]), [*events, _changed(room, "room.renamed")]
    if "locked" in wanted and wanted["locked"] != room.locked:
        said = "room.locked" if wanted["locked"] else "room.unlocked"
        after, events = replace(after, locked=wanted["locked"]), [*events, _changed(room, said)]
    clinic_id = wanted.get("clinic_id", room.clinic_id)
    check_unlocked(inherited, clinic_id, wanted.get("settings", {}), of=ROOM)
    settings = changed(room.settings, wanted.get("settings", {}))
    if (clinic_id, settings) != (room.clinic_id, room.settings):
        after = replace(after, clinic_id=clinic_id, settings=settings)
        events.append(_changed(room, "room.settings_changed"))
    if not events:
        return None
    _check_version(room, wanted.get("version"))
    return Change(_edited(after), events)


def stand(room: Room, suspended: bool, standing: int) -> Change[Room] | None:
    """The room suspended or open, as the ledger says; what it said before that is not heeded any more."""
    if standing <= room.standing or room.state == REMOVED:
        return None
    state = SUSPENDED if suspended else OPEN
    if state == room.state:
        return Change(replace(room, standing=standing), ())
    said = _changed(room, "room.suspended" if suspended else "room.restored")
    return Change(_edited(room, state=state, standing=standing), said)


def remove(room: Room, confirm: bool, now: datetime, version: int | None = None) -> Change[Room] | None:
    """The room is gone, and its link opens nothing. Raises Conflict (people are inside, or a member still has it) and Outdated."""
    if room.kind == USER and not room.owner_gone:
        raise Conflict("A User Room stays with its member.")
    if room.state == REMOVED:
        return None
    _check_version(room, version)
    inside = _counts(room.occupancy)
    if any(inside.values()) and not confirm:
        raise Conflict(f"{_inside(**inside)} Confirm to remove the room all the same.", **inside)
    gone = _edited(room, state=REMOVED, removed_at=now, holds_place=room.kind == MEETING)
    return Change(gone, _changed(room, "room.removed"))


def owner_left(room: Room) -> Change[Room] | None:
    """The member was removed: their room is kept, and nobody hosts in it."""
    if room.owner_gone or room.state == REMOVED:
        return None
    return Change(_edited(room, owner_gone=True), _changed(room, "room.owner_gone"))


def hand_over(room: Room, member_id: str) -> Change[Room] | None:
    """The User Room of a member who is gone, under another host; its link and name stay. Raises Conflict."""
    if (room.owner_member_id, room.owner_gone) == (member_id, False):
        return None
    if not room.owner_gone:
        raise Conflict("Only the room of a member who was removed is handed over.")
    said = Event("room.handed_over", {"room_id": room.id, "owner_member_id": member_id})
    return Change(_edited(room, owner_member_id=member_id, owner_gone=False), said)


def place_released(room: Room) -> Change[Room] | None:
    """The ledger does not count the removed room any more."""
    return Change(replace(room, holds_place=False), ()) if room.holds_place else None


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


def _edited(room: Room, **changes: Any) -> Room:
    """As a person changed it; the store counts one version on."""
    return replace(room, **changes, edited_version=room.version + 1)


def _inside(waiting: int, in_call: int) -> str:
    call = "" if not in_call else f"{in_call} {'person is' if in_call == 1 else 'people are'} in the call"
    queue = "" if not waiting else f"{waiting} {'person waits' if waiting == 1 else 'people wait'}"
    return " and ".join(part for part in (call, queue) if part) + "."


def _check_version(room: Room, version: int | None) -> None:
    """Who comes and goes makes no version outdated."""
    if version is not None and not room.edited_version <= version <= room.version:
        raise Outdated("Read the room again and repeat the change if it still fits.", version=room.version)
