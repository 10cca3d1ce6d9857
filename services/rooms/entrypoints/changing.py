"""Rooms made, changed, removed and handed over."""

from typing import Any

from contracts import accounts, rooms
from contracts.actor import is_bound
from contracts.errors import Invalid, NotFound
from plumbing.services import Call, answers
from services.rooms import room as rules
from services.rooms.entrypoints import Entrypoints
from services.rooms.ledger import Reservation
from services.rooms.plans import rename_refusal
from services.rooms.reading import ROLES_WITH_USER_ROOM, changeable_by, found_for
from services.rooms.room import MEETING, REMOVED, Room


class Changing(Entrypoints):
    """A part of services.rooms.service.RoomsService."""

    @answers(rooms.CREATE_MEETING_ROOM)
    def create_meeting_room(self, request: dict[str, Any], call: Call) -> dict[str, Any]:
        """One more Meeting Room, if the plan has place for it, under the plan's own name where it fixes the names."""
        clinic_id = request["clinic_id"] or self._own_clinic(call)
        self._check_clinic(clinic_id, call)
        wish = Reservation(call.command_id, request["name"] or "", call.now, clinic_id)
        ledger, reservation = self.places.reserve(self.places.ledger(call.organisation_id), wish, call.actor)
        return self.view(self.places.make_reserved(ledger, reservation, call.actor), call.actor)

    @answers(rooms.CHANGE_ROOM)
    def change_room(self, request: dict[str, Any], call: Call) -> dict[str, Any]:
        """A room's name, lock, clinic and settings, all of what is asked or nothing."""
        room = changeable_by(self.store.room(request["room_id"], call.organisation_id), call.actor)
        if "clinic_id" in request:
            self._check_clinic(request["clinic_id"], call)
        self._check_renamed(room, request.get("name", room.name), call)
        inherited = self.store.inherited_by(call.organisation_id)
        return self.change(room, call, lambda known: rules.change(known, request, inherited))

    @answers(rooms.REMOVE_ROOM)
    def remove_room(self, request: dict[str, Any], call: Call) -> dict[str, Any]:
        """A room is gone, and a Meeting Room's place free; with people inside, only when that is confirmed."""
        room = found_for(self.store.rooms.get(request["room_id"], call.organisation_id), call.actor)
        if room.state == REMOVED and not room.holds_place:
            # so for whoever repeats it because the answer was lost with a process
            return {"ok": True}
        removed = self.store.rooms.update(
            room.id,
            room.organisation_id,
            lambda known: rules.remove(known, request["confirm"], call.now, request["version"]),
            call.actor,
        )
        if removed.holds_place:
            self.places.release(removed, call.now, call.actor)
        return {"ok": True}

    @answers(rooms.HAND_OVER_ROOM)
    def hand_over_room(self, request: dict[str, Any], call: Call) -> dict[str, Any]:
        """The User Room of a member who was removed, to another who may host."""
        room = self.store.room(request["room_id"], call.organisation_id)
        self._check_hosts(request["member_id"], call.organisation_id)
        handed = self.store.rooms.update(
            room.id, room.organisation_id, lambda known: rules.hand_over(known, request["member_id"]), call.actor
        )
        return self.view(handed, call.actor)

    def _own_clinic(self, call: Call) -> str | None:
        """The only clinic that an API client is bound to."""
        bound = call.actor.clinic_ids
        return bound[0] if is_bound(call.actor) and len(bound) == 1 else None

    def _check_clinic(self, clinic_id: str | None, call: Call) -> None:
        """Raises Invalid for a clinic that the organisation does not have, or that an API client is not bound to."""
        if not call.actor.reaches(clinic_id):
            detail = "Name one of the clinics that this client is for."
            raise Invalid(detail, errors=[{"pointer": "/clinic_id", "detail": detail}])
        self.check_clinic(clinic_id, call.organisation_id)

    def _check_hosts(self, member_id: str, organisation_id: str) -> None:
        detail = "There is no such member who may host."
        try:
            member = self.calls(accounts.GET_MEMBER, {"member_id": member_id}, organisation_id=organisation_id)
        except NotFound:
            member = {"role": None}
        if member["role"] not in ROLES_WITH_USER_ROOM or member.get("state", "active") != "active":
            raise Invalid(detail, errors=[{"pointer": "/member_id", "detail": detail}])

    def _check_renamed(self, room: Room, name: str, call: Call) -> None:
        """Raises LimitReached, and has it said, when the plan fixes the room's name."""
        if room.kind != MEETING or room.name == name:
            return
        ledger = self.places.ledger(call.organisation_id)
        refusal = rename_refusal(*self.places.plan(ledger))
        if refusal:
            self.refuse(ledger, refusal, call.actor)
