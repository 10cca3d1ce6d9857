"""What an invitation knows of a series: which sessions it has, and which is now or next. Pure."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from contracts.fields import Instant
from contracts.recurrence import WEEKDAYS
from services.invitations.invitation import Invitation, Occurrence, Planned, Repeats

_INSTANT = Instant()
_WHEN = ("local_start", "starts_at", "ends_at")
LATE = timedelta(minutes=30)
"""Whoever comes so long after one has ended still means that one."""


def planned_of(times: Mapping[str, Any]) -> Planned:
    """From contracts.scheduler.SessionTimes in plain JSON."""
    return Planned(
        local_start=times["local_start"],
        zone=times["zone"],
        minutes=times["minutes"],
        starts_at=_INSTANT.deserialize(times["starts_at"]),
        ends_at=_INSTANT.deserialize(times["ends_at"]),
        rules=times.get("rules", ""),
    )


def repeats_of(view: Mapping[str, Any]) -> Repeats:
    """From contracts.scheduler.SeriesView in plain JSON."""
    recurrence = view["recurrence"]
    return Repeats(
        series_id=view["id"],
        rule=view["rule"],
        frequency=recurrence["frequency"],
        interval=recurrence["interval"],
        weekdays=tuple(recurrence["weekdays"]),
        monthly_by=recurrence["monthly_by"],
        first=planned_of(view["planned"]),
        occurrences=tuple(
            Occurrence(
                session_id=session["id"],
                recurrence_id=session["recurrence_id"],
                planned=planned_of(session["planned"]),
                title=session["title"],
                cancelled=session["state"] == "cancelled",
            )
            for session in view["items"]
        ),
        excluded=(*view["left_out"], *view["skipped"]),
    )


def previewed(
    view: Mapping[str, Any], recurrence: Mapping[str, Any], planned: Mapping[str, Any], title: str
) -> Repeats:
    """A series that is not booked: contracts.recurrence.SeriesPreview in plain JSON, of this recurrence from this planned time on."""
    times = [planned_of({**planned, **{name: each[name] for name in _WHEN}}) for each in view["items"]]
    weekday = WEEKDAYS[datetime.fromisoformat(planned["local_start"]).weekday()]
    return Repeats(
        series_id="",
        rule=view["rule"],
        frequency=recurrence["frequency"],
        interval=recurrence["interval"],
        weekdays=tuple(recurrence["weekdays"]) or (weekday,),
        monthly_by=recurrence["monthly_by"],
        first=times[0],
        occurrences=tuple(Occurrence("", time.local_start, time, title) for time in times),
    )


def at(invitation: Invitation, now: datetime) -> Invitation:
    """The invitation to the session that is now or next, where it is to a series; to the last one when none is."""
    series = invitation.series
    if series is None:
        return invitation
    kept = _in_time(series) or list(series.occurrences)
    found = next((each for each in kept if each.planned.ends_at + LATE > now), kept[-1])
    return replace(invitation, session_id=found.session_id, planned=found.planned, title=found.title)


def still_to_come(series: Repeats, now: datetime) -> Repeats:
    """The series without what is over or cancelled; all of what was planned when nothing is left."""
    left = tuple(each for each in _in_time(series) if each.planned.ends_at > now)
    return replace(series, occurrences=left or series.occurrences)


def time_of(invitation: Invitation, starts_at: datetime) -> tuple[Planned | None, datetime | None]:
    """The time that begins then, and of a series the end of the one before it. (None, None): nothing does."""
    if invitation.series is None:
        planned = invitation.planned
        return (planned, None) if planned and planned.starts_at == starts_at else (None, None)
    before = None
    for each in _in_time(invitation.series):
        if each.planned.starts_at == starts_at:
            return each.planned, before or invitation.created_at
        before = each.planned.ends_at
    return None, None


def _in_time(series: Repeats) -> list[Occurrence]:
    kept = [each for each in series.occurrences if not each.cancelled]
    return sorted(kept, key=lambda each: each.planned.starts_at)
