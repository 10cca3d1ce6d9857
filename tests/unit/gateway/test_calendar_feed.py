"""A calendar feed as calendar programs read it: their sessions, nobody's who has no title to show, and the same bytes when nothing changed."""

from typing import Any

import vobject  # type: ignore[import-untyped]
from icalendar import Calendar

from gateway.calendar_feed.written import Words, calendar_bytes
from plumbing.ids import new_id

ROOM = {"id": new_id(), "name": "Dr Smith's room", "clinic_id": new_id()}
TITLE = "Mia's review; a, b"


def session(**more: Any) -> dict[str, Any]:
    planned = {
        "local_start": "2026-12-01T10:00", "zone": "Europe/Berlin", "minutes": 30,
        "starts_at": "2026-12-01T09:00:00.000Z", "ends_at": "2026-12-01T09:30:00.000Z",
    }  # fmt: skip
    made = {"id": new_id(), "room_id": ROOM["id"], "title": TITLE, "planned": planned, "state": "planned"}
    return {**made, "sequence": 0, "created_at": "2026-11-23T08:00:00.123Z", **more}


def feed(*sessions: dict[str, Any], titled: bool = True, rooms: Any = None) -> bytes:
    words = Words(lambda text: text, "https://clinic.example", lambda clinic_id: titled and clinic_id is not None)
    return calendar_bytes(sessions, {ROOM["id"]: ROOM} if rooms is None else rooms, words)


def test_an_independent_reader_finds_each_session_at_its_instant() -> None:
    one, two = session(), session(sequence=3)
    written = feed(one, two)
    (first, second) = vobject.readOne(written.decode()).vevent_list
    assert first.uid.value == f"{one['id']}@clinic.example"
    assert first.dtstart.value.isoformat() == "2026-12-01T09:00:00+00:00"
    assert first.dtend.value.isoformat() == "2026-12-01T09:30:00+00:00"
    assert (first.summary.value, first.location.value) == (TITLE, ROOM["name"])
    assert first.url.value == f"https://clinic.example/rooms/{ROOM['id']}"
    assert "2026-12-01 10:00 (Europe/Berlin)" in first.description.value
    assert (first.sequence.value, second.sequence.value) == ("0", "3")
    assert all(len(line) <= 75 for line in written.split(b"\r\n"))


def test_it_says_how_often_to_read_it_again_and_has_no_method() -> None:
    calendar = Calendar.from_ical(feed(session()))
    assert b"REFRESH-INTERVAL;VALUE=DURATION:PT15M\r\n" in feed(session())
    assert calendar["X-PUBLISHED-TTL"] == "PT15M"
    assert "METHOD" not in calendar


def test_cancelled_sessions_are_gone_and_an_empty_calendar_is_one() -> None:
    calendar = Calendar.from_ical(feed(session(state="cancelled")))
    assert not calendar.events


def test_without_titles_nothing_of_the_title_is_in_it_nor_where_the_room_is_not_known() -> None:
    for written in (feed(session(), titled=False), feed(session(), rooms={})):
        assert b"Mia" not in written
        assert Calendar.from_ical(written).events[0]["SUMMARY"] == "Consultation"


def test_what_did_not_change_is_written_in_the_same_bytes() -> None:
    one = session()
    assert feed(one) == feed(dict(one))
    assert feed(one) != feed({**one, "sequence": 1})
