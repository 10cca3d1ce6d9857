"""The pure rules of a call: how seats are taken, kept and given up, and when the call ends. Knows no store, node or clock."""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from contracts.errors import Conflict
from plumbing.store import Change, Event
from services.media.call import PRESENT, Call, Chore, Participant

# A browser that crashed or lost its network finds its seat again for this long.
KEPT_AFTER_LOSS = timedelta(minutes=2)
# A seat whose browser never connected; asking for the camera may take a person a while.
KEPT_UNCONNECTED = timedelta(minutes=10)
# A seat prepared for a guest who was let in and has not come.
KEPT_RESERVED = timedelta(minutes=5)

Decision = Change[Call] | None
Rule = Callable[[Call], Decision]


@dataclass(frozen=True)
class Person:
    """Who wants the seat: a member or a caller, on one device."""

    display_name: str
    role: str
    device_id: str
    member_id: str | None = None
    caller_id: str | None = None

    def holds(self, participant: Participant) -> bool:
        """Whether the seat is theirs: a guest's by their caller, a member's by device, so that they may sit at two."""
        if self.caller_id:
            return participant.caller_id == self.caller_id
        return participant.member_id == self.member_id and participant.device_id == self.device_id


def opened(call_id: str, organisation_id: str, room_id: str, node_id: str, node_key: str, now: datetime) -> Call:
    """A call that nobody sits in yet."""
    return Call(
        id=call_id,
        organisation_id=organisation_id,
        room_id=room_id,
        state="open",
        node_id=node_id,
        node_key=node_key,
        placement=1,
        started_at=now,
    )


def seat_of(call: Call, person: Person) -> Participant | None:
    """The seat that the person holds in the call, taken or reserved."""
    return next((participant for participant in call.held() if person.holds(participant)), None)


def take(
    call: Call, *, person: Person, participant_id: str, now: datetime, largest_number: int | None = None
) -> Decision:
    """Seats the person; whoever has their seat keeps it, and nothing changes.

    A member who comes by another device while their own seat is lost does not sit twice: the lost one is given up.

    Raises:
        Conflict: the call has ended meanwhile, or is full (`largest_number`).
    """
    _must_be_open(call)
    held = seat_of(call, person)
    if held and held.state in PRESENT:
        return None
    if held is None:
        call = with_place(call, person, largest_number)
    seat = _new_seat(person, held.id if held else participant_id)
    seat = replace(seat, state="seated", joined_at=now, kept_until=now + KEPT_UNCONNECTED)
    events = [Event("participant.joined", ids(call, seat), subject=f"participant/{seat.id}")]
    if not call.begun:
        events.insert(0, Event("call.started", call_ids(call)))
    seated, given_up = _without(
        replace(with_seat(call, seat), begun=True), _lost_elsewhere(call, person), "replaced", now
    )
    return _change(seated, events + given_up)


def _lost_elsewhere(call: Call, person: Person) -> list[Participant]:
    own = [seat for seat in call.held() if person.member_id and seat.member_id == person.member_id]
    return [seat for seat in own if seat.state == "reconnecting" and not person.holds(seat)]


def reserve(
    call: Call, *, person: Person, participant_id: str, now: datetime, largest_number: int | None = None
) -> Decision:
    """Prepares a seat for a guest who was let in, so that they see a face sooner. Nobody is told before they take it.

    Raises Conflict as `take` does.
    """
    _must_be_open(call)
    if seat_of(call, person):
        return None
    call = with_place(call, person, largest_number)
    seat = replace(_new_seat(person, participant_id), kept_until=now + KEPT_RESERVED)
    return _change(with_seat(call, seat), [])


def with_place(call: Call, person: Person, largest_number: int | None) -> Call:
    """The call, with what the room says of its largest number now. Raises Conflict (`largest_number`) when it is full.

    People are counted, not their devices, and those who were let in and are on their way; a place is kept for a host.
    """
    largest = call.largest_number if largest_number is None else largest_number
    held = call.held()
    people = {seat.member_id or seat.caller_id for seat in held}
    kept_for_host = person.role != "host" and all(seat.role != "host" for seat in held)
    if largest is not None and len(people | {person.member_id or person.caller_id}) + kept_for_host > largest:
        text = f"This call is full: it takes {largest} people, hosts included. Wait until somebody has left."
        raise Conflict(text, largest_number=largest, people=len(people))
    return replace(call, largest_number=largest)


