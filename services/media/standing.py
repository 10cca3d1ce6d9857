"""How a seat stands while it is taken: on hold, muted, with a raised hand. Pure rules, beside those of seats."""

from dataclasses import replace
from datetime import datetime

from contracts.errors import Conflict, NotFound
from plumbing.store import Change, Event
from services.media.call import PRESENT, Call, Participant
from services.media.seats import call_ids, ids, with_seat

Decision = Change[Call] | None


def hold(call: Call, *, participant_id: str, held: bool, now: datetime) -> Decision:
    """A guest is put on hold, or taken back; what is so already is no change.

    Raises:
        NotFound: nobody sits there.
        Conflict: they host, or the call has ended.
    """
    seat = _seat(call, participant_id)
    if seat.role == "host":
        raise Conflict("Only guests are put on hold.")
    if seat.held == held:
        return None
    event = Event(
        "participant.held" if held else "participant.unheld", ids(call, seat), subject=f"participant/{seat.id}"
    )
    return _unsettled(call, replace(seat, held=held, hand_raised_at=None), event, now)


def mute(call: Call, *, participant_id: str, kind: str, muted: bool, now: datetime) -> Decision:
    """A host silences `audio` or `video` of somebody; they themselves undo it. As `hold`, but of hosts too."""
    seat = _seat(call, participant_id)
    if (kind in seat.muted) == muted:
        return None
    kinds = {*seat.muted, kind} if muted else set(seat.muted) - {kind}
    return _unsettled(call, replace(seat, muted=tuple(sorted(kinds))), Event("call.updated", call_ids(call)), now)


def raise_hand(call: Call, *, participant_id: str, raised: bool, now: datetime) -> Decision:
    """Their own hand, raised or put down; the first moment counts. Raises as `hold`; Conflict for who is on hold."""
    seat = _seat(call, participant_id)
    if (seat.hand_raised_at is not None) == raised:
        return None
    if raised and seat.held:
        raise Conflict("You are on hold; the host sees that you are there.")
    stands = replace(seat, hand_raised_at=now if raised else None)
    return Change(with_seat(call, stands), [Event("call.updated", call_ids(call))])


def settled(call: Call, *, told: Call) -> Decision:
    """The node was told how the seats of `told` stand; those that have changed since are not settled by it."""
    left = tuple(
        participant_id
        for participant_id in call.unsettled
        if participant_id not in told.unsettled or _stands(call, participant_id) != _stands(told, participant_id)
    )
    if left == call.unsettled:
        return None
    return Change(replace(call, unsettled=left, chores_since=call.chores_since if left or call.chores else None))


def _stands(call: Call, participant_id: str) -> tuple[bool, tuple[str, ...]] | None:
    seat = call.seat(participant_id)
    return (seat.held, seat.muted) if seat else None


def _seat(call: Call, participant_id: str) -> Participant:
    seat = call.seat(participant_id)
    if seat is None:
        raise NotFound
    if call.state == "ended" or seat.state not in PRESENT:
        raise Conflict("They are not in the call any more.")
    return seat


def _unsettled(call: Call, seat: Participant, event: Event, now: datetime) -> Change[Call]:
    waiting = tuple(dict.fromkeys([*call.unsettled, seat.id]))
    changed = replace(with_seat(call, seat), unsettled=waiting, chores_since=call.chores_since or now)
    return Change(changed, [event])
