"""A member's calendar program: reads their sessions by an address alone, follows what is moved, and stops when it is taken away."""

import hashlib
from typing import Any

import requests
from icalendar import Calendar

from tests.journeys.client import Member, eventually
from tests.journeys.test_sessions import some_time

NEUTRAL = {"neutral": True}


def read(base_url: str, secret: str, **headers: str) -> requests.Response:
    """As a calendar program does: no cookie, no header of ours."""
    return requests.get(f"{base_url}/calendar/{secret}.ics", headers=headers, timeout=20)


def test_a_calendar_program_reads_and_follows_the_sessions_of_whoever_gave_it_the_address(
    owner: Member, stack: dict[str, Any]
) -> None:
    base, title = stack["base_url"], "Review of the week"
    secret = owner.post("/api/calendar-feed", {"titles": True})["secret"]
    room = owner.post("/api/rooms", {"name": f"Feed {secret[:6]}"})
    planned = {"local_start": some_time(), "zone": "Europe/Berlin", "minutes": 30}
    session = owner.post("/api/sessions", {"room_id": room["id"], "title": title, "planned": planned, "override": True})
    first = read(base, secret)
    assert (first.status_code, first.headers["Content-Type"]) == (200, "text/calendar; charset=utf-8")

    def event(answer: requests.Response) -> Any:
        events = {str(each["UID"]).partition("@")[0]: each for each in Calendar.from_ical(answer.content).events}
        return events.get(session["id"])

    shown = event(first)
    assert shown is not None
    assert (shown["SUMMARY"], shown["LOCATION"]) == (title, room["name"])
    again = read(base, secret, **{"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    moved = {**planned, "local_start": some_time()}
    assert owner.request("PATCH", f"/api/sessions/{session['id']}", {"planned": moved, "override": True}).ok
    later = event(read(base, secret, **{"If-None-Match": first.headers["ETag"]}))
    assert later is not None
    assert later["SEQUENCE"] == 1
    assert later["DTSTART"].dt != shown["DTSTART"].dt
    owner.post(f"/api/sessions/{session['id']}/cancel")
    assert event(read(base, secret)) is None
    owner.request("DELETE", f"/api/rooms/{room['id']}")


def test_a_new_address_ends_the_old_one_and_switching_off_ends_both(owner: Member, stack: dict[str, Any]) -> None:
    first = owner.post("/api/calendar-feed", {})["secret"]
    second = owner.post("/api/calendar-feed", {})["secret"]
    assert read(stack["base_url"], first).status_code == 404
    assert read(stack["base_url"], second).status_code == 200
    assert owner.get("/api/calendar-feed")["titles"] is False
    assert hashlib.sha256(second.encode()).hexdigest() not in str(owner.get("/api/calendar-feed"))
    assert owner.request("DELETE", "/api/calendar-feed").ok
    assert read(stack["base_url"], second).status_code == 404
    assert owner.get("/api/calendar-feed")["made_at"] is None


def test_where_wording_is_neutral_no_title_leaves_the_house(owner: Member, stack: dict[str, Any]) -> None:
    secret = owner.post("/api/calendar-feed", {"titles": True})["secret"]
    known = owner.get("/api/settings/mail")["organisation"]["neutral"]
    room = owner.post("/api/rooms", {"name": f"Neutral {secret[:6]}"})
    planned = {"local_start": some_time(), "zone": "UTC", "minutes": 30}
    asked = {"room_id": room["id"], "title": "Knee of Mia", "planned": planned, "override": True}
    session = owner.post("/api/sessions", asked)
    try:
        assert b"Knee of Mia" in read(stack["base_url"], secret).content
        assert owner.request("PATCH", "/api/settings/mail", NEUTRAL).ok
        eventually(
            lambda: read(stack["base_url"], secret).content, lambda content: b"Knee of Mia" not in content, "no title"
        )
        assert session["id"].encode() in read(stack["base_url"], secret).content
    finally:
        owner.request("PATCH", "/api/settings/mail", {"neutral": known})
        owner.post(f"/api/sessions/{session['id']}/cancel")
        owner.request("DELETE", "/api/rooms/" + room["id"])