def give_up(call: Call, *, participant_id: str, reason: str, now: datetime) -> Decision:
    """One seat is given up (`left`, `removed`, `lost`, `replaced`); with the last one the call ends."""
    seat = call.seat(participant_id)
    if call.state == "ended" or seat is None or seat.state == "left":
        return None
    return _given_up(call, [seat], reason, now)


def give_up_caller(call: Call, *, caller_id: str, reason: str, now: datetime) -> Decision:
    """The seats of a guest who is no caller any more."""
    seats = [seat for seat in call.held() if seat.caller_id == caller_id]
    return _given_up(call, seats, reason, now) if seats and call.state == "open" else None


def release(call: Call, *, caller_id: str, now: datetime) -> Decision:
    """A seat that was prepared for a guest who has gone before they were let in."""
    seats = [seat for seat in call.held() if seat.caller_id == caller_id and seat.state == "reserved"]
    return _given_up(call, seats, "left", now) if seats and call.state == "open" else None


def give_up_due(call: Call, *, now: datetime) -> Decision:
    """The seats whose browsers did not come back in time."""
    due = [seat for seat in call.held() if seat.kept_until is not None and seat.kept_until <= now]
    return _given_up(call, due, "lost", now) if due and call.state == "open" else None


def end(call: Call, *, now: datetime) -> Decision:
    """A host ends it for everyone. Pressed again it changes nothing."""
    if call.state == "ended":
        return None
    caller_ids = [seat.caller_id for seat in call.held() if seat.caller_id]
    emptied, events = _without(call, call.held(), "call_ended", now)
    return _ended(emptied, events, "ended", caller_ids, now)


def connected(call: Call, *, participant_id: str, node_id: str, number: int | None) -> Decision:
    """The node says that the browser in this seat is connected."""
    seat = _reported(call, participant_id, node_id, number)
    if seat is None:
        return None
    now_connected = replace(seat, state="connected", kept_until=None, report=number)
    events = []
    if seat.state == "reconnecting":
        events = [Event("participant.reconnected", ids(call, seat), subject=f"participant/{seat.id}")]
    elif seat.state == "seated":
        events = [Event("call.updated", call_ids(call))]
    return _change(with_seat(call, now_connected), events)


def lost(call: Call, *, participant_id: str, node_id: str, number: int | None, now: datetime) -> Decision:
    """The node says that the browser in this seat is gone. The seat is kept for a while: a crash is not leaving."""
    seat = _reported(call, participant_id, node_id, number)
    if seat is None or seat.state == "reconnecting":
        return None
    if seat.state == "seated":
        return _change(with_seat(call, replace(seat, report=number)), [])
    return _change(with_seat(call, _away(replace(seat, report=number), now)), [_reconnecting(call, seat)])


def place(call: Call, *, node_id: str, node_key: str, from_key: str, now: datetime) -> Decision:
    """Puts the call on a node, away from `from_key`; every browser then rejoins by itself. None if that was done meanwhile."""
    if call.state == "ended" or call.node_key != from_key:
        return None
    moved = replace(call, node_id=node_id, node_key=node_key, placement=call.placement + 1)
    moved = _noted(moved, [Chore(from_key)], now)
    events = [Event("call.updated", call_ids(call))]
    for seat in call.present():
        fresh = replace(seat, report=None)
        if seat.state == "connected":
            events.append(_reconnecting(call, seat))
        moved = with_seat(moved, fresh if seat.state == "seated" else _away(fresh, now))
    return _change(moved, events)


def chores_done(call: Call, *, done: Collection[Chore], silent: Collection[Chore] = ()) -> Decision:
    """Forgets what nodes have dropped by now; of silent nodes only which they were is kept, in case that they come back."""
    left = tuple(chore for chore in call.chores if chore not in done and chore not in silent)
    if left == call.chores:
        return None
    keys = dict.fromkeys([*call.left_keys, *(chore.node_key for chore in silent)])
    return Change(
        replace(
            call, chores=left, chores_since=call.chores_since if left or call.unsettled else None, left_keys=tuple(keys)
        )
    )


