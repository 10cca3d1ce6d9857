"""A weekly clinic from booking to cancelling, and what the client's calendar and link make of it."""

import secrets
from datetime import UTC, datetime, timedelta
from typing import Any

from tests.journeys.client import Guest, Mailbox, Member, address
from tests.journeys.test_sessions import newest_calendar


def some_tuesday() -> datetime:
    """Within the coming months, and hardly taken by another run."""
    day = datetime.now(UTC).replace(tzinfo=None, second=0, microsecond=0) + timedelta(days=5 + secrets.randbelow(200))
    day += timedelta(days=(1 - day.weekday()) % 7)
    return day.replace(hour=3 + secrets.randbelow(20), minute=secrets.randbelow(60))


def text_of(moment: datetime) -> str:
    return moment.isoformat(timespec="minutes")


def at(moment: datetime) -> dict[str, Any]:
    return {"local_start": text_of(moment), "zone": "Europe/Berlin", "minutes": 5}


def test_a_weekly_clinic_is_booked_moved_by_one_and_cut_short(provider: Member, mailbox: Mailbox) -> None:
    to, first = address(), some_tuesday()
    room = provider.meeting_room()
    weekly = {"frequency": "weekly", "count": 6}
    asked = {"room_id": room["id"], "planned": at(first), "recurrence": weekly}
    preview = provider.post("/api/sessions/preview", asked)
    assert [item["local_start"] for item in preview["items"]] == [text_of(first + timedelta(weeks=n)) for n in range(6)]
    sent = provider.invite(room["id"], to, title="Clinic", planned=at(first), recurrence=weekly)["invitation"]
    session = provider.get(f"/api/sessions/{sent['session_id']}")
    method, event, link = newest_calendar(mailbox, to, "Clinic")
    assert (method, event["SEQUENCE"], event["RRULE"]["BYDAY"]) == ("REQUEST", 0, ["TU"])

    taken = provider.request(
        "POST", "/api/sessions", {"room_id": room["id"], "title": "", "planned": at(first), "recurrence": weekly}
    )
    assert taken.status_code == 409
    assert len(taken.json()["conflicts"]) == 6
    endless = {"room_id": room["id"], "title": "", "planned": at(first), "recurrence": {"frequency": "daily"}}
    refused = provider.request("POST", "/api/sessions", endless)
    assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (422, "/recurrence/count")

    items = provider.get(f"/api/series/{session['series_id']}")["items"]
    third = items[2]
    moved_to = first + timedelta(weeks=2, days=1)
    change = {"planned": at(moved_to), "scope": "one", "version": third["version"]}
    assert provider.request("PATCH", f"/api/sessions/{third['id']}", change).status_code == 200
    assert provider.request("PATCH", f"/api/sessions/{third['id']}", {**change, "title": "Late"}).status_code == 412
    method, event, same_link = newest_calendar(mailbox, to, "New times: Clinic")
    assert (method, event["SEQUENCE"], same_link) == ("REQUEST", 1, link)

    provider.post(f"/api/sessions/{items[4]['id']}/cancel", {"scope": "following"})
    items = provider.get(f"/api/series/{session['series_id']}")["items"]
    assert [item["state"] for item in items] == ["planned"] * 4 + ["cancelled"] * 2
    assert Guest(provider.stack, link).hello()["planned"]["local_start"] == text_of(first)

    provider.post(f"/api/sessions/{items[0]['id']}/cancel", {"scope": "all"})
    method, gone, _ = newest_calendar(mailbox, to, "Cancelled: Clinic")
    assert (method, gone["UID"]) == ("CANCEL", event["UID"])
