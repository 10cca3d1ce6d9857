"""The calendar entry of a series (RFC 5545 §3.8.5): one UID, a master that says what most occurrences do, and what differs. Pure.

The master carries RRULE with UNTIL and an EXDATE for each date of the rule at which nothing is; an occurrence at another time or of
another length or title is an event of its own with RECURRENCE-ID. A reader replaces the whole by the one with a higher SEQUENCE.
"""

from collections import Counter
from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from icalendar import vRecur

from services.invitations.ics import CANCEL, Entry, empty_calendar, event_of, zone_rules
from services.invitations.invitation import Occurrence, Planned, Repeats

Clock = tuple[str, str, int]
"""Time of day, zone, and length in minutes."""


def series_bytes(entry: Entry, series: Repeats, title: str | None) -> bytes:
    """The calendar object in UTF-8 with CRLF. `entry` is of the series; without a `title` no occurrence has one of its own."""
    kept = [each for each in series.occurrences if not each.cancelled]
    calendar = empty_calendar(entry.method)
    if entry.method == CANCEL or not kept:
        kept = list(series.occurrences)
    clock = _clock_of_most(series, kept)
    zones = {clock[1], *(each.planned.zone for each in kept)} - {"UTC"}
    years = [each.planned.starts_at.year for each in kept] + [int(each.recurrence_id[:4]) for each in kept]
    for zone in sorted(zones):
        calendar.add_component(zone_rules(zone, min(years), max(years)))
    dates = sorted({*(each.recurrence_id for each in kept), *series.excluded, *_cancelled(series)})
    first, last = kept[0].recurrence_id, kept[-1].recurrence_id
    meant = {each.recurrence_id for each in kept}
    master = event_of(replace(entry, planned=_at(first, clock)))
    master.add("rrule", _rule(series.rule, _at(last, clock)))
    for date in dates:
        if first <= date <= last and date not in meant:
            master.add("exdate", _local(date, clock))
    calendar.add_component(master)
    for each in kept:
        own_title = title is not None and each.title != title and bool(each.title)
        if each.planned != _at(each.recurrence_id, clock) or own_title:
            event = event_of(replace(entry, planned=each.planned, title=each.title if own_title else entry.title))
            event.add("recurrence-id", _local(each.recurrence_id, clock))
            calendar.add_component(event)
    content: bytes = calendar.to_ical()
    return content


def _clock_of_most(series: Repeats, kept: list[Occurrence]) -> Clock:
    """What most of them do; the rule's own clock where another would skip a local time on one of the dates."""
    own: Clock = (series.first.local_start[11:], series.first.zone, series.first.minutes)
    counted = Counter((each.planned.local_start[11:], each.planned.zone, each.planned.minutes) for each in kept)
    found = max(counted, key=lambda clock: (counted[clock], clock == own))
    return found if all(_exists(_local(each.recurrence_id, found)) for each in kept) else own


def _cancelled(series: Repeats) -> list[str]:
    return [each.recurrence_id for each in series.occurrences if each.cancelled]


def _local(recurrence_id: str, clock: Clock) -> datetime:
    return datetime.fromisoformat(f"{recurrence_id[:10]}T{clock[0]}").replace(tzinfo=ZoneInfo(clock[1]))


def _exists(local: datetime) -> bool:
    again = local.astimezone(ZoneInfo("UTC")).astimezone(local.tzinfo)
    return again.replace(tzinfo=None) == local.replace(tzinfo=None)


def _at(recurrence_id: str, clock: Clock) -> Planned:
    local, (_, zone, minutes) = _local(recurrence_id, clock), clock
    starts_at = local.astimezone(ZoneInfo("UTC"))
    return Planned(f"{recurrence_id[:10]}T{clock[0]}", zone, minutes, starts_at, _later(starts_at, minutes))


def _later(moment: datetime, minutes: int) -> datetime:
    return datetime.fromtimestamp(moment.timestamp() + 60 * minutes, ZoneInfo("UTC"))


def _rule(rule: str, last: Planned) -> vRecur:
    parts = [part for part in rule.split(";") if not part.startswith("UNTIL=")]
    found: vRecur = vRecur.from_ical(";".join([*parts, f"UNTIL={last.starts_at:%Y%m%dT%H%M%SZ}"]))
    return found
