"""The entrypoints of Waiting Areas; `services.waiting.service` puts them beside those of callers."""

import secrets
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Any

from contracts import accounts, rooms, waiting, waiting_areas
from contracts.actor import Actor
from contracts.errors import Conflict, Invalid, NotFound
from plumbing.services import Call, Caller, Heard, answers, hears
from services.waiting import access, path
from services.waiting.alerting import alarm
from services.waiting.areas import area as rules
from services.waiting.areas.area import Area
from services.waiting.areas.hours import checked_zone
from services.waiting.areas.links import as_written, new_link
from services.waiting.areas.reading import area_view, clinics_seen, found_for
from services.waiting.arrivals import arriving
from services.waiting.caller import Caller as WaitingCaller
from services.waiting.entrypoints.fullness import check_not_full
from services.waiting.store import WaitingStore
from services.waiting.views import caller_view

_LINKS_TRIED = 5


class AreaEntrypoints:
    """A part of services.waiting.service.WaitingService."""

    store: WaitingStore
    calls: Caller

    @answers(waiting_areas.CREATE_AREA)
    def create_area(self, request: dict[str, Any], call: Call) -> dict[str, Any]:
        """A clinic's Waiting Area, if the plan includes any."""
        organisation = self.calls(accounts.GET_ORGANISATION, {}, actor=call.actor)
        clinic = next((each for each in organisation["clinics"] if each["id"] == request["clinic_id"]), None)
        if clinic is None:
            detail = "There is no such clinic."
            raise Invalid(detail, errors=[{"pointer": "/clinic_id", "detail": detail}])
        rules.check_next_clinic(clinic["id"], request, [each["id"] for each in organisation["clinics"]])
        given = {"name": clinic["name"], "zone": organisation["zone"], **rules.settings_of(request)}
        checked_zone(given["zone"])
        used = len(self.store.areas.of(call.organisation_id))
        self.calls(rooms.CHECK_WAITING_AREA, {"used": used}, actor=call.actor, command_id=call.command_id)
        area = Area(
            id=call.command_id,
            organisation_id=call.organisation_id,
            clinic_id=clinic["id"],
            link="",
            created_at=call.now,
            **given,
        )
        return self._area_view(self._created(area, call.actor), call)

    @answers(waiting_areas.CHANGE_AREA)
    def change_area(self, request: dict[str, Any], call: Call) -> dict[str, Any]:
        """Its name, hours and what it asks, all of what is given or nothing."""
        if "zone" in request:
            checked_zone(request["zone"])
        clinics: list[str] = []
        if request.get("next_clinic_id"):
            organisation = self.calls(accounts.GET_ORGANISATION, {}, actor=call.actor)
            clinics = [each["id"] for each in organisation["clinics"]]

        def change(area: Area) -> rules.Decision:
            rules.check_next_clinic(area.clinic_id, request, clinics)
            return rules.change(area, request, request["version"])

        return self._change_area(request, call, change)

    @answers(waiting_areas.ROTATE_AREA_LINK)
    def rotate_area_link(self, request: dict[str, Any], call: Call) -> dict[str, Any]:
        """The area under a new link; the old one stops at once."""
        link = new_link(secrets.choice)
        return self._change_area(request, call, lambda area: rules.rotate_link(area, link))

    @answers(waiting_areas.SUSPEND_AREA)
    def suspend_area(self, request: dict[str, Any], call: Call) -> dict[str, Any]:
        """Nobody more arrives; who comes reads the message."""
        return self._change_area(request, call, lambda area: rules.suspend(area, request["message"]))

    @answers(waiting_areas.RESUME_AREA)
    def resume_area(self, request: dict[str, Any], call: Call) -> dict[str, Any]:
        """Open again, as far as its hours go."""
        return self._change_area(request, call, rules.resume)

    @answers(waiting_areas.GET_AREA)
    def get_area(self, request: dict[str, Any], call: Call) -> dict[str, Any]:
        """One area of a clinic that the reader sees."""
        area = found_for(self.store.areas.documents.get(request["area_id"], call.organisation_id), call.actor)
        return self._area_view(area, call)

    @answers(waiting_areas.LIST_AREAS)
    def list_areas(self, request: dict[str, Any], call: Call) -> dict[str, Any]:
        """The areas of all clinics that the reader sees."""
        found = self.store.areas.of(call.organisation_id, clinics_seen(call.actor))
        return {"items": [self._area_view(area, call) for area in found]}

    @answers(waiting_areas.RESOLVE_AREA_LINK)
    def resolve_area_link(self, request: dict[str, Any], call: Call) -> dict[str, Any]:
        """What the link of an area opens."""
        area = self.store.areas.with_link(as_written(request["link"]))
        if area is None:
            raise NotFound("This link opens no Waiting Area. Ask whoever gave it to you for a new one.")
        return {"area_id": area.id, "organisation_id": area.organisation_id}

    def arrive_in_area(self, area: Area, request: dict[str, Any], call: Call) -> dict[str, Any]:
        """A guest has come by the area's link. Who waits already is found again, also when it has closed since."""
        asked = rules.asked_of(area)
        target = timedelta(minutes=area.attention_minutes)
        made = arriving(request, asked, call.actor, call.command_id, call.now, target)
        caller = alarm.rung(replace(made, area_id=area.id, clinic_id=area.clinic_id), area, call.now)
        if not self.store.is_here(caller):
            rules.check_open(area, call.now)
        arrived = self.store.arrive(caller, call.actor)
        if self.store.areas.known(area.id, area.organisation_id) is None:
            # it was removed while they came
            self.store.change_if_known(arrived.id, area.organisation_id, partial(path.close, now=call.now))
            raise NotFound("This link opens no Waiting Area. Ask whoever gave it to you for a new one.")
        return caller_view(arrived, call.actor)

    def callers_in_areas(self, area_id: str | None, call: Call) -> list[WaitingCaller]:
        """Who waits in one area, or in all that the reader sees, from the front. Raises NotFound for another clinic's."""
        if area_id:
            areas = [found_for(self.store.areas.documents.get(area_id, call.organisation_id), call.actor)]
        else:
            areas = self.store.areas.of(call.organisation_id, clinics_seen(call.actor))
        ids = [area.id for area in areas]
        return self.store.front_of(call.organisation_id, ids, waiting.MOST_SHOWN_OF_AREAS)

    def accept_from_area(self, caller: WaitingCaller, request: dict[str, Any], call: Call) -> dict[str, Any]:
        """Out of a Waiting Area into a room where the member hosts: the one that they name, else their own.

        The write that wins comes first and the seat after it: those who come second have nothing to undo in their own rooms.
        """
        if request["room_id"]:
            room = self.calls(rooms.GET_ROOM, {"room_id": request["room_id"]}, actor=call.actor)
        else:
            room = access.own_room(self.calls(rooms.LIST_ROOMS, {}, actor=call.actor)["items"], call.actor)
        access.check_hosts(room)
        access.check_open(room)
        access.check_confirmed(room, request["confirmed"])
        access.check_beside(caller, self.store.in_rooms(call.organisation_id, [room["id"]]), request["confirmed"])
        check_not_full(self.calls, room, actor=call.actor)
        rule = partial(path.accept, member_id=call.actor.id, member_name=call.actor.name or "A host", now=call.now)

        def accept(known: WaitingCaller) -> path.Decision:
            decided = rule(known, room_id=room["id"])
            if decided:
                access.check_still_there(known, caller.room_id)
            return decided

        return caller_view(self.store.callers.update(caller.id, caller.organisation_id, accept, call.actor), call.actor)

    @hears("accounts")
    def on_accounts(self, event: Heard) -> None:
        """With a clinic its Waiting Area is removed, and nobody waits there any more."""
        if event.type != "clinic.removed":
            return
        # also one that is removed already, by a process that died before it had closed everybody's visit
        for area in self.store.areas.of_clinic(event.organisation_id, event.data["clinic_id"]):
            self.store.areas.documents.update(area.id, area.organisation_id, rules.remove)
            for caller in self.store.in_rooms(area.organisation_id, [area.id]):
                self.store.change_if_known(caller.id, area.organisation_id, partial(path.close, now=event.time))

    def take_plan(self, event: Heard) -> None:
        """Areas go by the plan that the organisation is on from now on; asked, because an older event may be heard late."""
        entitlements = self.calls(rooms.GET_ENTITLEMENTS, {}, organisation_id=event.organisation_id)
        includes = bool(entitlements["plan"]["waiting_area"])
        for area in self.store.areas.of(event.organisation_id):
            self.store.areas.documents.update(
                area.id, area.organisation_id, lambda known: rules.take_plan(known, includes)
            )

    def _created(self, area: Area, actor: Actor) -> Area:
        """Kept under a link that no other area has. Raises Conflict where the clinic has one already."""
        for _ in range(_LINKS_TRIED):
            linked = replace(area, link=new_link(secrets.choice))
            try:
                return self.store.areas.documents.create(linked, rules.created(linked), actor=actor)
            except Conflict as conflict:
                if "clinic_id" in conflict.extra.get("fields", ()):
                    raise Conflict("This clinic has a Waiting Area already. Change that one.") from conflict
                if "link" not in conflict.extra.get("fields", ()):
                    raise
        raise Conflict("Try again.")

    def _change_area(
        self, request: dict[str, Any], call: Call, rule: Callable[[Area], rules.Decision]
    ) -> dict[str, Any]:
        changed = self.store.areas.documents.update(
            request["area_id"], call.organisation_id, lambda area: rule(found_for(area, call.actor)), call.actor
        )
        return self._area_view(changed, call)

    def _area_view(self, area: Area, call: Call) -> dict[str, Any]:
        return area_view(area, call.actor, self.store.waiting_in(area.organisation_id, area.id), call.now)
