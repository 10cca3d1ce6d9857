"""Sessions as one calendar (RFC 5545), each an event of its own; times are instants, so that no zone's rules travel along. Pure."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from icalendar import Calendar, Event

PRODUCT = "-//Housecall//Calendar feed//EN"
READ_AGAIN_AFTER = timedelta(minutes=15)
# a machine that did not change says so by the same bytes: an event's own stamp, not the moment of reading
_LONG_AGO = "2020-01-01T00:00:00Z"


@dataclass(frozen=True)
class Words:
    """What a feed says: `base_url` without a slash at its end; `titled` whether a session in this clinic is named by its title."""

    gettext: Callable[[str], str]
    base_url: str
    titled: Callable[[str | None], bool]


def calendar_bytes(
    sessions: Iterable[Mapping[str, Any]], rooms: Mapping[str, Mapping[str, Any]], words: Words
) -> bytes:
    """The calendar in UTF-8 with CRLF: sessions as contracts.scheduler.SessionView, but cancelled ones; rooms by id."""
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    # a feed has no METHOD (RFC 5546); its name and pace, for programs that know RFC 7986 and those that know the older words
    calendar.add("name", "Housecall")
    calendar.add("x-wr-calname", "Housecall")
    calendar.add("refresh-interval", READ_AGAIN_AFTER)
    calendar["refresh-interval"].params["VALUE"] = "DURATION"
    calendar.add("x-published-ttl", "PT15M")
    for session in sessions:
        if session["state"] != "cancelled":
            calendar.add_component(_event(session, rooms.get(session["room_id"]), words))
    written: bytes = calendar.to_ical()
    return written


def _event(session: Mapping[str, Any], room: Mapping[str, Any] | None, words: Words) -> Event:
    planned = session["planned"]
    link = f"{words.base_url}/rooms/{session['room_id']}"
    named = session["title"] if words.titled(room.get("clinic_id") if room else None) else ""
    event = Event()
    event.add("uid", f"{session['id']}@{_host(words.base_url)}")
    event.add("dtstamp", _instant(session.get("created_at") or _LONG_AGO))
    event.add("sequence", session["sequence"])
    event.add("dtstart", _instant(planned["starts_at"]))
    event.add("dtend", _instant(planned["ends_at"]))
    event.add("summary", named or words.gettext("Consultation"))
    event.add("location", room["name"] if room else link)
    event.add("description", f"{planned['local_start'].replace('T', ' ')} ({planned['zone']})\n{link}")
    event.add("url", link)
    event.add("status", "CONFIRMED")
    # busy for others, and for nobody else to read where the program heeds it
    event.add("class", "PRIVATE")
    event.add("transp", "OPAQUE")
    return event


def _instant(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC).replace(microsecond=0)


def _host(base_url: str) -> str:
    return base_url.partition("://")[2].partition("/")[0].partition(":")[0]
