"""Sessions whose zone's rules were changed since they were booked."""

from functools import partial

from contracts.actor import system
from plumbing import clock
from plumbing.services import every
from services.scheduler import rezoning
from services.scheduler.entrypoints import Entrypoints
from services.scheduler.zone_rules import UNKNOWN, rules_version

_AT_ONCE = 200


class Rezoning(Entrypoints):
    """A part of services.scheduler.service.SchedulerService."""

    @every(seconds=10.0)
    def keep_local_times(self) -> None:
        """Those that older rules were used for, in every replica: the first to write has it, the others find it done.

        Not only at the start: a replica with older rules may still be booking while it is replaced.
        """
        rules = rules_version()
        if rules == UNKNOWN:
            return
        # what fails is tried again in ten seconds, and stands in nobody's way
        while found := self.store.to_rezone(rules, clock.now(), _AT_ONCE):
            for session in found:
                remind = self.store.reminders_of(session.organisation_id).minutes
                self.store.rebook(
                    session.id,
                    session.organisation_id,
                    partial(rezoning.rezone, rules=rules, remind=remind, now=clock.now()),
                    rezoning.note_clashes,
                    system("scheduler"),
                )
            if len(found) < _AT_ONCE:
                return
