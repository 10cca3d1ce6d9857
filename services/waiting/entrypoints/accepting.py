"""Letting callers in: one, whoever is next, and those who belong together, each by the same rules."""

from functools import partial
from typing import Any

import structlog

from contracts import rooms, waiting
from contracts.errors import Conflict, Invalid, NotFound
from contracts.guests import COMPANIONS
from plumbing import clock
from plumbing.heard import Heard
from plumbing.services import Call, Caller, answers
from services.waiting import access, path
from services.waiting.areas.reading import found_for
from services.waiting.caller import Caller as WaitingCaller
from services.waiting.companions import Companions
from services.waiting.entrypoints.seats import release_seat, reserve_seat
from services.waiting.store import WaitingStore
from services.waiting.views import caller_view

log = structlog.get_logger()

_LOOKED_AT = 20
# so often all that were looked at went to others meanwhile
_ROUNDS = 20


class Accepting:
    """A part of services.waiting.service.WaitingService."""

    store: WaitingStore
    calls: Caller

    def accept_from_area(self, caller: WaitingCaller, request: dict[str, Any], call: Call) -> dict[str, Any]:
        """Out of a Waiting Area into a room (services.waiting.areas.service)."""
        raise NotImplementedError

    @answers(waiting.ACCEPT_CALLER)
    def accept_caller(self, request: dict[str, Any], call: Call) -> dict[str, Any]:
        """A host lets the caller in, as far as there is place in the call; of many who press, one does."""
        return self._let_in(self.store.callers.get(request["caller_id"], call.organisation_id), request, call)

    @answers(waiting.ACCEPT_NEXT)
    def accept_next(self, request: dict[str, Any], call: Call) -> dict[str, Any]:
        """The first who can be let in; of two who ask at once, each gets another one. Raises Conflict when nobody waits."""
        for _ in range(_ROUNDS):
            front = self._in_turn(request, call)
            if not front:
                break
            for caller in front:
                let_in = self._try_next(caller, request, call)
                if let_in:
                    return let_in
        raise Conflict("Nobody waits here who could be let in now.", nobody_waits=True)

    def _try_next(self, caller: WaitingCaller, request: dict[str, Any], call: Call) -> dict[str, Any] | None:
        """None where somebody else was first, or they have just gone."""
        try:
            let_in = self._let_in(caller, {"confirmed": request["confirmed"], "room_id": request["into_room_id"]}, call)
        except Conflict as conflict:
            if "confirm" in conflict.extra:
                raise Conflict(conflict.detail, **{**conflict.extra, "caller_id": caller.id}) from None
            gone = conflict.extra.get("state") == "left" or "elsewhere" in conflict.extra
            if gone or "by_member_id" in conflict.extra:
                return None
            raise
        return let_in if let_in["admitted_by_member_id"] == call.actor.id else None

    @answers(waiting.ACCEPT_TOGETHER)
    def accept_together(self, request: dict[str, Any], call: Call) -> dict[str, Any]:
        """Just these, one after the other; what is in one's way is told of that one."""
        named = list(dict.fromkeys(request["caller_ids"]))
        callers = [self.store.callers.get(each, call.organisation_id) for each in named]
        _check_together(callers)
        items = []
        # who comes for a client comes in with them
        for caller in sorted(callers, key=lambda each: each.role in COMPANIONS):
            try:
                self._let_in(caller, {"confirmed": request["confirmed"], "room_id": None}, call)
                items.append({"caller_id": caller.id, "accepted": True, "problem": None})
            except Conflict as conflict:
                if "confirm" in conflict.extra:
                    raise
                now = self.store.callers.get(caller.id, call.organisation_id)
                came_along = access.is_in([now])
                items.append({
                    "caller_id": caller.id,
                    "accepted": came_along,
                    "problem": None if came_along else conflict.detail,
                })  # fmt: skip
        return {"items": items}

    def bring(self, companion: WaitingCaller, event: Heard) -> None:
        """Full: they stay waiting, and the host sees them."""
        client = self.store.callers.get(event.data["caller_id"], companion.organisation_id)
        if not access.is_in([client]):
            return
        room = self.calls(rooms.GET_ROOM, {"room_id": client.room_id}, organisation_id=client.organisation_id)
        name = client.admitted_by_name or "A host"
        try:
            reserve_seat(self.calls, companion, room)
            by = {"member_id": event.data["member_id"], "member_name": name, "room_id": client.room_id}
            rule = partial(path.accept, now=event.time, **by)
            brought = self.store.callers.update(companion.id, companion.organisation_id, rule)
        except Conflict:
            log.info("a companion was not brought in", caller_id=companion.id)
            return
        Companions(self.store).stay_with_client(brought, clock.now())

    def _let_in(self, caller: WaitingCaller, request: dict[str, Any], call: Call) -> dict[str, Any]:
        rule = partial(path.accept, member_id=call.actor.id, member_name=call.actor.name or "A host", now=call.now)
        if access.of_own_area(caller, call.actor):
            # whoever comes second is told by whom, although the room is another's
            if rule(caller) is None:
                return caller_view(caller, call.actor)
            if caller.in_area:
                return self.accept_from_area(caller, request, call)
        if caller.in_area:
            raise NotFound
        room: dict[str, Any] = self.calls(rooms.GET_ROOM, {"room_id": caller.room_id}, actor=call.actor)
        access.check_hosts(room)
        if rule(caller) is None:
            return caller_view(caller, call.actor)
        access.check_client_is_in(caller, self.store.of_recipient(caller))
        access.check_confirmed(room, request["confirmed"])
        access.check_beside(caller, self.store.in_rooms(call.organisation_id, [room["id"]]), request["confirmed"])
        reserve_seat(self.calls, caller, room)

        def accept(known: WaitingCaller) -> path.Decision:
            decided = rule(known)
            if decided:
                access.check_still_there(known, caller.room_id)
            return decided

        try:
            admitted = self.store.callers.update(caller.id, caller.organisation_id, accept, call.actor)
        except Conflict as conflict:
            if conflict.extra.get("state") == "left" or "elsewhere" in conflict.extra:
                release_seat(self.calls, caller, caller.room_id)
            raise
        Companions(self.store).stay_with_client(admitted, call.now)
        return caller_view(admitted, call.actor)

    def _in_turn(self, request: dict[str, Any], call: Call) -> list[WaitingCaller]:
        if bool(request["room_id"]) == bool(request["area_id"]):
            detail = "Name a room or a Waiting Area, one of the two."
            raise Invalid(detail, errors=[{"pointer": "/room_id", "detail": detail}])
        if request["area_id"]:
            area = found_for(self.store.areas.documents.get(request["area_id"], call.organisation_id), call.actor)
            place = area.id
        else:
            room = self.calls(rooms.GET_ROOM, {"room_id": request["room_id"]}, actor=call.actor)
            access.check_hosts(room)
            place = room["id"]
        front = self.store.front_of(call.organisation_id, [place], _LOOKED_AT)
        wanted = request["caller_id"]
        return [each for each in front if wanted in {None, each.id} and _can_be_next(each, call.actor.id)]


def _can_be_next(caller: WaitingCaller, member_id: str) -> bool:
    """Who is there; not who another host has put back for a while, nor who comes in with their client."""
    held_by_another = caller.held is not None and caller.held.member_id != member_id
    return caller.connected and caller.role not in COMPANIONS and not held_by_another


def _check_together(callers: list[WaitingCaller]) -> None:
    """Raises NotFound where one is in a Waiting Area or another room, Invalid where they do not belong together."""
    first = callers[0]
    if any(each.in_area or each.room_id != first.room_id for each in callers):
        raise NotFound
    clients = [each for each in callers if each.role not in COMPANIONS] or callers
    if not all(access.belong_together(clients[0], each) for each in clients[1:]):
        detail = "These came by different invitations. Accept them one by one."
        raise Invalid(detail, errors=[{"pointer": "/caller_ids", "detail": detail}])
