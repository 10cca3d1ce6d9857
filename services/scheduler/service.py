"""The entrypoints of the scheduler."""

from functools import partial
from typing import Any

from eventlet import GreenPool

from contracts import invitations, scheduler
from contracts.errors import Conflict, NotFound, Outdated, Unavailable
from contracts.fields import instant_text
from plumbing import clock
from plumbing.ids import follow, new_id
from plumbing.services import Call, Calls, Heard, Store, answers, every, hears
from plumbing.store import Change
from services.scheduler import changing, reminders
from services.scheduler import session as rules
from services.scheduler.entrypoints.guests import Guests
from services.scheduler.entrypoints.rezoning import Rezoning
from services.scheduler.entrypoints.series import SeriesOfSessions, check_repeats
from services.scheduler.listing import asked_range
from services.scheduler.outcomes import judging
from services.scheduler.planned import plan
from services.scheduler.reminders import ReminderSettings
from services.scheduler.session import Session
from services.scheduler.store import SchedulerStore
from services.scheduler.views import session_view

_REMINDED_AT_ONCE, _REMINDED_TOGETHER = 50, 10
_JUDGED_AT_ONCE = 200


class SchedulerService(SeriesOfSessions, Guests, Rezoning):
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
        found = self.store.sessions.get(request["session_id"], call.organisation_id)
        return session_view(rules.found_for(found, call.actor))

    @answers(scheduler.LIST_SESSIONS)
    def list_sessions(self, request: dict[str, Any], call: Call) -> dict[str, Any]:
        """Sessions that overlap a range, of one room, of one host or all, soonest first; a guest's list is their own session."""
        asked = asked_range(request["starts_from"], request["starts_until"], call.now)
        found = self.store.overlapping(call.organisation_id, asked, request["room_id"], request["host_member_id"])
        return {"items": [session_view(session) for session in rules.visible_to(found, call.actor)]}

    @answers(scheduler.CHANGE_SESSION)
    def change_session(self, request: dict[str, Any], call: Call) -> dict[str, Any]:
        """Another time, title or other hosts, if nobody whom it then needs has another session."""
        known = self.store.sessions.get(request["session_id"], call.organisation_id)
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
        known = self.store.sessions.get(request["session_id"], call.organisation_id)
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

    @answers(scheduler.CORRECT_OUTCOME)
    def correct_outcome(self, request: dict[str, Any], call: Call) -> dict[str, Any]:
        """What a member says became of a session, and why; what the evidence says stays beside it."""

        def rule(session: Session) -> Change[Session] | None:
            changing.may_decide(session, call.actor)
            return judging.correct(session, request["outcome"], request["reason"], call.actor.id, call.now)

        return session_view(self.store.sessions.update(request["session_id"], call.organisation_id, rule, call.actor))

    @answers(scheduler.GET_REMINDER_SETTINGS)
    def get_reminder_settings(self, request: dict[str, Any], call: Call) -> dict[str, Any]:
        """How long before a session its guests are reminded."""
        return {"minutes_before": self.store.reminders_of(call.organisation_id).minutes}

    @answers(scheduler.CHANGE_REMINDER_SETTINGS)
    def change_reminder_settings(self, request: dict[str, Any], call: Call) -> dict[str, Any]:
        """Other times to remind, of sessions that are booked or moved from now on."""
        self.store.reminder_settings.create(ReminderSettings(call.organisation_id, call.organisation_id))
        rule = partial(reminders.chosen, minutes=request["minutes_before"])
        kept = self.store.reminder_settings.update(call.organisation_id, call.organisation_id, rule, call.actor)
        return {"minutes_before": kept.minutes}

    @hears("waiting")
    def on_waiting(self, event: Heard) -> None:
        """Who came by a session's link, and when they went."""
        session_id = self.store.evidence.note_visit(event)
        if session_id:
            self.store.change_if_known(session_id, event.organisation_id, partial(judging.judge_again, now=clock.now()))

    @hears("media")
    def on_media(self, event: Heard) -> None:
        """Which members were in a room's call, and when."""
        self.store.evidence.note_presence(event)

    @every(seconds=5.0)
    def judge_sessions(self) -> None:
        """Outcomes that are due, in every replica: the first to write has it, the others find it done."""
        now = clock.now()
        for session in self.store.to_judge(now, _JUDGED_AT_ONCE):
            rule = partial(judging.judge, evidence=self.store.evidence.evidence(session), now=now)
            self.store.sessions.update(session.id, session.organisation_id, rule)

    @every(seconds=0.5)
    def send_reminders(self) -> None:
        """What is due, in every replica; each session's is sent by the one that claims it, several at the same time."""
        while True:
            owner = new_id()
            claimed = self.store.claim_to_remind(clock.now(), owner, _REMINDED_AT_ONCE)
            reminded = list(GreenPool(_REMINDED_TOGETHER).imap(self._could_remind, claimed))
            # after a defect they stay held for as long as a lease lasts, and so do not come first again at once
            self.store.release([session.id for session in claimed], owner)
            if len(claimed) < _REMINDED_AT_ONCE or not all(reminded):
                return

    def _could_remind(self, session: Session) -> bool:
        """False when others are away: the next try is this or another replica's."""
        try:
            self._remind(session)
        except Unavailable:
            return False
        return True

    def _remind(self, session: Session) -> None:
        reminder = reminders.to_send(session, clock.now())
        if reminder:
            asked = {
                "invitation_id": session.invitation_id,
                "minutes_before": reminder.minutes,
                "starts_at": instant_text(session.planned.starts_at),
            }
            # the same for every try, so that a replica that dies before it writes it down causes no second mail
            command_id = follow(session.id, f"reminder {reminder.minutes} {session.sequence}")
            try:
                self.calls(
                    invitations.SEND_REMINDER, asked, organisation_id=session.organisation_id, command_id=command_id
                )
            except Conflict:
                return  # it has not heard yet that the session moved
            except NotFound:
                reminder = None
        settled = partial(reminders.settle, sent=reminder, now=clock.now())
        self.store.sessions.update(session.id, session.organisation_id, settled)
