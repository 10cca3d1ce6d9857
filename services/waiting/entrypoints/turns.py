"""Whose turn it is: somebody is let go first, or earlier for how urgent they are, with a reason that is kept."""

from functools import partial
from typing import Any

from contracts import rooms, waiting
from plumbing.services import Call, Caller, answers
from services.waiting import access
from services.waiting.caller import Caller as WaitingCaller
from services.waiting.caller import stands
from services.waiting.letting_first import move_up, rank
from services.waiting.store import WaitingStore
from services.waiting.views import caller_view


class Turns:
    """A part of services.waiting.service.WaitingService."""

    store: WaitingStore
    calls: Caller

    @answers(waiting.MOVE_UP)
    def move_up(self, request: dict[str, Any], call: Call) -> dict[str, Any]:
        """One of the staff lets the caller go first, and says why."""
        caller = self._seen(request["caller_id"], call)
        front = self.store.front_of(call.organisation_id, [caller.room_id], 1)
        rule = partial(
            move_up,
            before=[stands(each) for each in front if each.id != caller.id],
            reason=request["reason"],
            member_id=call.actor.id,
            member_name=call.actor.name or "Somebody",
            now=call.now,
        )
        return caller_view(self.store.callers.update(caller.id, caller.organisation_id, rule, call.actor), call.actor)

    @answers(waiting.RANK_CALLER)
    def rank_caller(self, request: dict[str, Any], call: Call) -> dict[str, Any]:
        """One of the staff says how urgent the caller is, and why."""
        caller = self._seen(request["caller_id"], call)
        rule = partial(
            rank,
            acuity=request["acuity"],
            reason=request["reason"],
            member_id=call.actor.id,
            member_name=call.actor.name or "Somebody",
            now=call.now,
        )
        return caller_view(self.store.callers.update(caller.id, caller.organisation_id, rule, call.actor), call.actor)

    def _seen(self, caller_id: str, call: Call) -> WaitingCaller:
        """Raises NotFound and Forbidden for who neither sees the Waiting Area nor receives for the room where they wait."""
        caller = self.store.callers.get(caller_id, call.organisation_id)
        if caller.in_area:
            access.check_sees_area(caller, call.actor)
        else:
            access.check_receives(self.calls(rooms.GET_ROOM, {"room_id": caller.room_id}, actor=call.actor))
        return caller