def node_is_back(call: Call, *, node_key: str, now: datetime) -> Decision:
    """A node that was given up is heard again, and still has what it should have dropped: that becomes its chore once more."""
    if node_key not in call.left_keys:
        return None
    chores = [Chore(node_key)]
    if call.state == "open" and call.node_key == node_key:
        chores = [Chore(node_key, seat.id) for seat in call.participants if seat.state == "left"]
    others = tuple(key for key in call.left_keys if key != node_key)
    return Change(_noted(replace(call, left_keys=others), chores, now))


def call_ids(call: Call) -> dict[str, Any]:
    """What every event about a call says."""
    return {"call_id": call.id, "room_id": call.room_id}


def ids(call: Call, seat: Participant) -> dict[str, Any]:
    """What every event about a participant says."""
    return {
        **call_ids(call),
        "participant_id": seat.id,
        "member_id": seat.member_id,
        "caller_id": seat.caller_id,
        "role": seat.role,
    }


def _must_be_open(call: Call) -> None:
    if call.state == "ended":
        raise Conflict("This call has ended.", call_id=call.id)


def _new_seat(person: Person, participant_id: str) -> Participant:
    return Participant(
        id=participant_id,
        display_name=person.display_name,
        role=person.role,
        device_id=person.device_id,
        state="reserved",
        member_id=person.member_id,
        caller_id=person.caller_id,
    )


def _given_up(call: Call, seats: Iterable[Participant], reason: str, now: datetime) -> Change[Call]:
    emptied, events = _without(call, seats, reason, now)
    if emptied.held():
        return _change(emptied, events)
    return _ended(emptied, events, "everyone_left", [], now)


def _without(call: Call, seats: Iterable[Participant], reason: str, now: datetime) -> tuple[Call, list[Event]]:
    events, chores = [], []
    for seat in seats:
        call = with_seat(call, replace(seat, state="left", left_at=now, left_reason=reason, kept_until=None))
        chores.append(Chore(call.node_key, seat.id))
        if seat.state in PRESENT:
            kinds = ("participant.removed", "participant.left") if reason == "removed" else ("participant.left",)
            said = {**ids(call, seat), "reason": reason}
            events += [Event(kind, said, subject=f"participant/{seat.id}") for kind in kinds]
    return _noted(call, chores, now), events


def _ended(call: Call, events: list[Event], reason: str, caller_ids: list[str], now: datetime) -> Change[Call]:
    """The whole call is dropped from its node, which does for its seats too. One that never began ends without a word."""
    others = tuple(chore for chore in call.chores if chore.node_key != call.node_key)
    call = _noted(replace(call, state="ended", ended_at=now, chores=others), [Chore(call.node_key)], now)
    if call.begun:
        events = [*events, Event("call.ended", {**call_ids(call), "reason": reason, "caller_ids": caller_ids})]
    return _change(call, events)


def _noted(call: Call, chores: list[Chore], now: datetime) -> Call:
    new = [chore for chore in chores if chore not in call.chores]
    if not new:
        return call
    return replace(call, chores=(*call.chores, *new), chores_since=call.chores_since or now)


def _reported(call: Call, participant_id: str, node_id: str, number: int | None) -> Participant | None:
    """The seat that a node's report is about; none if the report is not about the present, or came too late."""
    seat = call.seat(participant_id)
    if call.state == "ended" or call.node_id != node_id or seat is None or seat.state not in PRESENT:
        return None
    late = number is not None and seat.report is not None and number <= seat.report
    return None if late else seat


def _away(seat: Participant, now: datetime) -> Participant:
    return replace(seat, state="reconnecting", kept_until=now + KEPT_AFTER_LOSS)


def _reconnecting(call: Call, seat: Participant) -> Event:
    return Event("participant.reconnecting", ids(call, seat), subject=f"participant/{seat.id}")


def with_seat(call: Call, seat: Participant) -> Call:
    """The call with this seat in it, in place of the one of the same id."""
    others = [other if other.id != seat.id else seat for other in call.participants]
    if seat not in others:
        others.append(seat)
    return replace(call, participants=tuple(others))


def _change(call: Call, events: list[Event]) -> Change[Call]:
    due = min((seat.kept_until for seat in call.held() if seat.kept_until), default=None)
    return Change(replace(call, due_at=due), events)
