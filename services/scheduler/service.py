"""The entrypoints of the scheduler."""

from typing import Any

from contracts import scheduler
from contracts.actor import is_bound
from contracts.errors import Outdated
from plumbing.services import Call, Calls, Store, answers
from plumbing.store import Change
from services.scheduler import changing, reminders
from services.scheduler import session as rules
from services.scheduler.entrypoints.client_sessions import ClientSessions
from services.scheduler.entrypoints.guests import Guests
from services.scheduler.entrypoints.outcomes import Outcomes
from services.scheduler.entrypoints.reminding import Reminding
from services.scheduler.entrypoints.rezoning import Rezoning
from services.scheduler.entrypoints.series import SeriesOfSessions, check_repeats
from services.scheduler.listing import Place, asked_range, place_of
from services.scheduler.outcomes import judging
from services.scheduler.planned import plan
from services.scheduler.session import Session
from services.scheduler.store import SchedulerStore
from services.scheduler.views import session_view


class SchedulerService(SeriesOfSessions, ClientSessions, Guests, Reminding, Outcomes, Rezoning):
    """Sessions, each a call planned for a time, their reminders, and what became of them."""

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
        if request["recurrence"]:
            return self._book_series(request, session, call)
        session = reminders.plan(session, self.store.reminders_of(session.organisation_id).minutes, call.now)
        session = judging.to_be_judged(session)
        booked = self.store.book(
            session, lambda others: rules.book(session, others, override=request["override"]), call.actor
        )
        return session_view(booked)

    @answers(scheduler.GET_SESSION)
    def get_session(self, request: dict[str, Any], call: Call) -> dict[str, Any]:
        """One session."""
        found = self._known(request["session_id"], call)
        return session_view(rules.found_for(found, call.actor))

    @answers(scheduler.LIST_SESSIONS)
    def list_sessions(self, request: dict[str, Any], call: Call) -> dict[str, Any]:
        """Sessions that overlap a range, of one room, of one host or all, soonest first, a page of them; a guest's list is their own session."""
        asked = asked_range(request["starts_from"], request["starts_until"], call.now)
        reached = self._rooms_reached(call) if is_bound(call.actor) else None
        found = self.store.overlapping(
            call.organisation_id,
            asked,
            request["room_id"],
            request["host_member_id"],
            reached,
            only_id=(call.actor.session_id or "") if call.actor.kind == "guest" else None,
            after=place_of(request["cursor"]) if request["cursor"] else None,
            most=request["limit"] + 1,
        )
        page = found[: request["limit"]]
        cursor = str(Place(page[-1].planned.starts_at, page[-1].id)) if len(found) > len(page) else None
        return {"items": [session_view(session) for session in rules.visible_to(page, call.actor)], "cursor": cursor}

    @answers(scheduler.CHANGE_SESSION)
    def change_session(self, request: dict[str, Any], call: Call) -> dict[str, Any]:
        """Another time, title or other hosts, if nobody whom it then needs has another session."""
        known = self._known(request["session_id"], call)
        changing.may_decide(known, call.actor)
        check_repeats(known, request["scope"])
        room = self._room(known.room_id, call)
        wanted = changing.Wanted(
            title=request.get("title"),
            planned=request.get("planned"),
            host_member_ids=self._hosts(request["host_member_ids"], room, call)
            if "host_member_ids" in request
            else None,
            version=request["version"],
            remind=self.store.reminders_of(known.organisation_id).minutes,
        )
        if known.series_id:
            return self._change_series(request, known, wanted, call)
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
        known = self._known(request["session_id"], call)
        check_repeats(known, request["scope"])
        if known.series_id:
            return self._cancel_series(request, known, call)

        def rule(session: Session) -> Change[Session] | None:
            if request["version"] is not None and request["version"] != session.version:
                raise Outdated(
                    "Read the session again and repeat the change if it still fits.", version=session.version
                )
            return changing.cancel(session, call.actor, now=call.now)

        cancelled = self.store.sessions.update(known.id, call.organisation_id, rule, call.actor)
        return session_view(cancelled)
