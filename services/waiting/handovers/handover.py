"""What is kept of a warm handover, and the rules that move it from the offer to its end. Pure (docs/adr/0034-a-handover-is-met-in-the-room-where-it-leads.md)."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from contracts.errors import Conflict, NotFound
from plumbing.store import Change, Event
from services.waiting.caller import Caller

ANSWERED_WITHIN = timedelta(minutes=5)
COMPLETED_WITHIN = timedelta(minutes=30)
OPEN = frozenset({"offered", "accepted"})
_OVER = {
    "declined": "It was declined.",
    "withdrawn": "It was withdrawn, or the caller is not there any more.",
    "completed": "The caller has come in already.",
}


@dataclass(frozen=True)
class Handover:
    """`open_caller_id`: the caller's id while it is offered or accepted, of whom there is one such at a time. `listed`: still shown to the two."""

    id: str
    organisation_id: str
    caller_id: str
    caller_name: str
    call_id: str | None
    from_member_id: str
    from_name: str
    from_room_id: str
    to_member_id: str
    to_name: str
    to_room_id: str
    note: str
    offered_at: datetime
    due_at: datetime | None
    open_caller_id: str | None
    state: str = "offered"
    listed: bool = True
    note_kept: bool = False
    decline_message: str | None = None
    withdrawn_because: str | None = None
    over_at: datetime | None = None
    version: int = 1


Decision = Change[Handover] | None


def offered(
    caller: Caller, *, id: str, by: tuple[str, str], to: tuple[str, str, str], note: str, now: datetime
) -> Handover:
    """An offer of somebody who is in a call. `by`: member and name; `to`: member, name and their User Room.

    Raises:
        Conflict: they are not in a call, or it is offered to oneself.
    """
    if caller.state == "left":
        raise Conflict("This caller has left.", state=caller.state)
    if caller.state != "in_call":
        raise Conflict("Only who is in your call can be handed over in person. Transfer them instead.")
    if by[0] == to[0]:
        raise Conflict("Offer them to somebody else than yourself.")
    if caller.room_id == to[2]:
        raise Conflict("They are in this room already.")
    return Handover(
        id=id,
        organisation_id=caller.organisation_id,
        caller_id=caller.id,
        caller_name=caller.display_name,
        call_id=caller.call_id,
        from_member_id=by[0],
        from_name=by[1],
        from_room_id=caller.room_id,
        to_member_id=to[0],
        to_name=to[1],
        to_room_id=to[2],
        note=note,
        offered_at=now,
        due_at=now + ANSWERED_WITHIN,
        open_caller_id=caller.id,
    )


def said(handover: Handover, what: str, **more: Any) -> Event:
    """`call.transfer_…` with the ids, and not a word of the note."""
    ids = {
        "handover_id": handover.id,
        "caller_id": handover.caller_id,
        "call_id": handover.call_id,
        "room_id": handover.from_room_id,
        "to_room_id": handover.to_room_id,
        "from_member_id": handover.from_member_id,
        "to_member_id": handover.to_member_id,
    }
    return Event(f"call.transfer_{what}", {**ids, **more})


def accept(handover: Handover, *, member_id: str, now: datetime) -> Decision:
    """The colleague will take them. Pressed again it changes nothing.

    Raises:
        NotFound: it is not offered to this member.
        Conflict: it is over.
    """
    _check_to(handover, member_id)
    if handover.state == "accepted":
        return None
    _check_state(handover, "offered")
    accepted = replace(handover, state="accepted", due_at=now + COMPLETED_WITHIN)
    return Change(accepted, said(accepted, "accepted"))


def decline(handover: Handover, *, member_id: str, message: str, now: datetime) -> Decision:
    """The colleague cannot. Raises as `accept`."""
    _check_to(handover, member_id)
    if handover.state == "declined":
        return None
    _check_state(handover, "offered")
    declined = _over(replace(handover, state="declined", decline_message=message or None), now)
    return Change(declined, said(declined, "declined"))


