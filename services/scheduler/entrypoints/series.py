"""Sessions that repeat: what they would be, what they are, and how several change at once."""

from dataclasses import replace
from functools import partial
from typing import Any

from contracts import scheduler
from contracts.actor import is_bound
from contracts.errors import Invalid, NotFound
from plumbing.ids import new_id
from plumbing.services import Call, answers
from services.scheduler import reminders
from services.scheduler.changing import Wanted
from services.scheduler.entrypoints import Entrypoints
from services.scheduler.outcomes import judging
from services.scheduler.series import changing
from services.scheduler.series.rule import expand, recurrence_of
from services.scheduler.series.series import Others, book_all, occurrences, series_of
from services.scheduler.session import Session, conflict_view, in_the_way
from services.scheduler.views import series_view, session_view


class SeriesOfSessions(Entrypoints):
    """A part of services.scheduler.service.SchedulerService."""

    @answers(scheduler.PREVIEW_SERIES)
    def preview_series(self, request: dict[str, Any], call: Call) -> dict[str, Any]:
        """The dates that a recurrence means, and what is in the way of each."""
        planned = request["planned"]
        recurrence = recurrence_of(request["recurrence"], planned["local_start"])
        expanded = expand(recurrence, planned, now=call.now)
        room = self._room(request["room_id"], call)
        first = Session(
            id=new_id(),
            organisation_id=room["organisation_id"],
            room_id=room["id"],
            title="",
            planned=expanded.times[0],
            host_member_ids=self._hosts(request["host_member_ids"], room, call),
            invitation_id=None,
            created_by=call.actor.id,
            created_at=call.now,
        )
        items = []
        for session in occurrences(first, expanded):
            taken = in_the_way(session, self.store.at_the_same_time(session, None))
            time = session.planned
            items.append(
                {
                    "local_start": time.local_start,
                    "starts_at": time.starts_at,
                    "ends_at": time.ends_at,
                    "conflicts": [conflict_view(session, other) for other in taken],
                }
            )
        return {"rule": expanded.rule, "items": items, "skipped": list(expanded.skipped)}

    @answers(scheduler.GET_SERIES)
    def get_series(self, request: dict[str, Any], call: Call) -> dict[str, Any]:
        """A series with all its sessions; for guests there is none."""
        if call.actor.kind == "guest":
            raise NotFound
        series, sessions = self.store.series.of(request["series_id"], call.organisation_id)
        if is_bound(call.actor):
            self._reached(series.room_id, call)
        return series_view(series, sessions)

    def _book_series(self, request: dict[str, Any], first: Session, call: Call) -> dict[str, Any]:
        """The first session of a series that is booked as `first` repeats."""
        planned = request["planned"]
        recurrence = recurrence_of(request["recurrence"], planned["local_start"])
        expanded = expand(recurrence, planned, now=call.now)
        series = series_of(first, recurrence, expanded)
        remind = self.store.reminders_of(first.organisation_id).minutes
        wanted = [
            judging.to_be_judged(reminders.plan(session, remind, call.now)) for session in occurrences(first, expanded)
        ]

        def rule(others: Others) -> tuple[Any, list[Session]]:
            booked = book_all(wanted, others, override=request["override"], leave_out=request["leave_out"])
            kept = {session.id for session in booked}
            left_out = tuple(each.planned.local_start for each in wanted if each.id not in kept)
            return replace(series, left_out=left_out), booked

        _, sessions = self.store.series.book(series, first, rule, call.actor)
        return session_view(sessions[0])

    def _change_series(
        self, request: dict[str, Any], known: Session, wanted: Wanted, call: Call
    ) -> dict[str, Any]:  # fmt: skip
        decide = partial(_decide_change, session_id=known.id, scope=request["scope"], wanted=wanted, call=call)
        place = partial(changing.place, override=request["override"], leave_out=request["leave_out"])
        hosts = wanted.host_member_ids or ()
        return self._kept(known, decide, place, hosts, call)

    def _cancel_series(self, request: dict[str, Any], known: Session, call: Call) -> dict[str, Any]:
        def decide(series: Any, sessions: list[Session]) -> changing.Decided | None:
            scope, version = request["scope"], request["version"]
            return changing.cancel(series, sessions, known.id, scope, version, call.actor, now=call.now)

        return self._kept(known, decide, lambda decided, *_: decided, (), call)


def check_repeats(session: Session, scope: str) -> None:
    """Raises Invalid where several are meant of a session that is no part of a series."""
    if session.series_id is None and scope != changing.ONE:
        detail = "This session does not repeat."
        raise Invalid(detail, errors=[{"pointer": "/scope", "detail": detail}])


def _decide_change(
    series: Any, sessions: list[Session], *, session_id: str, scope: str, wanted: Wanted, call: Call
) -> changing.Decided | None:
    return changing.change(series, sessions, session_id, scope, wanted, call.actor, now=call.now)
