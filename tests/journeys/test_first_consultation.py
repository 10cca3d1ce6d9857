"""From an invitation to the end of the call, as programs see it: the public API and the live connection."""

import email
import email.policy
from datetime import datetime
from typing import Any

from icalendar import Calendar

from tests.journeys.client import Guest, Mailbox, Member, Visitor, address, eventually, text_of


def callers_of(member: Member, room_id: str) -> list[dict[str, Any]]:
    return member.get(f"/api/rooms/{room_id}/callers")["items"]


def test_each_recipient_gets_a_mail_of_their_own(provider: Member, mailbox: Mailbox) -> None:
    first, second = address(), address()
    sent = provider.invite(provider.user_room()["id"], f"{first}, {second}")
    assert [verdict["accepted"] for verdict in sent["verdicts"]] == [True, True]
    for own, other in ((first, second), (second, first)):
        raw = mailbox.mail_to(own)["raw"].decode()
        assert other not in raw
        message = email.message_from_string(raw, policy=email.policy.default)
        text = text_of(message)
        assert "My first call" in text
        assert "Please come." in text
        assert "/patient-information" in text
    assert mailbox.join_link(first) != mailbox.join_link(second)


def test_one_bad_address_stops_nobody_else(provider: Member, mailbox: Mailbox) -> None:
    good = address()
    sent = provider.invite(provider.user_room()["id"], f"{good}, a@x.com@evil.com")
    assert [verdict["accepted"] for verdict in sent["verdicts"]] == [True, False]
    assert sent["verdicts"][1]["reason"]
    mailbox.mail_to(good)


def test_a_time_makes_a_session_and_a_calendar_entry(provider: Member, mailbox: Mailbox) -> None:
    to = address()
    room = provider.meeting_room()
    day = f"2027-03-{int(to[7:9], 16) % 28 + 1:02d}T{int(to[9:11], 16) % 24:02d}:{int(to[11:13], 16) % 60:02d}"
    sent = provider.invite(room["id"], to, planned={"local_start": day, "zone": "Europe/Berlin", "minutes": 5})
    session_id = sent["invitation"]["session_id"]
    session = provider.get(f"/api/sessions/{session_id}")
    assert session["planned"]["local_start"] == day
    message = email.message_from_bytes(mailbox.mail_to(to)["raw"], policy=email.policy.default)
    calendars = [part for part in message.walk() if part.get_content_type() == "text/calendar"]
    calendar = Calendar.from_ical(calendars[0].get_content())
    assert calendar["METHOD"] == "REQUEST"
    event = calendar.events[0]
    assert event.start.strftime("%Y-%m-%dT%H:%M") == day
    assert isinstance(event.start, datetime)
    assert str(event.start.tzinfo) == "Europe/Berlin"
    assert session_id in str(event["UID"])


def test_a_client_arrives_waits_and_is_accepted(provider: Member, mailbox: Mailbox, stack: dict[str, Any]) -> None:
    to = address()
    room = provider.user_room()
    left_over = provider.get(f"/api/rooms/{room['id']}/call")["call"]
    if left_over:
        provider.post(f"/api/calls/{left_over['id']}/end")
    eventually(provider.user_room, lambda view: view["in_call"] == 0, "an earlier run's call is over")
    screen = provider.live()
    assert screen.ask(type="subscribe", topic=f"room:{room['id']}")["type"] == "snapshot"
    provider.invite(room["id"], to)
    with Guest(stack, mailbox.join_link(to)) as client:
        hello = client.hello()
        assert hello["room_name"] == room["name"]
        caller = client.arrive("Mia K.")
        seen = screen.wait_for_view(
            lambda view: view.get("display_name") == "Mia K.", "the caller on the host's screen"
        )
        assert seen["state"] == "waiting"
        phone = client.live()
        assert phone.ask(type="subscribe", topic="caller")["type"] == "snapshot"
        accepted = provider.post(f"/api/callers/{caller['id']}/accept")
        assert accepted["state"] in ("admitted", "in_call")
        phone.wait_for_view(lambda view: view.get("state") == "admitted", "the client is told")
        seat = phone.ask(type="call.join", device_id="phone")
        assert seat["type"] == "reply", seat
        assert seat["result"]["role"] == "guest"
        eventually(lambda: callers_of(provider, room["id"]), lambda rows: rows[0]["state"] == "in_call", "in the call")
        card = eventually(provider.user_room, lambda view: view["in_call"] == 1, "the card counts them")
        assert card["waiting"] == 0
        provider.post(f"/api/calls/{seat['result']['call_id']}/end")
        phone.wait_for_view(lambda view: view.get("end_reason") == "completed", "the client is told that it is over")
    eventually(lambda: callers_of(provider, room["id"]), lambda rows: rows == [], "nobody is left")


