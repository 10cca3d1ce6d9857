"""Planned times: a wall-clock time in a named zone, and the instants that it means. Pure.

A planned time is what people agreed on, so the local time and the zone are kept beside the instant computed from them, with the
version of the rules by which it was computed (zone_rules.py).
Where clocks are set back, an hour happens twice: the first of the two is meant unless the second is asked for. Where they are
set forward, an hour does not happen at all: it is refused. (RFC 5545 §3.3.5 reads the doubled hour the same way.)
"""

import zoneinfo
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import cache

from contracts.errors import Invalid
from services.scheduler.zone_rules import rules_version

# A session may be booked a little after it was to begin: the form was open while its time came.
LATE = timedelta(minutes=15)
AHEAD = timedelta(days=5 * 366)
LONGEST = timedelta(minutes=24 * 60)
FIRST, SECOND = "first", "second"
UTC_ZONE = "UTC"


@dataclass(frozen=True)
class Planned:
    """`local_start` as `2026-11-30T10:00`, in the IANA zone; `starts_at` and `ends_at` are what that means in UTC.

    `which` of the two is meant where the local time comes twice; `rules`: the zones' version that it was computed with.
    """

    local_start: str
    zone: str
    minutes: int
    starts_at: datetime
    ends_at: datetime
    which: str = FIRST
    rules: str = ""


def plan(local_start: str, zone: str, minutes: int, which: str = FIRST, *, now: datetime) -> Planned:
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
    starts_at = _instant(local, zone, which)
    if starts_at.astimezone(there).replace(tzinfo=None) != local:
        raise _invalid(
            "local_start", "Clocks are set forward in this zone then, so that there is no such time that day."
        )
    if which == SECOND and starts_at == _instant(local, zone, FIRST):
        raise _invalid("which", "This time comes only once on that day.")
    if starts_at < now - LATE:
        raise _invalid("local_start", "This time has passed.")
    return Planned(
        local_start, zone, minutes, starts_at, starts_at + timedelta(minutes=minutes), which, rules_version()
    )


def choices(planned: Planned) -> list[tuple[str, datetime]]:
    """Both starts of a local time that comes twice, each under what `which` calls it; none where it comes once."""
    local = datetime.fromisoformat(planned.local_start)
    first, second = (_instant(local, planned.zone, which) for which in (FIRST, SECOND))
    # of a time that is skipped the "second" is the earlier one (PEP 495)
    return [(FIRST, first), (SECOND, second)] if first < second else []


def computed_again(planned: Planned) -> Planned:
    """The same local time by the rules of today. One that is skipped by them begins as much later as clocks are set forward."""
    starts_at = _instant(datetime.fromisoformat(planned.local_start), planned.zone, planned.which)
    ends_at = starts_at + timedelta(minutes=planned.minutes)
    return replace(planned, starts_at=starts_at, ends_at=ends_at, rules=rules_version())


def _instant(local: datetime, zone: str, which: str) -> datetime:
    # fold tells the two of a doubled hour apart (PEP 495)
    return local.replace(tzinfo=zoneinfo.ZoneInfo(zone), fold=int(which == SECOND)).astimezone(UTC)


@cache
def _zones() -> frozenset[str]:
    # these are files of the zone database, not places
    return frozenset(zoneinfo.available_timezones()) - {"Factory", "localtime", "posixrules"}


def _invalid(field: str, detail: str) -> Invalid:
    return Invalid(detail, errors=[{"pointer": f"/planned/{field}", "detail": detail}])
