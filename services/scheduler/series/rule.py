"""The dates that a recurrence means (RFC 5545 §3.3.10), as planned times in a zone. Pure.

The local time stays across a change of clocks. A day on which clocks skip it is left out and not counted; where it comes twice the
first is meant.
"""

import calendar
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from dateutil import rrule

from contracts.errors import Invalid
from contracts.recurrence import MOST_OCCURRENCES, WEEKDAYS
from services.scheduler.planned import AHEAD, Planned, plan
from services.scheduler.zone_rules import rules_version


@dataclass(frozen=True)
class Recurrence:
    """As contracts.recurrence.Recurrence."""

    frequency: str
    interval: int = 1
    weekdays: tuple[str, ...] = ()
    monthly_by: str = "date"
    count: int | None = None
    until: date | None = None


@dataclass(frozen=True)
class Expanded:
    """Every time that is meant, first first. `skipped`: local starts that do not exist. `rule`: RFC 5545, with UNTIL."""

    rule: str
    times: tuple[Planned, ...]
    skipped: tuple[str, ...]


def recurrence_of(asked: Mapping[str, Any], local_start: str) -> Recurrence:
    """What was asked for; the weekday of a weekly one is the first date's where none was named. Raises Invalid."""
    first = _date(local_start)
    weekdays = asked["weekdays"] or ([WEEKDAYS[first.weekday()]] if asked["frequency"] == "weekly" else [])
    return Recurrence(
        frequency=asked["frequency"],
        interval=asked["interval"],
        weekdays=tuple(sorted(set(weekdays), key=WEEKDAYS.index)) if asked["frequency"] == "weekly" else (),
        monthly_by=asked["monthly_by"],
        count=asked["count"],
        until=date.fromisoformat(asked["until"]) if asked["until"] else None,
    )


def expand(recurrence: Recurrence, planned: Mapping[str, Any], *, now: datetime) -> Expanded:
    """The times of the recurrence that begins with `planned` (contracts.scheduler.PlannedTime).

    Raises Invalid, with a pointer: as `plan` does for the first, and for one that its rule does not mean, for an end before it, and
    for more than 100 times or five years.
    """
    first = plan(planned["local_start"], planned["zone"], planned["minutes"], now=now)
    start = datetime.fromisoformat(first.local_start)
    _check_fits(recurrence, start.date())
    times: list[Planned] = []
    skipped: list[str] = []
    for local in _local_starts(recurrence, start):
        if recurrence.until and local.date() > recurrence.until:
            break
        if local > (now + AHEAD).replace(tzinfo=None):
            raise _invalid(_end(recurrence), "It would go on for more than five years.")
        time = planned_at(local, first.zone, first.minutes)
        if time is None:
            skipped.append(_text(local))
            continue
        if len(times) == MOST_OCCURRENCES:
            raise _invalid(_end(recurrence), f"These would be more than {MOST_OCCURRENCES} times.")
        times.append(time)
        if len(times) == recurrence.count:
            break
    until = f"UNTIL={times[-1].starts_at:%Y%m%dT%H%M%SZ}"
    return Expanded(f"{rule_of(recurrence, start.date())};{until}", tuple(times), tuple(skipped))


def planned_at(local: datetime, zone: str, minutes: int) -> Planned | None:
    """The instants of a local time; None where clocks skip it."""
    there = ZoneInfo(zone)
    starts_at = local.replace(tzinfo=there, fold=0).astimezone(UTC)
    if starts_at.astimezone(there).replace(tzinfo=None) != local:
        return None
    ends_at = starts_at + timedelta(minutes=minutes)
    return Planned(_text(local), zone, minutes, starts_at, ends_at, rules=rules_version())


def rule_of(recurrence: Recurrence, first: date) -> str:
    """`FREQ=MONTHLY;BYDAY=2TU`: the rule without its end."""
    parts = [f"FREQ={recurrence.frequency.upper()}"]
    if recurrence.interval > 1:
        parts.append(f"INTERVAL={recurrence.interval}")
    weekday = WEEKDAYS[first.weekday()].upper()
    if recurrence.frequency == "weekly":
        parts.append(f"BYDAY={','.join(recurrence.weekdays).upper()}")
    elif recurrence.frequency == "monthly" and recurrence.monthly_by == "weekday":
        parts.append(f"BYDAY={_nth(first)}{weekday}")
    elif recurrence.frequency == "monthly" and recurrence.monthly_by == "last_weekday":
        parts.append(f"BYDAY=-1{weekday}")
    elif recurrence.frequency == "monthly":
        parts.append(f"BYMONTHDAY={first.day}")
    return ";".join(parts)


def _local_starts(recurrence: Recurrence, start: datetime) -> Iterator[datetime]:
    found: Iterator[datetime] = iter(rrule.rrulestr(rule_of(recurrence, start.date()), dtstart=start))
    return found


def _check_fits(recurrence: Recurrence, first: date) -> None:
    if recurrence.frequency == "weekly" and WEEKDAYS[first.weekday()] not in recurrence.weekdays:
        raise _invalid("weekdays", "The first date has to be on one of these days.")
    last = calendar.monthrange(first.year, first.month)[1]
    if recurrence.monthly_by == "last_weekday" and recurrence.frequency == "monthly" and first.day + 7 <= last:
        raise _invalid("monthly_by", "The first date is not the last of its weekday in that month.")
    if recurrence.until and recurrence.until < first:
        raise _invalid("until", "It would end before it begins.")


def _nth(first: date) -> int:
    return (first.day - 1) // 7 + 1


def _date(local_start: str) -> date:
    try:
        return datetime.fromisoformat(local_start).date()
    except ValueError:
        detail = "There is no such date or time."
        raise Invalid(detail, errors=[{"pointer": "/planned/local_start", "detail": detail}]) from None


def _end(recurrence: Recurrence) -> str:
    return "until" if recurrence.until else "count"


def _text(local: datetime) -> str:
    return local.isoformat(timespec="minutes")


def _invalid(field: str, detail: str) -> Invalid:
    return Invalid(detail, errors=[{"pointer": f"/recurrence/{field}", "detail": detail}])
