"""Which sessions a list is about when its reader gives bounds, or gives none. Pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from contracts.errors import Invalid

# Without a lower bound a list begins a day ago: wherever the reader is, all of today is in it.
A_DAY = timedelta(days=1)
LONGEST_RANGE = timedelta(days=366)


@dataclass(frozen=True)
class Range:
    """Sessions that overlap [`starts_from`, `starts_until`)."""

    starts_from: datetime
    starts_until: datetime


def asked_range(starts_from: datetime | None, starts_until: datetime | None, now: datetime) -> Range:
    """The range that was asked for, at most a year. Raises Invalid when it ends before it begins or is longer."""
    begin = starts_from or (now - A_DAY if starts_until is None else min(now - A_DAY, starts_until - A_DAY))
    end = starts_until or begin + LONGEST_RANGE
    if end <= begin:
        raise _invalid("The list would end before it begins.")
    if end - begin > LONGEST_RANGE:
        raise _invalid("Ask for at most a year at once.")
    return Range(begin, end)


def _invalid(detail: str) -> Invalid:
    return Invalid(detail, errors=[{"pointer": "/starts_until", "detail": detail}])
