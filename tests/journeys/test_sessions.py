"""A session from booking to cancelling, and what the client's calendar is told of it."""

import email
import email.policy
import secrets
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from icalendar import Calendar

from tests import patience
from tests.journeys.client import Mailbox, Member, address, eventually

# the shortest that there is, so that it is due within a minute of the booking
LEAD = 5


def some_time() -> str:
    """Within the year that a list shows, and hardly taken by another run."""
    moment = datetime.now(UTC) + timedelta(days=5 + secrets.randbelow(300), minutes=secrets.randbelow(24 * 60))
    return moment.strftime("%Y-%m-%dT%H:%M")


def newest_calendar(mailbox: Mailbox, to: str, subject: str) -> Any:
    """METHOD and the event of the newest mail whose subject begins so."""

    def newest() -> Any:
        message = email.message_from_bytes(mailbox.mail_to(to)["raw"], policy=email.policy.default)
        return message if message["Subject"].startswith(subject) else None

    message = eventually(newest, bool, f"the mail that begins with {subject}")
    (part,) = [part for part in message.walk() if part.get_content_type() == "text/calendar"]
    calendar = Calendar.from_ical(part.get_content())
    return calendar["METHOD"], calendar.events[0], mailbox.join_link(to) if calendar["METHOD"] == "REQUEST" else None


def test_a_timed_invitation_is_moved_and_cancelled_and_the_calendar_follows(provider: Member, mailbox: Mailbox) -> None:
    to, first, second = address(), some_time(), some_time()
    room = provider.meeting_room()
    planned = {"local_start": first, "zone": "Europe/Berlin", "minutes": 5}
    sent = provider.invite(room["id"], to, title="A review", planned=planned)["invitation"]
    method, event, link = newest_calendar(mailbox, to, "A review")
    assert (method, event["SEQUENCE"], event.start.strftime("%Y-%m-%dT%H:%M")) == ("REQUEST", 0, first)
    screen = provider.live()
    assert screen.ask(type="subscribe", topic="sessions")["type"] == "snapshot"
    path = f"/api/sessions/{sent['session_id']}"
    moved = provider.request("PATCH", path, {"planned": {**planned, "local_start": second}}).json()
    assert moved["planned"]["local_start"] == second
    screen.wait_for_view(
        lambda view: view.get("id") == moved["id"] and view["planned"]["local_start"] == second,
        "it moves on the screen",
    )
    method, later, same_link = newest_calendar(mailbox, to, "New time: A review")
    assert (method, later["SEQUENCE"], later.start.strftime("%Y-%m-%dT%H:%M")) == ("REQUEST", 1, second)
    assert (later["UID"], same_link) == (event["UID"], link)
    provider.post(f"{path}/cancel")
    method, gone, _ = newest_calendar(mailbox, to, "Cancelled: A review")
    assert (method, gone["SEQUENCE"], gone["UID"]) == ("CANCEL", 2, event["UID"])


@pytest.mark.timeout(150)
def test_who_is_invited_is_reminded_once_with_the_same_link(owner: Member, mailbox: Mailbox) -> None:
    known = owner.get("/api/settings/reminders")
    assert owner.request("PUT", "/api/settings/reminders", {"minutes_before": [LEAD]}).ok
    to = address()
    moment = datetime.now(UTC) + timedelta(minutes=LEAD + 1)
    planned = {"local_start": moment.strftime("%Y-%m-%dT%H:%M"), "zone": "UTC", "minutes": 5}
    room = owner.post("/api/rooms", {"name": to})
    path = ""
    try:
        sent = owner.invite(room["id"], to, title="A review", planned=planned)["invitation"]
        path = f"/api/sessions/{sent['session_id']}"
        first_link = mailbox.join_link(to)
        patience.eventually(lambda: states(owner.get(path)) == {LEAD: "sent"}, what="the reminder is sent", seconds=90)
        message = email.message_from_bytes(mailbox.mail_to(to, number=2)["raw"], policy=email.policy.default)
        assert message["Subject"] == "Reminder: A review"
        assert not [part for part in message.walk() if part.get_content_type() == "text/calendar"]
        assert mailbox.join_link(to) == first_link
    finally:
        owner.request("PUT", "/api/settings/reminders", known)
        owner.request("POST", f"{path}/cancel", {})
        owner.request("DELETE", f"/api/rooms/{room['id']}", {})


def states(session: dict[str, Any]) -> dict[int, str]:
    return {each["minutes_before"]: each["state"] for each in session["reminders"]}
