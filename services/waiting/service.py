"""Waiting's entrypoints: what it answers, hears and does by the clock. Rules are in path, access and names."""

from datetime import timedelta
from functools import partial
from typing import Any

import structlog

from contracts import rooms, waiting
from contracts.actor import is_bound
from contracts.errors import NotFound
from plumbing import clock
from plumbing.services import Call, Calls, Heard, Store, answers, every, hears, runtime
from services.waiting import access, path
from services.waiting.alerting.service import Alerting
from services.waiting.areas.service import AreaEntrypoints
from services.waiting.arrivals import arriving
from services.waiting.caller import Caller, in_turn
from services.waiting.companions import Companions
from services.waiting.door import area_door_view, door_view
from services.waiting.doors import Doors
from services.waiting.entrypoints.accepting import Accepting
from services.waiting.entrypoints.messages import Messages
from services.waiting.entrypoints.transfers import Transfers
from services.waiting.entrypoints.turns import Turns
from services.waiting.handovers.service import HandoverEntrypoints
from services.waiting.store import WaitingStore
from services.waiting.texting.service import Texting
from services.waiting.views import admission, caller_view

log = structlog.get_logger()

# The gateway says of every open connection that it is there, at least every two minutes (contracts.waiting.Presence).
_SILENCE = timedelta(minutes=5)
_AT_ONCE = 200
_ENDS_HANDOVERS = frozenset({"caller.left", "caller.refused", "caller.held", "call.transferred"})


