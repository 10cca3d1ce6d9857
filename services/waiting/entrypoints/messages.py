"""Messages: the staff write to those who wait, and these write back."""

from functools import partial
from typing import Any

from contracts import rooms, waiting
from contracts.errors import Conflict, Invalid
from contracts.waiting_messages import MOST_WRITTEN_TO
from plumbing.ids import follow
from plumbing.services import Call, Caller, answers
from services.waiting import access, messages
from services.waiting.alerting.alarm import then_rings
from services.waiting.areas.reading import found_for
from services.waiting.caller import Caller as WaitingCaller
from services.waiting.path import Rule
from services.waiting.store import WaitingStore
from services.waiting.views import caller_view


class Messages:
    """A part of services.waiting.service.WaitingService."""

    store: WaitingStore
    calls: Caller

    @answers(waiting.WRITE_TO_CALLER)
    def write_to_caller(self, request: dict[str, Any], call: Call) -> dict[str, Any]:
        """One of the staff writes to who waits."""
        caller = self.store.callers.get(request["caller_id"], call.organisation_id)
        if caller.in_area:
            access.check_sees_area(caller, call.actor)
        elif not access.of_own_area(caller, call.actor):
            access.check_receives(self.calls(rooms.GET_ROOM, {"room_id": caller.room_id}, actor=call.actor))
        rule = _notify(call.command_id, request["text"], call)
        return caller_view(self.store.callers.update(caller.id, caller.organisation_id, rule, call.actor), call.actor)

    @answers(waiting.WRITE_TO_ALL)
    def write_to_all(self, request: dict[str, Any], call: Call) -> dict[str, Any]:
        """To everybody who waits in one place, each in a message of their own. Raises Conflict where too many wait for that."""
        those = [each for each in self._in_place(request, call) if each.state == "waiting"]
        if len(those) > MOST_WRITTEN_TO:
            raise Conflict(f"More than {MOST_WRITTEN_TO} people wait here. Write to them one by one.")
        written = 0
        for each in those:
            rule = _notify(follow(call.command_id, each.id), request["text"], call)
            try:
                self.store.callers.update(each.id, each.organisation_id, rule, call.actor)
            except Conflict:
                # let in or gone meanwhile
                continue
            written += 1
        return {"written": written}

    @answers(waiting.WRITE)
    def write(self, request: dict[str, Any], call: Call) -> dict[str, Any]:
        """Who waits writes to the staff."""

        def own(caller: WaitingCaller) -> Any:
            access.check_own(caller, call.actor)
            return messages.reply(caller, id=call.command_id, text=request["text"], now=call.now)

        kept = self.store.callers.update(request["caller_id"], call.organisation_id, own, call.actor)
        return caller_view(kept, call.actor)

    @answers(waiting.FEEL_WORSE)
    def feel_worse(self, request: dict[str, Any], call: Call) -> dict[str, Any]:
        """Who waits tells the staff that they feel worse; who is on duty is told at once, whoever has seen them before."""
        known = self.store.callers.get(request["caller_id"], call.organisation_id)
        area = self.store.areas.known(known.area_id, call.organisation_id) if known.area_id else None

        def own(caller: WaitingCaller) -> Any:
            access.check_own(caller, call.actor)
            return then_rings(messages.feel_worse(caller, now=call.now), area, call.now, worse=True)

        kept = self.store.callers.update(request["caller_id"], call.organisation_id, own, call.actor)
        return caller_view(kept, call.actor)

    def _in_place(self, request: dict[str, Any], call: Call) -> list[WaitingCaller]:
        if bool(request["room_id"]) == bool(request["area_id"]):
            detail = "Name a room or a Waiting Area, one of the two."
            raise Invalid(detail, errors=[{"pointer": "/room_id", "detail": detail}])
        if request["area_id"]:
            area = found_for(self.store.areas.documents.get(request["area_id"], call.organisation_id), call.actor)
            return self.store.front_of(call.organisation_id, [area.id], MOST_WRITTEN_TO + 1)
        access.check_receives(self.calls(rooms.GET_ROOM, {"room_id": request["room_id"]}, actor=call.actor))
        return self.store.in_rooms(call.organisation_id, [request["room_id"]])


def _notify(message_id: str, text: str, call: Call) -> Rule:
    name = call.actor.name or "Somebody"
    return partial(messages.notify, id=message_id, text=text, member_id=call.actor.id, member_name=name, now=call.now)