def test_nobody_enters_before_they_are_accepted(provider: Member, stack: dict[str, Any]) -> None:
    room = provider.user_room()
    with Guest(stack, f"/join/room/{room['link']}") as client:
        caller = client.arrive("Early Bird")
        phone = client.live()
        phone.ask(type="subscribe", topic="caller")
        refused = phone.ask(type="call.join", device_id="phone")
        assert refused["type"] == "error"
        assert refused["problem"]["status"] in (403, 409)
        provider.post(f"/api/callers/{caller['id']}/refuse", {"message": "Please ring reception."})
        told = phone.wait_for_view(lambda view: view.get("end_reason") == "refused", "the client is told")
        assert told["end_message"] == "Please ring reception."


def test_pressing_accept_twice_does_nothing_more(provider: Member, stack: dict[str, Any]) -> None:
    room = provider.user_room()
    with Guest(stack, f"/join/room/{room['link']}") as client:
        caller = client.arrive("Omar B.")
        first = provider.post(f"/api/callers/{caller['id']}/accept")
        second = provider.post(f"/api/callers/{caller['id']}/accept")
        assert first["version"] == second["version"]
        client.post("/api/caller/leave" + f"?link={client.path.rpartition('/join/')[2]}")


def test_reception_sees_the_queue_of_a_user_room_and_never_enters_it(
    provider: Member, coordinator: Member, stack: dict[str, Any]
) -> None:
    room = provider.user_room()
    with Guest(stack, f"/join/room/{room['link']}") as client:
        caller = client.arrive("Lena")
        assert caller["id"] in [row["id"] for row in callers_of(coordinator, room["id"])]
        assert coordinator.request("POST", f"/api/callers/{caller['id']}/accept", {}).status_code == 403
        answer = coordinator.live().ask(type="call.join", room_id=room["id"], device_id="desk")
        assert answer["type"] == "error"
        provider.post(f"/api/callers/{caller['id']}/refuse", {})


def test_a_screen_that_was_away_misses_nothing(provider: Member, stack: dict[str, Any]) -> None:
    room = provider.user_room()
    before = provider.live()
    before.ask(type="subscribe", topic=f"room:{room['id']}")
    before.close()
    with Guest(stack, f"/join/room/{room['link']}") as client:
        caller = client.arrive("While you were away")
        again = provider.live().ask(type="subscribe", topic=f"room:{room['id']}")
        names = [item["view"].get("display_name") for item in again["items"]]
        assert "While you were away" in names
        provider.post(f"/api/callers/{caller['id']}/refuse", {})


def test_opening_a_link_a_hundred_times_spends_nothing(provider: Member, mailbox: Mailbox, visitor: Visitor) -> None:
    to = address()
    sent = provider.invite(provider.user_room()["id"], to)
    link = mailbox.join_link(to)
    for _ in range(100):
        assert visitor.http.get(link, timeout=10).status_code == 200
    recipient = provider.get(f"/api/invitations/{sent['invitation']['id']}")["recipients"][0]
    assert recipient["opened"] in (None, "machine")
    with Guest(provider.stack, link) as client:
        caller = client.arrive("Still works")
        provider.post(f"/api/callers/{caller['id']}/refuse", {})
