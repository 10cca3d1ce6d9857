"""Callers are put back to the queue, or handed on to another room, Waiting Area or clinic."""

from datetime import timedelta
from functools import partial
from typing import Any

import structlog

from contracts import rooms, waiting
from contracts.errors import Conflict, Invalid, NotFound
from plumbing.heard import Heard
from plumbing.services import Call, Caller, answers
from services.waiting import access, moving, path
from services.waiting.alerting.alarm import then_rings
from services.waiting.areas.area import closed_by, closing_notice
from services.waiting.caller import Caller as WaitingCaller
from services.waiting.entrypoints.fullness import check_not_full
from services.waiting.moving import Destination
from services.waiting.path import Decision
from services.waiting.store import WaitingStore
from services.waiting.views import caller_view

log = structlog.get_logger()


class Transfers:
    """A part of services.waiting.service.WaitingService."""

    store: WaitingStore
    calls: Caller

    @answers(waiting.HOLD_BACK)
    def hold_back(self, request: dict[str, Any], call: Call) -> dict[str, Any]:
        """A host puts somebody out of the call and back to their place in the queue; whoever accepts them takes them back."""
        caller = self.store.callers.get(request["caller_id"], call.organisation_id)
        self._check_decides(caller, call)
        if caller.area_id and self.store.areas.known(caller.area_id, call.organisation_id) is None:
            raise Conflict("The Waiting Area that they came by was removed. Transfer them to another place.")
        rule = partial(moving.hold_back, member_id=call.actor.id, member_name=call.actor.name or "A host", now=call.now)
        return caller_view(self._moved(caller, rule, call), call.actor)

    @answers(waiting.TRANSFER_CALLER)
    def transfer_caller(self, request: dict[str, Any], call: Call) -> dict[str, Any]:
        """A host, or the staff of the Waiting Area where they wait, hands somebody on; whoever they go to accepts them there."""
        caller = self.store.callers.get(request["caller_id"], call.organisation_id)
        self._check_decides(caller, call)
        to = self._destination(request, call)
        area = self.store.areas.known(to.id, call.organisation_id) if to.is_area else None
        rule = partial(
            moving.transfer, to=to, member_id=call.actor.id, member_name=call.actor.name or "A host", now=call.now
        )

        def hand_on(known: WaitingCaller) -> Decision:
            access.check_still_there(known, caller.room_id)
            return then_rings(rule(known), area, call.now)

        kept = self._moved(caller, hand_on, call)
        if to.is_area and self.store.areas.known(to.id, call.organisation_id) is None:
            # it was removed meanwhile, and nobody would see them there
            self.store.change_if_known(kept.id, call.organisation_id, partial(path.close, now=call.now))
            raise NotFound("This Waiting Area was removed.")
        return caller_view(kept, call.actor)

    @answers(waiting.LIST_DESTINATIONS)
    def list_destinations(self, request: dict[str, Any], call: Call) -> dict[str, Any]:
        """Every open room and every Waiting Area of the organisation, whoever's they are."""
        found = [
            {
                "kind": "area",
                "id": area.id,
                "name": area.name,
                "clinic_id": area.clinic_id,
                "closed_by": closed_by(area, call.now),
                "waiting": self.store.waiting_in(area.organisation_id, area.id),
            }
            for area in self.store.areas.of(call.organisation_id)
        ]
        listed = self.calls(rooms.LIST_ROOMS, {}, organisation_id=call.organisation_id)["items"]
        found += [
            {
                "kind": "room",
                "id": room["id"],
                "name": room["name"],
                "clinic_id": room.get("clinic_id"),
                "owner_member_id": room["owner_member_id"],
                "closed_by": None,
                "waiting": None,
            }
            for room in sorted(listed, key=lambda room: str(room["name"]).casefold())
            if room["state"] == "open" and not room.get("owner_gone")
        ]
        return {"items": found}

    def companions_go_along(self, event: Heard) -> None:
        """Whoever is there for a client is put back, or handed on, with them."""
        client = self.store.callers.get(event.data["caller_id"], event.organisation_id)
        by, now = client.held or client.transferred, event.time
        if by is None:
            return
        who: dict[str, Any] = {"member_id": by.member_id, "member_name": by.member_name, "now": now}
        name = client.transferred.to_name if client.transferred else ""
        to = Destination(client.queue, name, client.clinic_id, is_area=client.area_id is not None)

        def along(known: WaitingCaller) -> Decision:
            try:
                if event.type == "caller.held":
                    return moving.hold_back(known, **who)
                return moving.transfer(known, to=to, **who)
            except Conflict:
                # gone, or there already
                return None

        for companion in self.store.companions(client.organisation_id, event.data["recipient_id"]):
            try:
                self.store.change_if_known(companion.id, companion.organisation_id, along)
            except Conflict:
                log.info("a companion stays where they are", caller_id=companion.id)

    def _moved(self, caller: WaitingCaller, rule: path.Rule, call: Call) -> WaitingCaller:
        try:
            return self.store.callers.update(caller.id, caller.organisation_id, rule, call.actor)
        except Conflict as conflict:
            if "place" not in conflict.extra.get("fields", ()):
                raise
            text = "Somebody waits by the same link on another device. Accept or refuse them there first."
            raise Conflict(text) from None

    def _check_decides(self, caller: WaitingCaller, call: Call) -> None:
        """Raises NotFound and Forbidden for who neither hosts where they are nor sees the Waiting Area where they wait."""
        if caller.in_area:
            access.check_sees_area(caller, call.actor)
        else:
            access.check_hosts(self.calls(rooms.GET_ROOM, {"room_id": caller.room_id}, actor=call.actor))

    def _destination(self, request: dict[str, Any], call: Call) -> Destination:
        """Raises Invalid and NotFound for none, Conflict for one that is closed or full."""
        if bool(request["room_id"]) == bool(request["area_id"]):
            detail = "Name a room or a Waiting Area, one of the two."
            raise Invalid(detail, errors=[{"pointer": "/room_id", "detail": detail}])
        if request["area_id"]:
            area = self.store.areas.known(request["area_id"], call.organisation_id)
            if area is None:
                raise NotFound("There is no such Waiting Area.")
            if closed_by(area, call.now):
                raise Conflict(f"{area.name} takes nobody now.", **closing_notice(area, call.now))
            target = timedelta(minutes=area.attention_minutes)
            return Destination(area.id, area.name, area.clinic_id, is_area=True, target=target)
        room = self.calls(rooms.GET_ROOM, {"room_id": request["room_id"]}, organisation_id=call.organisation_id)
        access.check_open(room)
        check_not_full(self.calls, room, organisation_id=call.organisation_id)
        return Destination(room["id"], room["name"])
