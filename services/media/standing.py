"""How a seat stands while it is taken: on hold, muted, with a raised hand. Pure rules, beside those of seats."""

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime

from contracts.errors import Conflict, NotFound
from plumbing.store import Change, Event
from services.media.call import HELD, PRESENT, Call, Participant
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


def settled(call: Call, *, told: Call, heard: Collection[str]) -> Decision:
    """The node has heard how these seats of `told` stand.

    One that stands otherwise by now is not settled by it, and is unsettled again where somebody else had settled it: what the
    node heard last is old.
    """
    stale = {seat for seat in heard if stands(call, seat) != stands(told, seat) and stands(call, seat)}
    left = tuple(
        seat for seat in dict.fromkeys([*call.unsettled, *sorted(stale)]) if seat in stale or seat not in heard
    )
    if left == call.unsettled:
        return None
    since = (call.chores_since or told.chores_since) if left or call.chores else None
    return Change(replace(call, unsettled=left, chores_since=since))


def seated(call: Call, *, as_of: Call, seats: Collection[str], now: datetime) -> Decision:
    """These seats were taken on a node as they stood in `as_of`; the node is still to hear of those that stand otherwise by now."""
    stale = [seat for seat in seats if stands(call, seat) and stands(call, seat) != stands(as_of, seat)]
    left = tuple(dict.fromkeys([*call.unsettled, *stale]))
    return (
        Change(replace(call, unsettled=left, chores_since=call.chores_since or now)) if left != call.unsettled else None
    )


def stands(call: Call, participant_id: str) -> tuple[bool, tuple[str, ...]] | None:
    """(held, muted) of a seat that is taken or reserved; None of any other."""
    seat = call.seat(participant_id)
    return (seat.held, seat.muted) if seat and seat.state in HELD else None


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
