"""Whether people may be added to sessions that are booked, or removed."""

from functools import partial
from typing import Any

from contracts import scheduler
from plumbing.services import Call, answers
from services.scheduler import guests
from services.scheduler.entrypoints import Entrypoints
from services.scheduler.entrypoints.series import check_repeats
from services.scheduler.series import changing
from services.scheduler.views import session_view


class Guests(Entrypoints):
    """A part of services.scheduler.service.SchedulerService."""

    @answers(scheduler.CHANGE_GUESTS)
    def change_guests(self, request: dict[str, Any], call: Call) -> dict[str, Any]:
        """The session as it is once its invitation is noted, of a series by every one that is meant."""
        known = self._known(request["session_id"], call)
        check_repeats(known, request["scope"])
        rule = partial(
            guests.change,
            invitation_id=request["invitation_id"],
            remind=self.store.reminders_of(known.organisation_id).minutes,
            actor=call.actor,
            now=call.now,
        )
        if known.series_id is None:
            return session_view(self.store.sessions.update(known.id, call.organisation_id, rule, call.actor))
        decide = partial(changing.invite, session_id=known.id, scope=request["scope"], rule=rule, now=call.now)
        return self._kept(known, decide, lambda decided, *_: decided, (), call)
