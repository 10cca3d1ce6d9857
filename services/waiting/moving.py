"""Callers who are put back to the queue, or handed on to another room, Waiting Area or clinic. Pure.

The caller stays the same and their page goes on; only where they are changes, and the next call is another one. Of the seat that
they gave up it is remembered that it is none of theirs any more, however late media says so (docs/adr/0032-who-is-transferred-stays-the-same-caller.md).
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from contracts.errors import Conflict
from plumbing.store import Change
from services.waiting.caller import Caller, Held, Transfer
from services.waiting.order import TARGET, Standing
from services.waiting.path import Decision, accept, possible, step

_GAVE_UP: dict[str, Any] = {
    "admitted_by_member_id": None, "admitted_by_name": None, "admitted_at": None, "call_id": None, "participant_id": None,
}  # fmt: skip


@dataclass(frozen=True)
class Destination:
    """A room, or a Waiting Area with its clinic."""

    id: str
    name: str
    clinic_id: str | None = None
    is_area: bool = False
    target: timedelta = TARGET


@dataclass(frozen=True)
class Leading:
    """Where a handover leads: `by` and `receives` are member and name."""

    handover_id: str
    to: Destination
    by: tuple[str, str]
    receives: tuple[str, str]


def hold_back(caller: Caller, *, member_id: str, member_name: str, now: datetime) -> Decision:
    """Out of the call, back to the place in the queue where they were let in from. Pressed again it changes nothing.

    Raises:
        Conflict: they have left, or were not let in yet.
    """
    if caller.state == "waiting" and caller.held and caller.held.member_id == member_id:
        return None
    if not possible(caller, "hold_back"):
        raise _not_here(caller, "This caller is in the queue already.")
    return step(
        caller,
        "hold_back",
        _from(caller, member_id),
        room_id=caller.queue,
        held=Held(member_id, member_name, now),
        past_seats=_past(caller),
        **_GAVE_UP,
    )


def transfer(caller: Caller, *, to: Destination, member_id: str, member_name: str, now: datetime) -> Decision:
    """To wait elsewhere. Who has been in a call stands there from now on, who still waits keeps the moment of their arrival.

    Raises:
        Conflict: they have left, or wait there already.
    """
    if not possible(caller, "transfer"):
        raise _not_here(caller, "This caller cannot be handed on.")
    if caller.state == "waiting" and caller.queue == to.id:
        if caller.transferred and caller.transferred.member_id == member_id:
            return None
        raise Conflict(f"They wait there already: {to.name}.", state=caller.state)
    seen = caller.state != "waiting"
    stood = Standing(now) if seen else Standing(caller.waiting_since)
    moved = replace(caller, standing=stood, waiting_since=now if seen else caller.waiting_since)
    return step(
        moved,
        "transfer",
        _from(caller, member_id),
        entry_id=caller.came_to,
        room_id=to.id,
        area_id=to.id if to.is_area else None,
        clinic_id=to.clinic_id if to.is_area else None,
        held=None,
        transferred=Transfer(member_id, member_name, to.name, now, caller.call_id),
        past_seats=_past(caller),
        target_at=now + to.target if seen else max(now, caller.waiting_since + to.target),
        **_GAVE_UP,
    )


def hand_over(caller: Caller, *, handover: Leading, now: datetime) -> Decision:
    """Out of one call and into the next, in one: they are transferred, and whoever receives them has accepted them already.

    Raises:
        Conflict: they have left, or are in no call any more.
    """
    to, (member_id, name) = handover.to, handover.receives
    if caller.room_id == to.id and caller.state in {"admitted", "in_call"}:
        return None
    if caller.state == "waiting" or not possible(caller, "transfer"):
        raise _not_here(caller, "This caller is in the queue again. Accept them first.")
    away = transfer(caller, to=to, member_id=handover.by[0], member_name=handover.by[1], now=now)
    if away is None:
        return None
    let_in = accept(away.state, member_id=member_id, member_name=name, now=now)
    events = [replace(each, data={**each.data, "handover_id": handover.handover_id}) for each in away.events]
    return Change(let_in.state, events, let_in.events) if let_in else away


def moving_views(caller: Caller) -> dict[str, Any]:
    """`held` and `transferred` as contracts.waiting.CallerView has them."""
    return {
        "held": caller.held and {"member_name": caller.held.member_name, "at": caller.held.at},
        "transferred": caller.transferred
        and {
            "member_name": caller.transferred.member_name,
            "to_name": caller.transferred.to_name,
            "at": caller.transferred.at,
            "previous_call_id": caller.transferred.previous_call_id,
        },
    }


def _from(caller: Caller, member_id: str) -> dict[str, Any]:
    return {
        "member_id": member_id,
        "from_room_id": caller.room,
        "from_area_id": caller.area_id,
        "from_clinic_id": caller.clinic_id,
        "call_id": caller.call_id,
        "participant_id": caller.participant_id,
    }


def _past(caller: Caller) -> tuple[str, ...]:
    return (*caller.past_seats, caller.participant_id) if caller.participant_id else caller.past_seats


def _not_here(caller: Caller, text: str) -> Conflict:
    if caller.state == "left":
        return Conflict("This caller has left.", state=caller.state, end_reason=caller.end_reason)
    return Conflict(text, state=caller.state)
