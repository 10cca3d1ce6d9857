"""How long before a session its guests are reminded, and that they are, once."""

from functools import partial
from typing import Any

from contracts import invitations, scheduler
from contracts.errors import Conflict, NotFound, Unavailable
from contracts.fields import instant_text
from plumbing import clock
from plumbing.ids import follow, new_id
from plumbing.services import Call, answers, every, together
from services.scheduler import reminders
from services.scheduler.entrypoints import Entrypoints
from services.scheduler.reminders import ReminderSettings
from services.scheduler.session import Session

_REMINDED_AT_ONCE, _REMINDED_TOGETHER = 50, 10


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
        """What is due, in every replica; each session's is sent by the one that claims it, several at the same time."""
        while True:
            owner = new_id()
            claimed = self.store.claim_to_remind(clock.now(), owner, _REMINDED_AT_ONCE)
            reminded = together(_REMINDED_TOGETHER, self._could_remind, claimed)
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