def withdraw(handover: Handover, *, member_id: str, now: datetime) -> Decision:
    """One of the two calls it off; the caller stays where they are. Raises as `accept`."""
    check_concerns(handover, member_id)
    if handover.state == "withdrawn":
        return None
    _check_state(handover, "offered", "accepted")
    return _withdrawn(handover, "called_off", now)


def run_out(handover: Handover, *, now: datetime) -> Decision:
    """Nobody answered, or nobody brought the caller in, in time."""
    due = handover.due_at is not None and handover.due_at <= now
    return _withdrawn(handover, "ran_out", now) if due and handover.state in OPEN else None


def check_completes(handover: Handover, member_id: str) -> None:
    """Raises NotFound for a third one, Conflict before it is accepted and after it is over."""
    check_concerns(handover, member_id)
    if handover.state == "offered":
        raise Conflict(f"{handover.to_name} has not accepted yet.", state=handover.state)
    _check_state(handover, "accepted", "completed")


def complete(handover: Handover) -> Decision:
    """The caller has come in to the colleague. The note lasts as long as they are there."""
    if handover.state != "accepted":
        return None
    completed = replace(handover, state="completed", due_at=None, open_caller_id=None)
    return Change(completed, said(completed, "completed"))


def caller_is_gone(handover: Handover, *, because: str, now: datetime) -> Decision:
    """The caller has left, or was sent elsewhere: nothing is left to be done, and the note goes unless it is kept.

    Who was put back to the queue by the colleague is still theirs.
    """
    if handover.state in OPEN:
        return _withdrawn(handover, because, now)
    if handover.state == "completed" and handover.over_at is None and because != "held":
        closed = _over(handover, now)
        return Change(closed, said(closed, "closed"))
    return None


def keep_note(handover: Handover, *, member_id: str, kept: bool, now: datetime) -> Decision:
    """Keep the note beyond the end of the call, or let it go.

    Raises:
        NotFound: for a third one.
        Conflict: there is none to keep.
    """
    check_concerns(handover, member_id)
    if handover.note_kept == kept:
        return None
    if kept and not handover.note:
        raise Conflict("There is no note to keep, or it is gone with the call.")
    changed = replace(handover, note_kept=kept)
    if handover.over_at is not None:
        changed = _over(changed, handover.over_at)
    return Change(changed, said(changed, "updated"))


def check_concerns(handover: Handover, member_id: str) -> None:
    """Raises NotFound for who is neither of the two."""
    if member_id not in {handover.from_member_id, handover.to_member_id}:
        raise NotFound


def lets_in(handover: Handover) -> bool:
    """Whether the one who handed over may be in the room where it leads: from the answer until the caller goes."""
    return handover.state in {"accepted", "completed"} and handover.over_at is None


def handover_view(handover: Handover) -> dict[str, Any]:
    """Plain values for `contracts.waiting_handovers.HandoverView`."""
    shown = dict(vars(handover))
    for name in ("open_caller_id", "listed"):
        del shown[name]
    return shown


def _check_to(handover: Handover, member_id: str) -> None:
    if member_id != handover.to_member_id:
        raise NotFound


def _check_state(handover: Handover, *states: str) -> None:
    if handover.state not in states:
        raise Conflict(_OVER.get(handover.state, "It was answered already."), state=handover.state)


def _withdrawn(handover: Handover, because: str, now: datetime) -> Change[Handover]:
    withdrawn = _over(replace(handover, state="withdrawn", withdrawn_because=because), now)
    return Change(withdrawn, said(withdrawn, "withdrawn", reason=because))


def _over(handover: Handover, now: datetime) -> Handover:
    note = handover.note if handover.note_kept else ""
    name = handover.caller_name if handover.note_kept else ""
    return replace(
        handover, note=note, caller_name=name, note_kept=bool(note), listed=bool(note), due_at=None,
        open_caller_id=None, over_at=now,
    )  # fmt: skip
