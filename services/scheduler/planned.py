"""Planned times: a wall-clock time in a named zone, and the instants that it means. Pure.

A planned time is what people agreed on, so the local time and the zone are kept beside the instant computed from them.
Where clocks are set back, an hour happens twice: the first of the two is meant. Where they are set forward, an hour does
not happen at all: it is refused. (RFC 5545 §3.3.5 reads the doubled hour the same way.)
"""

import zoneinfo
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache

from contracts.errors import Invalid

# A session may be booked a little after it was to begin: the form was open while its time came.
LATE = timedelta(minutes=15)
AHEAD = timedelta(days=5 * 366)
LONGEST = timedelta(minutes=24 * 60)


@dataclass(frozen=True)
class Planned:
    """`local_start` as `2026-11-30T10:00`, in the IANA zone; `starts_at` and `ends_at` are what that means in UTC."""

    local_start: str
    zone: str
    minutes: int
    starts_at: datetime
    ends_at: datetime


def plan(local_start: str, zone: str, minutes: int, *, now: datetime) -> Planned:
    """The instants of a local time. Raises Invalid, with pointers into the command: no such zone, no such time, or past."""
    if zone not in _zones():
        raise _invalid("zone", "This is no time zone as in Europe/Berlin.")
    try:
        local = datetime.fromisoformat(local_start)
    except ValueError:
        raise _invalid("local_start", "There is no such date or time.") from None
    if local > (now + AHEAD).replace(tzinfo=None):
        raise _invalid("local_start", "This is more than five years ahead.")
    there = zoneinfo.ZoneInfo(zone)
    # fold=0 is the first of a doubled hour (PEP 495)
    starts_at = local.replace(tzinfo=there, fold=0).astimezone(UTC)
    if starts_at.astimezone(there).replace(tzinfo=None) != local:
        raise _invalid(
            "local_start", "Clocks are set forward in this zone then, so that there is no such time that day."
        )
    if starts_at < now - LATE:
        raise _invalid("local_start", "This time has passed.")
    return Planned(local_start, zone, minutes, starts_at, starts_at + timedelta(minutes=minutes))


@cache
def _zones() -> frozenset[str]:
    # these are files of the zone database, not places
    return frozenset(zoneinfo.available_timezones()) - {"Factory", "localtime", "posixrules"}


def _invalid(field: str, detail: str) -> Invalid:
    return Invalid(detail, errors=[{"pointer": f"/planned/{field}", "detail": detail}])