class WaitingService(AreaEntrypoints, Accepting, Alerting, HandoverEntrypoints, Messages, Texting, Turns, Transfers):
    """Callers, from their arrival to their end."""

    name = "waiting"

    store = Store(WaitingStore)
    calls = Calls()

    @answers(waiting.ARRIVE)
    def arrive(self, request: dict[str, Any], call: Call) -> dict[str, Any]:
        """A guest has opened a link and given a name; a reload gets the same caller back."""
        access.check_link(request["room_id"], call.actor)
        access.check_guest(request["role"])
        area = self.store.areas.known(request["room_id"], call.organisation_id)
        if area:
            return self.arrive_in_area(area, request, call)
        room = Doors(self.store, self.calls).room(request["room_id"], call)
        access.check_open(room)
        caller = arriving(request, room["settings"], call.actor, call.command_id, call.now)
        return caller_view(self.store.arrive(caller, call.actor), call.actor)

    @answers(waiting.GET_DOOR)
    def get_door(self, request: dict[str, Any], call: Call) -> dict[str, Any]:
        """What the room or Waiting Area of the guest's link asks of those who arrive."""
        area = self.store.areas.known(request["room_id"], call.organisation_id)
        if area and call.actor.room_id == area.id:
            return area_door_view(area, call.now)
        return door_view(Doors(self.store, self.calls).room(request["room_id"], call))

    @answers(waiting.GET_CALLER)
    def get_caller(self, request: dict[str, Any], call: Call) -> dict[str, Any]:
        """One caller: a guest reads their own, staff those whom they receive."""
        caller = self.store.callers.get(request["caller_id"], call.organisation_id)
        if call.actor.kind == "guest":
            access.check_own_reading(caller, call.actor)
        elif call.actor.kind == "member" and not access.of_own_area(caller, call.actor):
            self._check_receives(caller, call)
        elif call.actor.kind == "api_client":
            self._check_reaches(caller, call)
        return caller_view(caller, call.actor)

    @answers(waiting.GET_ADMISSION)
    def get_admission(self, request: dict[str, Any], call: Call) -> dict[str, Any]:
        """What media needs to know before it seats a guest."""
        return admission(self.store.callers.get(request["caller_id"], call.organisation_id))

    @answers(waiting.LIST_CALLERS)
    def list_callers(self, request: dict[str, Any], call: Call) -> dict[str, Any]:
        """Who has not left, longest waiting first, of the rooms that the reader receives for."""
        if call.actor.kind == "guest":
            callers = self.store.itself(call.actor.caller_id, call.organisation_id)
        elif request["area_id"]:
            callers = self.callers_in_areas(request["area_id"], call)
        else:
            callers = self.store.in_rooms(call.organisation_id, self._rooms_read(request["room_id"], call))
            if (call.actor.kind == "member" or is_bound(call.actor)) and not request["room_id"]:
                callers = sorted([*callers, *self.callers_in_areas(None, call)], key=in_turn)
        return {"items": [caller_view(caller, call.actor) for caller in callers]}

    @answers(waiting.LIST_PLACES)
    def list_places(self, request: dict[str, Any], call: Call) -> dict[str, Any]:
        """How many wait before each of these, and how long it may take."""

        def shows(room_id: str) -> bool:
            area = self.store.areas.known(room_id, call.organisation_id)
            if area:
                return area.show_wait
            room = self.calls(rooms.GET_ROOM, {"room_id": room_id}, organisation_id=call.organisation_id)
            return bool(room["settings"].get("show_wait", True))

        places = self.store.places.of(call.organisation_id, request["caller_ids"], shows, call.now)
        return {"items": places}

    @answers(waiting.REFUSE_CALLER)
    def refuse_caller(self, request: dict[str, Any], call: Call) -> dict[str, Any]:
        """A host turns the caller away, with a message or without."""
        return self._decide(request, call, partial(path.refuse, message=request["message"], now=call.now))

    @answers(waiting.LEAVE)
    def leave(self, request: dict[str, Any], call: Call) -> dict[str, Any]:
        """The guest goes."""
        return self._own(request, call, partial(path.leave, now=call.now))

    @answers(waiting.NOTE_PRESENCE)
    def note_presence(self, request: dict[str, Any], call: Call) -> dict[str, Any]:
        """A live connection of the guest's page has opened or closed."""
        connection_id = request["connection_id"]
        if request["connected"]:
            return self._own(request, call, partial(path.connect, connection_id=connection_id, now=call.now))
        return self._own(request, call, partial(path.disconnect, connection_id=connection_id, now=call.now))

    @hears("media")
    def on_media(self, event: Heard) -> None:
        """A seat taken puts the caller in the call; a seat or call given up ends the visit."""
        caller_id = event.data.get("caller_id")
        match event.type:
            case "participant.joined" if caller_id:
                seat = {"call_id": event.data["call_id"], "participant_id": event.data["participant_id"]}
                self.store.change_if_known(caller_id, event.organisation_id, partial(path.join, **seat))
            case "participant.left" if caller_id:
                end = partial(path.end, seat_reason=event.data["reason"], participant_id=event.data["participant_id"])
                self.store.change_if_known(caller_id, event.organisation_id, partial(end, now=event.time))
            case "call.ended":
                end = partial(path.end, seat_reason="call_ended", now=event.time, call_id=event.data["call_id"])
                for each in event.data.get("caller_ids", ()):
                    self.store.change_if_known(each, event.organisation_id, end)

    @hears("waiting")
    def on_waiting(self, event: Heard) -> None:
        """What became of a caller is known to their handover; whoever is there for a client comes in and goes with them."""
        if event.organisation_id is None:
            return
        if event.type in _ENDS_HANDOVERS:
            self.handovers_follow(event)
        if not event.data.get("recipient_id"):
            return
        companions = Companions(self.store)
        match event.type:
            case "caller.admitted":
                for companion in companions.to_bring(event):
                    self.bring(companion, event)
            case "caller.left" | "caller.refused":
                companions.go(event)
            case "caller.held" | "call.transferred":
                self.companions_go_along(event)

    @hears("rooms")
    def on_rooms(self, event: Heard) -> None:
        """In a room that was removed nobody waits any more; areas go by the plan that rooms has taken."""
        if event.type == "quota.changed":
            self.take_plan(event)
        if event.type == "room.removed" and event.organisation_id:
            self.store.forget_door(event.data["room_id"], event.organisation_id)
            for caller in self.store.in_rooms(event.organisation_id, [event.data["room_id"]]):
                self.store.change_if_known(caller.id, event.organisation_id, partial(path.close, now=event.time))

    @every(seconds=5.0)
    def give_up_places(self) -> None:
        """Who went away and did not come back loses the place; the first replica to write has it, the others find it done."""
        now, grace = clock.now(), timedelta(seconds=runtime.current().settings.caller_grace_seconds)
        silent = partial(path.fall_silent, silent_before=now - _SILENCE, now=now)
        for caller in self.store.silent_since(now - _SILENCE, _AT_ONCE):
            self.store.callers.update(caller.id, caller.organisation_id, silent)
        gone = [*self.store.away_since(now - grace, _AT_ONCE), *self.store.not_come_back(now, _AT_ONCE)]
        for caller in gone:
            self.store.callers.update(caller.id, caller.organisation_id, partial(path.expire, grace=grace, now=now))

    @every(seconds=5.0)
    def say_who_waits_too_long(self) -> None:
        """Once for each time that somebody waits; of several replicas the first to write says it."""
        now = clock.now()
        while late := self.store.over_target(now, _AT_ONCE):
            whose = {caller.id: caller.organisation_id for caller in late}
            self.store.callers.update_together(whose, partial(path.breach, now=now))
            if len(late) < _AT_ONCE:
                return

    def _decide(self, request: dict[str, Any], call: Call, rule: path.Rule) -> dict[str, Any]:
        caller = self.store.callers.get(request["caller_id"], call.organisation_id)
        by_area = caller.in_area and access.of_own_area(caller, call.actor)
        if not by_area:
            access.check_hosts(self._place(caller, call))

        def decide(known: Caller) -> path.Decision:
            if by_area and not known.in_area:
                # whoever sees the area decides until somebody has them in a room
                raise path.taken_by(known)
            return rule(known)

        return caller_view(self.store.callers.update(caller.id, caller.organisation_id, decide, call.actor), call.actor)

    def _own(self, request: dict[str, Any], call: Call, rule: path.Rule) -> dict[str, Any]:
        def own(caller: Caller) -> path.Decision:
            access.check_own(caller, call.actor)
            return rule(caller)

        kept = self.store.callers.update(request["caller_id"], call.organisation_id, own, call.actor)
        return caller_view(kept, call.actor)

    def _check_receives(self, caller: Caller, call: Call) -> None:
        access.check_receives(self._place(caller, call))

    def _check_reaches(self, caller: Caller, call: Call) -> None:
        """Raises NotFound for an API client that is bound to other clinics."""
        if caller.in_area:
            access.check_sees_area(caller, call.actor)
        elif is_bound(call.actor) and caller.room_id not in self._rooms_reached(call):
            raise NotFound

    def _rooms_reached(self, call: Call) -> list[str]:
        """The rooms of the clinics that an API client is bound to, whatever else its scopes are."""
        listed = self.calls(rooms.LIST_ROOMS, {}, organisation_id=call.organisation_id)["items"]
        return [room["id"] for room in listed if call.actor.reaches(room["clinic_id"])]

    def _place(self, caller: Caller, call: Call) -> dict[str, Any]:
        """The room where they are. Raises NotFound for who is in a Waiting Area that the reader does not see."""
        if caller.in_area:
            access.check_sees_area(caller, call.actor)
        return self._room(call, caller.room_id)

    def _room(self, call: Call, room_id: str) -> dict[str, Any]:
        room: dict[str, Any] = self.calls(rooms.GET_ROOM, {"room_id": room_id}, actor=call.actor)
        return room

    def _rooms_read(self, room_id: str | None, call: Call) -> list[str] | None:
        """The rooms that the reader may read of; none for every room of the organisation."""
        if call.actor.kind == "guest":
            return [call.actor.room_id] if call.actor.room_id else []
        if is_bound(call.actor):
            reached = self._rooms_reached(call)
            if room_id and room_id not in reached:
                raise NotFound
            return [room_id] if room_id else reached
        if call.actor.kind != "member":
            return [room_id] if room_id else None
        if room_id:
            access.check_receives(self._room(call, room_id))
            return [room_id]
        listed = self.calls(rooms.LIST_ROOMS, {}, actor=call.actor)["items"]
        return [room["id"] for room in listed if room["may_receive"]]
