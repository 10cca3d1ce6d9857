"""When a Waiting Area is open: local times of weekdays in one zone, turned into moments when somebody asks. Pure.

A time that a zone skips is the moment after the gap. Of a time that comes twice an area opens at the first and closes at the second,
so that nobody stands before a closed door in between. Closing at or before the opening means the next day.
"""

import datetime as dt
import zoneinfo
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from contracts.errors import Invalid

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_A_WEEK_AND_A_DAY = 8


@dataclass(frozen=True)
class Opening:
    """On one weekday, from `opens` to `closes`, both as `09:00` local time."""

    weekday: str
    opens: str
    closes: str


# None: always open
Hours = Sequence[Opening] | None


def checked_zone(zone: str) -> str:
    """The zone. Raises Invalid for a name that is none of IANA's."""
    try:
        zoneinfo.ZoneInfo(zone)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError) as error:
        detail = "There is no such time zone. Give one as in Europe/Berlin."
        raise Invalid(detail, errors=[{"pointer": "/zone", "detail": detail}]) from error
    return zone


def is_open(hours: Hours, zone: str, now: dt.datetime) -> bool:
    """Whether it is open at that moment; at the closing time it is not."""
    return hours is None or any(opens <= now < closes for opens, closes in _spans(hours, zone, now))


def next_opening(hours: Hours, zone: str, now: dt.datetime) -> dt.datetime | None:
    """When it opens next, in UTC; none while it is open, and where it never opens."""
    if hours is None or is_open(hours, zone, now):
        return None
    return min((opens for opens, closes in _spans(hours, zone, now) if opens > now and opens < closes), default=None)


def closing(hours: Hours, zone: str, now: dt.datetime) -> dt.datetime | None:
    """When it closes, in UTC; none while it is closed, and where it never closes. Openings that touch are one."""
    if hours is None:
        return None
    spans = sorted(_spans(hours, zone, now))
    end: dt.datetime | None = None
    for opens, closes in spans:
        if opens <= (end or now) < closes:
            end = closes
    # one that goes on to where the look ends closes on none of those days
    return None if end is not None and end == max(closes for _, closes in spans) else end


def _spans(hours: Sequence[Opening], zone: str, now: dt.datetime) -> Iterator[tuple[dt.datetime, dt.datetime]]:
    """Every opening around that moment, from the day before until a week later, as (opens, closes) in UTC."""
    place = zoneinfo.ZoneInfo(zone)
    today = now.astimezone(place).date()
    for days in range(-1, _A_WEEK_AND_A_DAY + 1):
        date = today + dt.timedelta(days=days)
        for each in hours:
            if WEEKDAYS[date.weekday()] == each.weekday:
                ends = date + dt.timedelta(days=each.closes <= each.opens)
                yield _moment(date, each.opens, place, 0), _moment(ends, each.closes, place, 1)


def _moment(date: dt.date, time: str, place: zoneinfo.ZoneInfo, fold: int) -> dt.datetime:
    """A local time in UTC. Of a skipped time, fold 0 counts with the offset before the gap: the moment after it."""
    local = dt.datetime.combine(date, dt.time.fromisoformat(time), tzinfo=place)
    moments = [local.replace(fold=each).astimezone(dt.UTC) for each in (0, 1)]
    # where the first is the later one the time is skipped
    return max(moments[0], moments[fold])
