"""How long before a session its guests are reminded, and that they are, once."""

from functools import partial
from typing import Any

from contracts import invitations, reminding, scheduler
from contracts.errors import Conflict, NotFound, Unavailable
from contracts.fields import instant_text
from plumbing import clock
from plumbing.ids import follow, new_id
from plumbing.services import Call, answers, every, together
from plumbing.store import Change
from services.scheduler import reminders
from services.scheduler.entrypoints import Entrypoints
from services.scheduler.reminders import ReminderSettings
from services.scheduler.session import Reminder, Session

_REMINDED_AT_ONCE, _REMINDED_TOGETHER = 50, 10
_NOT_HEARD, _GONE = "not_heard", "gone"


class Reminding(Entrypoints):
    """A part of services.scheduler.service.SchedulerService."""

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

    @every(seconds=0.5)
    def send_reminders(self) -> None:
        """What is due, in every replica; each session's is sent by the one that claims it, many together."""
        while True:
            owner = new_id()
            claimed = self.store.claim_to_remind(clock.now(), owner, _REMINDED_AT_ONCE)
            reminded = not claimed or self._could_remind_together(claimed) or self._could_remind_each(claimed)
            # after a defect they stay held for as long as a lease lasts, and so do not come first again at once
            self.store.release([session.id for session in claimed], owner)
            if len(claimed) < _REMINDED_AT_ONCE or not reminded:
                return

    def _could_remind_together(self, sessions: list[Session]) -> bool:
        """False when others are away, or as old as not to know how to."""
        now = clock.now()
        due = {session.id: reminders.to_send(session, now) for session in sessions}
        asked = [
            {"organisation_id": session.organisation_id, **_asked(session, reminder)}
            for session in sessions
            if (reminder := due[session.id])
        ]
        try:
            answered = self.calls(reminding.SEND_REMINDERS, {"reminders": asked})["items"] if asked else []
        except Unavailable:
            return False
        answers_of = {(each["invitation_id"], each.get("starts_at")): each["state"] for each in answered}
        states = {each.id: _answer(answers_of, each) for each in sessions}
        # of those that it has not heard to have moved it is asked again
        heard = {each.id: each for each in sessions if states[each.id] != _NOT_HEARD}
        sent = {id: due[id] for id in heard if states[id] != _GONE}

        def settled(session: Session) -> Change[Session] | None:
            return reminders.settle(session, sent=sent.get(session.id), now=now)

        self.store.sessions.update_together({id: each.organisation_id for id, each in heard.items()}, settled)
        return True

    def _could_remind_each(self, sessions: list[Session]) -> bool:
        """As invitations of the version before this one are asked: one by one. False when others are away."""
        first, *others = sessions
        return self._could_remind(first) and all(together(_REMINDED_TOGETHER, self._could_remind, others))

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
            asked = _asked(session, reminder)
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


def _answer(answers_of: dict[tuple[str, str | None], str], session: Session) -> str | None:
    """What became of a session's reminder; the version before this one answers for the invitation as a whole."""
    id = session.invitation_id or ""
    return answers_of.get((id, instant_text(session.planned.starts_at))) or answers_of.get((id, None))


def _asked(session: Session, reminder: Reminder) -> dict[str, Any]:
    """As contracts.invitations.SendReminder."""
    return {
        "invitation_id": session.invitation_id,
        "minutes_before": reminder.minutes,
        "starts_at": instant_text(session.planned.starts_at),
    }
