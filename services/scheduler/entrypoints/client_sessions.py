"""Sessions that API clients make by the Session API v1: their room, their clinic, and their own list."""

from functools import partial
from typing import Any

from contracts import accounts, rooms
from contracts import client_sessions as contract
from contracts.errors import Forbidden, LimitReached, NotFound
from plumbing.ids import follow
from plumbing.services import Call, answers
from services.scheduler import changing
from services.scheduler import session as booking
from services.scheduler.clients import rules
from services.scheduler.entrypoints import Entrypoints
from services.scheduler.outcomes import judging
from services.scheduler.session import MadeByClient, Session

_LONGEST_ROOM_NAME = 80


class ClientSessions(Entrypoints):
    """A part of services.scheduler.service.SchedulerService."""

    @answers(contract.CREATE_CLIENT_SESSION)
    def create_client_session(self, request: dict[str, Any], call: Call) -> dict[str, Any]:
        """A session in the client's own room. What is in its way is recorded, and no obstacle."""
        time = rules.planned(request["starts_at"], request["ends_at"], call.now)
        clinic = self._clinic(call)
        made_by = MadeByClient(call.actor.id, clinic["id"], request["picture"], tuple(request["feature_flags"]))
        session = Session(
            id=call.command_id,
            organisation_id=call.organisation_id,
            room_id=self._room_of(clinic["id"], call),
            title=request["name"],
            planned=time,
            host_member_ids=(),
            invitation_id=None,
            created_by=call.actor.id,
            created_at=call.now,
            client=made_by,
        )
        session = judging.to_be_judged(session)
        booked = self.store.book(
            session, lambda others: booking.book(session, others, override=True), call.actor
        )  # fmt: skip
        return rules.client_session_view(booked, call.now)

    @answers(contract.GET_CLIENT_SESSION)
    def get_client_session(self, request: dict[str, Any], call: Call) -> dict[str, Any]:
        """One of the client's own, also a cancelled one."""
        return rules.client_session_view(self._own(request["session_id"], call), call.now)

    @answers(contract.LIST_CLIENT_SESSIONS)
    def list_client_sessions(self, request: dict[str, Any], call: Call) -> dict[str, Any]:
        """A page of the client's own."""
        found = self.store.client_sessions.page(call.organisation_id, call.actor, request)
        size = request["page_size"]
        items = [rules.client_session_view(each, call.now) for each in found[:size]]
        return {"items": items, "more": len(found) > size}

    @answers(contract.CHANGE_CLIENT_SESSION)
    def change_client_session(self, request: dict[str, Any], call: Call) -> dict[str, Any]:
        """Another name, picture or time, until it is over."""
        known = self._own(request["session_id"], call)
        kept = self.store.rebook(
            known.id,
            call.organisation_id,
            partial(rules.change, wanted=request, now=call.now),
            partial(booking.book, override=True),
            call.actor,
        )
        return rules.client_session_view(kept, call.now)

    @answers(contract.CANCEL_CLIENT_SESSION)
    def cancel_client_session(self, request: dict[str, Any], call: Call) -> dict[str, Any]:
        """Cancelled before it begins, which it stays."""
        known = self._own(request["session_id"], call)
        rule = partial(changing.cancel, actor=call.actor, now=call.now)
        kept = self.store.sessions.update(known.id, call.organisation_id, rule, call.actor)
        return rules.client_session_view(kept, call.now)

    @answers(contract.SUMMARISE_CLIENT_SESSION)
    def summarise_client_session(self, request: dict[str, Any], call: Call) -> dict[str, Any]:
        """Who came when."""
        known = self._own(request["session_id"], call)
        visits = rules.visits_view(self.store.evidence.visits_of(known))
        began = [each["joined_at"] for each in visits if each["joined_at"]]
        return {
            "session": rules.client_session_view(known, call.now),
            "began_at": min(began, default=None),
            "visits": visits,
        }

    @answers(contract.GET_CLIENT_TEAM)
    def get_client_team(self, request: dict[str, Any], call: Call) -> dict[str, Any]:
        """The clinic that its sessions are of."""
        clinic = self._clinic(call)
        return {"clinic_id": clinic["id"], "name": clinic["name"]}

    def _own(self, session_id: str, call: Call) -> Session:
        found = self.store.sessions.get(session_id, call.organisation_id)
        return found if call.actor.kind == "system" and found.client else rules.own(found, call.actor)

    def _clinic(self, call: Call) -> dict[str, Any]:
        """The first that the client is bound to, else the organisation's first. Raises Forbidden where it is bound to none that there is."""
        organisation = self.calls(accounts.GET_ORGANISATION, {}, organisation_id=call.organisation_id)
        for clinic in organisation["clinics"]:
            if call.actor.reaches(clinic["id"]):
                return dict(clinic)
        raise Forbidden("The clinics of this client were removed.")

    def _room_of(self, clinic_id: str, call: Call) -> str:
        """The client's own Meeting Room of that clinic, made if need be; else an open one that it reaches. Raises LimitReached."""
        whose, own_id = call.organisation_id, follow(call.actor.id, f"room of {clinic_id}")
        try:
            room = self.calls(rooms.GET_ROOM, {"room_id": own_id}, organisation_id=whose)
            if room["state"] == "open":
                return own_id
            refused = None
        except NotFound:
            asked = {"name": (call.actor.name or "API")[:_LONGEST_ROOM_NAME], "clinic_id": clinic_id}
            try:
                made = self.calls(rooms.CREATE_MEETING_ROOM, asked, organisation_id=whose, command_id=own_id)
                return str(made["id"])
            except LimitReached as limit:
                refused = limit
        for room in self.calls(rooms.LIST_ROOMS, {}, organisation_id=whose)["items"]:
            if room["kind"] == "meeting" and room["state"] == "open" and call.actor.reaches(room["clinic_id"]):
                return str(room["id"])
        raise refused or LimitReached("The room of this client is closed, and there is no other.")
