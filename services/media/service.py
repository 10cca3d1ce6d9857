"""Media's entrypoints: what it answers, hears and does by the clock. Rules are in seats, access and placement."""

from datetime import timedelta
from functools import partial
from typing import Any

from contracts import media, media_node, rooms, waiting, waiting_handovers
from contracts.errors import Conflict, Invalid, NotFound, Unavailable
from plumbing import clock
from plumbing.ids import follow
from plumbing.keys import read_secret
from plumbing.services import Call as Asked
from plumbing.services import Calls, Heard, Reported, Store, answers, every, hears, runtime, watches
from services.media import access, seats
from services.media.call import Call
from services.media.entrypoints.chat import Chat
from services.media.entrypoints.hosting import Hosting
from services.media.placement import Node
from services.media.seats import Person
from services.media.store import MediaStore
from services.media.turn import ice_servers
from services.media.views import call_view, seat_view

# Whoever noted a chore does it at once; what is older than this was left behind.
_CHORE_LEFT_BEHIND = timedelta(seconds=2)


class MediaService(Chat, Hosting):
    """Calls in progress, seats, and placement on nodes."""

    name = "media"

    store = Store(MediaStore)
    calls = Calls()

    @answers(media.JOIN_CALL)
    def join_call(self, request: dict[str, Any], asked: Asked) -> dict[str, Any]:
        """A member enters their room, or a guest who was let in takes their seat; the same device finds its seat again."""
        room_id, person, largest_number = self._who_joins(request, asked)
        organisation_id = str(asked.organisation_id)
        take = partial(
            seats.take,
            person=person,
            participant_id=follow(asked.command_id, "seat"),
            now=asked.now,
            largest_number=largest_number,
        )
        call = self._change_in_room(organisation_id, room_id, asked.command_id, take, asked)
        seat = seats.seat_of(call, person)
        if seat is None:
            raise Unavailable("This call has just ended; try again.")
        call = self._seating().seat(call, [seat.id], asked.now)
        return seat_view(call, seat, self._ice_servers(seat.id, asked.now.timestamp()))

    @answers(media.RESERVE_SEAT)
    def reserve_seat(self, request: dict[str, Any], asked: Asked) -> dict[str, Any]:
        """A place in the call for a guest whom a host lets in; refused when the call is full."""
        person = access.admitted(request)
        seat_id, number = follow(asked.command_id, "seat"), request["largest_number"]
        rule = partial(seats.reserve, person=person, participant_id=seat_id, now=asked.now, largest_number=number)
        self._change_in_room(str(asked.organisation_id), request["room_id"], asked.command_id, rule, asked)
        return {"ok": True}

    @answers(media.RELEASE_SEAT)
    def release_seat(self, request: dict[str, Any], asked: Asked) -> dict[str, Any]:
        """The guest went before they were let in."""
        call = self.store.open_in(asked.organisation_id, request["room_id"])
        if call:
            self._change(call, partial(seats.release, caller_id=request["caller_id"], now=asked.now), asked)
        return {"ok": True}

    @answers(media.LEAVE_CALL)
    def leave_call(self, request: dict[str, Any], asked: Asked) -> dict[str, Any]:
        """Somebody goes; the others go on, and the last one out ends the call."""
        call = self.store.calls.get(request["call_id"], asked.organisation_id)
        seat = access.own_seat(call, request["participant_id"], asked.actor)
        self._change(call, partial(seats.give_up, participant_id=seat.id, reason="left", now=asked.now), asked)
        return {"ok": True}

    @answers(media.END_CALL)
    def end_call(self, request: dict[str, Any], asked: Asked) -> dict[str, Any]:
        """A host ends the call for everyone in it."""
        call = self._hosted(request["call_id"], asked)
        return call_view(self._change(call, partial(seats.end, now=asked.now), asked), asked.actor)

    @answers(media.REMOVE_PARTICIPANT)
    def remove_participant(self, request: dict[str, Any], asked: Asked) -> dict[str, Any]:
        """A host puts one person out."""
        call = self._hosted(request["call_id"], asked)
        if call.seat(request["participant_id"]) is None:
            raise NotFound
        rule = partial(seats.give_up, participant_id=request["participant_id"], reason="removed", now=asked.now)
        return call_view(self._change(call, rule, asked), asked.actor)

    @answers(media.GET_CALL)
    def get_call(self, request: dict[str, Any], asked: Asked) -> dict[str, Any]:
        """One call: guests read the one they sit in, staff those of the rooms they receive for."""
        call = self.store.calls.get(request["call_id"], asked.organisation_id)
        self._check_reads(call, asked)
        return call_view(call, asked.actor)

    @answers(media.FIND_CALL)
    def find_call(self, request: dict[str, Any], asked: Asked) -> dict[str, Any]:
        """The room's call, if there is one now."""
        call = self.store.open_in(asked.organisation_id, request["room_id"])
        if call is None or not call.begun:
            if asked.actor.kind == "member":
                access.check_receives(self._room(request["room_id"], asked))
            return {"call": None}
        self._check_reads(call, asked)
        return {"call": call_view(call, asked.actor)}

    @hears("waiting")
    def on_waiting(self, event: Heard) -> None:
        """A guest who was let in gets a seat ready; one who is gone gives theirs up."""
        match event.type:
            case "caller.admitted":
                self._prepare_seat(event)
            case "caller.left" | "caller.refused":
                self._give_up_seat(event, event.data["room_id"], "left")
            case "caller.held" | "call.transferred":
                self._give_up_seat(event, event.data["from_room_id"], "moved")

    @hears("rooms")
    def on_rooms(self, event: Heard) -> None:
        """A room that was removed has no call any more."""
        if event.type == "room.removed":
            call = self.store.open_in(event.organisation_id, event.data["room_id"])
            if call:
                self._change(call, partial(seats.end, now=clock.now()))

    @watches(media_node.REPORTS_EXCHANGE, media_node.REPORTS)
    def on_node_report(self, report: Reported) -> None:
        """Nodes say every second that they live, and of each seat when its browser connects or is lost."""
        match report.type:
            case "node.alive":
                if self.store.nodes.alive(report.data):
                    self.place_calls_anew()
            case "node.stopped":
                self.store.nodes.stopped(report.data["node_id"], report.data["started_at"])
                self.place_calls_anew()
            case "seat.connected":
                self._follow_seat(report.data, seats.connected)
            case "seat.lost":
                self._follow_seat(report.data, partial(seats.lost, now=clock.now()))

    @every(seconds=1.0)
    def place_calls_anew(self) -> None:
        """Calls of dead nodes go to live ones. Each is one conditional write, so that of several replicas one does it."""
        census = self.store.nodes.census()
        self._seating().place_anew(self.store.misplaced(census.keys), census, clock.now())

    @every(seconds=2.0)
    def give_up_and_tidy(self) -> None:
        """Seats that were kept too long are given up; nodes drop what they still should."""
        now, census, seating = clock.now(), self.store.nodes.census(), self._seating()
        for call in self.store.due(now):
            self._change(call, partial(seats.give_up_due, now=now))
        for call in self.store.left_on(census.keys):
            seating.node_is_back(call, census, now)
        for call in self.store.with_chores(now - _CHORE_LEFT_BEHIND):
            seating.do_chores(call)

    def _who_joins(self, request: dict[str, Any], asked: Asked) -> tuple[str, Person, int | None]:
        """Which room, who, and the room's largest number where it has to be known."""
        if asked.actor.kind == "guest":
            if asked.actor.caller_id is None:
                raise Conflict("Say who you are first; then you wait until somebody lets you in.")
            admission = self._admission(asked.actor.caller_id, asked.organisation_id)
            person = access.guest(asked.actor, admission)
            return admission["room_id"], person, self._largest_for(person, admission)
        room_id = request["room_id"]
        if room_id is None:
            raise Invalid(errors=[{"pointer": "/room_id", "detail": "Say which room you enter."}])
        call = self.store.open_in(asked.organisation_id, room_id)
        room = self._room(room_id, asked)
        by_handover = (
            not room["may_host"] and not access.sits(call, asked.actor) and self._hands_over_in(room_id, asked)
        )
        person = access.member(asked.actor, room, request["device_id"], call, by_handover=by_handover)
        return room_id, person, access.largest_number(room)

    def _hands_over_in(self, room_id: str, asked: Asked) -> bool:
        """Whether the member meets a colleague in this room, to hand somebody over."""
        wanted = {"member_id": asked.actor.id, "room_id": room_id}
        found = self.calls(waiting_handovers.GET_PASS, wanted, organisation_id=asked.organisation_id)
        return bool(found["allowed"])

    def _largest_for(self, person: Person, admission: dict[str, Any]) -> int | None:
        """None for a guest who has their place already; and while rooms is away, when the call itself knows."""
        call = self.store.open_in(admission["organisation_id"], admission["room_id"])
        if call and seats.seat_of(call, person):
            return None
        asked = {"room_id": admission["room_id"]}
        try:
            room = self.calls(rooms.GET_ROOM, asked, organisation_id=admission["organisation_id"])
        except Unavailable:
            return None
        return access.largest_number(room)

    def _prepare_seat(self, event: Heard) -> None:
        admission = self._admission(event.data["caller_id"], event.organisation_id)
        if admission["state"] != "admitted":
            return
        person, seat_id = access.admitted(admission), follow(event.id, "seat")
        reserve = partial(seats.reserve, person=person, participant_id=seat_id, now=clock.now())
        try:
            call = self._change_in_room(admission["organisation_id"], admission["room_id"], event.id, reserve)
            seat = seats.seat_of(call, person)
            if seat:
                self._seating().seat(call, [seat.id], clock.now())
        except (Unavailable, Conflict):
            return  # nothing is lost: the guest is seated when they come, or told that the call is full

    def _give_up_seat(self, event: Heard, room_id: str | None, reason: str) -> None:
        """Of a caller who is not in this room any more: the seat that the event names, else all of theirs."""
        call = self.store.open_in(event.organisation_id, room_id) if room_id else None
        if call is None:
            return
        seat_id, caller_id = event.data.get("participant_id"), event.data["caller_id"]
        if seat_id:
            self._change(call, partial(seats.give_up, participant_id=seat_id, reason=reason, now=clock.now()))
        else:
            self._change(call, partial(seats.give_up_caller, caller_id=caller_id, reason=reason, now=clock.now()))

    def _follow_seat(self, report: dict[str, Any], rule: Any) -> None:
        call = self.store.by_id(report["call_id"])
        if call:
            said = {field: report[field] for field in ("participant_id", "node_id", "number")}
            self._change(call, partial(rule, **said))

    def _change_in_room(
        self, organisation_id: str, room_id: str, call_id: str, rule: seats.Rule, asked: Asked | None = None
    ) -> Call:
        def new() -> Call:
            node: Node = self._seating().node_for_new_call()
            return seats.opened(call_id, organisation_id, room_id, node.id, node.key, clock.now())

        actor = asked.actor if asked else None
        changed: Call = self.store.change_in_room(organisation_id, room_id, new, rule, actor)
        return changed

    def _check_reads(self, call: Call, asked: Asked) -> None:
        if asked.actor.kind == "guest":
            access.check_seated(call, asked.actor)
        elif asked.actor.kind == "member" and not access.sits(call, asked.actor):
            access.check_receives(self._room(call.room_id, asked))

    def _admission(self, caller_id: str, organisation_id: str | None) -> dict[str, Any]:
        found: dict[str, Any] = self.calls(
            waiting.GET_ADMISSION, {"caller_id": caller_id}, organisation_id=organisation_id
        )
        return found

    def _ice_servers(self, participant_id: str, now: float) -> list[dict[str, Any]]:
        settings = runtime.current().settings
        secret = read_secret(settings.turn_secret) if settings.turn_secret else None
        return ice_servers(settings.turn_urls, secret, participant_id, now)
