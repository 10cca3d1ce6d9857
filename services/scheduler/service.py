"""The entrypoints of the scheduler."""

from typing import Any

from contracts import accounts, rooms, scheduler
from contracts.errors import Forbidden, NotFound
from plumbing.services import Call, Calls, Store, answers
from services.scheduler import changing
from services.scheduler import session as rules
from services.scheduler.listing import asked_range
from services.scheduler.planned import plan
from services.scheduler.session import Session
from services.scheduler.store import SchedulerStore
from services.scheduler.views import session_view


class SchedulerService:
    """Sessions, each a call planned for a time."""

    name = "scheduler"
    store = Store(SchedulerStore)
    calls = Calls()

    @answers(scheduler.CREATE_SESSION)
    def create_session(self, request: dict[str, Any], call: Call) -> dict[str, Any]:
        """A session in a room at a planned time, if nobody whom it needs has another then."""
        planned = plan(**request["planned"], now=call.now)
        room = self._room(request["room_id"], call)
        session = Session(
            id=call.command_id,
            organisation_id=room["organisation_id"],
            room_id=room["id"],
            title=request["title"],
            planned=planned,
            host_member_ids=self._hosts(request["host_member_ids"], room, call),
            invitation_id=request["invitation_id"],
            created_by=call.actor.id,
            created_at=call.now,
        )
        booked = self.store.book(
            session, lambda others: rules.book(session, others, override=request["override"]), call.actor
        )
        return session_view(booked)

    @answers(scheduler.GET_SESSION)
    def get_session(self, request: dict[str, Any], call: Call) -> dict[str, Any]:
        """One session."""
        found = self.store.sessions.get(request["session_id"], call.organisation_id)
        return session_view(rules.found_for(found, call.actor))

    @answers(scheduler.LIST_SESSIONS)
    def list_sessions(self, request: dict[str, Any], call: Call) -> dict[str, Any]:
        """Sessions that overlap a range, of one room or all, soonest first; a guest's list is their own session."""
        asked = asked_range(request["starts_from"], request["starts_until"], call.now)
        found = self.store.overlapping(call.organisation_id, asked, request["room_id"])
        return {"items": [session_view(session) for session in rules.visible_to(found, call.actor)]}

    @answers(scheduler.CHANGE_SESSION)
    def change_session(self, request: dict[str, Any], call: Call) -> dict[str, Any]:
        """Another time, title or other hosts, if nobody whom it then needs has another session."""
        known = self.store.sessions.get(request["session_id"], call.organisation_id)
        changing.may_decide(known, call.actor)
        room = self._room(known.room_id, call)
        wanted = changing.Wanted(
            title=request.get("title"),
            planned=request.get("planned"),
            host_member_ids=self._hosts(request["host_member_ids"], room, call)
            if "host_member_ids" in request
            else None,
            version=request["version"],
        )
        kept = self.store.rebook(
            known.id,
            call.organisation_id,
            lambda session: changing.change(session, wanted, now=call.now),
            lambda session, others: rules.book(session, others, override=request["override"]),
            call.actor,
        )
        return session_view(kept)

    @answers(scheduler.CANCEL_SESSION)
    def cancel_session(self, request: dict[str, Any], call: Call) -> dict[str, Any]:
        """A session cancelled, which it stays."""
        cancelled = self.store.sessions.update(
            request["session_id"],
            call.organisation_id,
            lambda session: changing.cancel(session, call.actor, now=call.now),
            call.actor,
        )
        return session_view(cancelled)

    def _room(self, room_id: str, call: Call) -> dict[str, Any]:
        """The room as whoever asks sees it: what is not theirs is not found, what they may only read is refused."""
        room: dict[str, Any] = self.calls(rooms.GET_ROOM, {"room_id": room_id}, call.actor)
        if call.actor.kind == "member" and not room["may_receive"]:
            raise Forbidden("Only who invites to this room may plan sessions in it.")
        return room

    def _hosts(self, asked: list[str], room: dict[str, Any], call: Call) -> tuple[str, ...]:
        hosts = rules.hosts_of(asked, room, call.actor)
        for member_id in hosts:
            if member_id in {call.actor.id, room["owner_member_id"]}:
                continue
            try:
                member = self.calls(
                    accounts.GET_MEMBER, {"member_id": member_id}, organisation_id=room["organisation_id"]
                )
            except NotFound:
                raise rules.no_host(member_id) from None
            rules.may_be_host(member)
        return hosts
