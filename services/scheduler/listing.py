"""Which sessions a list is about when its reader gives bounds, or gives none. Pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from contracts.errors import Invalid
from contracts.fields import instant_text, moment_of

# Without a lower bound a list begins a day ago: wherever the reader is, all of today is in it.
A_DAY = timedelta(days=1)
LONGEST_RANGE = timedelta(days=366)


@dataclass(frozen=True)
class Range:
    """Sessions that overlap [`starts_from`, `starts_until`)."""

    starts_from: datetime
    starts_until: datetime


@dataclass(frozen=True)
class Place:
    """Where a page ended: a list goes by start, and of those of one start by id."""

    starts_at: datetime
    id: str

    def __str__(self) -> str:
        return f"{instant_text(self.starts_at)}_{self.id}"


def place_of(cursor: str) -> Place:
    """The place that a cursor says. Raises Invalid for what is none."""
    moment, _, id = cursor.partition("_")
    starts_at = moment_of(moment)
    if starts_at is None or not id:
        raise Invalid(errors=[{"pointer": "/cursor", "detail": "Give the cursor as the page before answered it."}])
    return Place(starts_at, id)


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
