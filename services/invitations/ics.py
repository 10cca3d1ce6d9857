"""The calendar part of a mail (RFC 5545, RFC 5546): one session, one attendee, a stable UID and a rising SEQUENCE. Pure."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event, Timezone, TimezoneDaylight, TimezoneStandard, vCalAddress, vText

from services.invitations.invitation import Planned

PRODUCT = "-//Housecall//Invitations//EN"
REQUEST, CANCEL = "REQUEST", "CANCEL"
# no zone changes twice within so few days, but for a pause in Ramadan, which is longer
_STEP = timedelta(days=20)
_STEPS_IN_A_YEAR = 18.3


@dataclass(frozen=True)
class Entry:
    """What a calendar shows. `revision` is SEQUENCE; `method` is REQUEST or CANCEL; addresses without `mailto:`."""

    uid: str
    revision: int
    method: str
    planned: Planned
    title: str
    description: str
    link: str
    organiser_name: str
    organiser_address: str
    attendee_name: str | None
    attendee_address: str
    stamped_at: datetime


def empty_calendar(method: str) -> Calendar:
    """A calendar object without an entry."""
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", method)
    return calendar


def calendar_bytes(entry: Entry) -> bytes:
    """The calendar object in UTF-8 with CRLF."""
    calendar = empty_calendar(entry.method)
    if entry.planned.zone != "UTC":
        calendar.add_component(
            zone_rules(entry.planned.zone, entry.planned.starts_at.astimezone(ZoneInfo(entry.planned.zone)).year)
        )
    calendar.add_component(event_of(entry))
    content: bytes = calendar.to_ical()
    return content


def event_of(entry: Entry) -> Event:
    """The session as one event."""
    zone = ZoneInfo(entry.planned.zone)
    starts, ends = entry.planned.starts_at.astimezone(zone), entry.planned.ends_at.astimezone(zone)
    event = Event()
    event.add("uid", entry.uid)
    event.add("dtstamp", entry.stamped_at)
    event.add("sequence", entry.revision)
    event.add("dtstart", starts)
    event.add("dtend", ends)
    event.add("summary", entry.title)
    event.add("description", entry.description)
    event.add("location", entry.link)
    event.add("url", entry.link)
    event.add("status", "CANCELLED" if entry.method == CANCEL else "CONFIRMED")
    event.add("organizer", _person(entry.organiser_address, entry.organiser_name))
    attendee = _person(entry.attendee_address, entry.attendee_name)
    attendee.params["ROLE"] = vText("REQ-PARTICIPANT")
    attendee.params["PARTSTAT"] = vText("NEEDS-ACTION")
    attendee.params["RSVP"] = vText("TRUE")
    event.add("attendee", attendee)
    return event


def _person(address: str, name: str | None) -> vCalAddress:
    person = vCalAddress(f"mailto:{address}")
    if name:
        # a quoted parameter value cannot hold a quotation mark (RFC 5545 §3.2)
        person.params["CN"] = vText(name.replace('"', "'"))
    return person


@lru_cache(maxsize=256)
def zone_rules(name: str, year: int, last: int | None = None) -> Timezone:
    """The zone's changes around that year, or until a last one, not those of all time, which would be most of the mail."""
    rules = Timezone()
    rules.add("tzid", name)
    zone = ZoneInfo(name)
    first = datetime(year - 1, 1, 1, tzinfo=UTC)
    rules.add_component(_change(zone, first, first))
    for step in range(int(((last or year) - year + 3) * _STEPS_IN_A_YEAR) + 1):
        before = first + step * _STEP
        if before.astimezone(zone).utcoffset() != (before + _STEP).astimezone(zone).utcoffset():
            rules.add_component(_change(zone, before, _moment_of_change(zone, before, before + _STEP)))
    return rules


def _change(zone: ZoneInfo, before: datetime, at: datetime) -> TimezoneStandard | TimezoneDaylight:
    """From `at` on; its time is told by the clock that was right until then (RFC 5545 §3.6.5)."""
    old, new = before.astimezone(zone), at.astimezone(zone)
    old_offset, new_offset = old.utcoffset() or timedelta(), new.utcoffset() or timedelta()
    change = TimezoneDaylight() if new.dst() else TimezoneStandard()
    change.add("dtstart", (at + old_offset).replace(tzinfo=None))
    change.add("tzoffsetfrom", old_offset)
    change.add("tzoffsetto", new_offset)
    change.add("tzname", new.tzname())
    return change


def _moment_of_change(zone: ZoneInfo, before: datetime, after: datetime) -> datetime:
    """The first second, in UTC, of the offset that holds at `after`; there is one change between the two."""
    offset = after.astimezone(zone).utcoffset()
    while after - before > timedelta(seconds=1):
        middle = (before + (after - before) / 2).replace(microsecond=0)
        if middle.astimezone(zone).utcoffset() == offset:
            after = middle
        else:
            before = middle
    return after
