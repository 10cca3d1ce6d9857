"""People come to a session that is booked and leave it, and only they hear of it."""

import email
import email.policy
from datetime import timedelta
from typing import Any

from icalendar import Calendar

from tests.journeys.client import Guest, Mailbox, Member, address
from tests.journeys.test_series import at, some_tuesday, text_of
from tests.journeys.test_sessions import newest_calendar, some_time


def guests(session: dict[str, Any]) -> str:
    return f"/api/sessions/{session['id']}/guests"


def remove(member: Member, session: dict[str, Any], recipient_id: str, scope: str = "one") -> Any:
    answer = member.request("DELETE", f"{guests(session)}/{recipient_id}", {"scope": scope})
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_a_session_without_guests_gets_two_and_loses_one(provider: Member, mailbox: Mailbox) -> None:
    mia, bob, room = address(), address(), provider.meeting_room()
    planned = {"local_start": some_time(), "zone": "Europe/Berlin", "minutes": 5}
    session = provider.post("/api/sessions", {"room_id": room["id"], "title": "A review", "planned": planned})
    assert (session["invitation_id"], session["reminders"]) == (None, [])
    roles = [{"address": bob, "role": "carer", "for_address": mia}]
    first = provider.post(guests(session), {"recipients": f"Mia <{mia}>, no address", "message": "Bring your pills."})
    assert [verdict["accepted"] for verdict in first["verdicts"]] == [True, False]
    method, event, link = newest_calendar(mailbox, mia, "A review")
    assert (method, event["SEQUENCE"]) == ("REQUEST", 0)

    later = some_time()
    provider.request("PATCH", f"/api/sessions/{session['id']}", {"planned": {**planned, "local_start": later}})
    second = provider.post(guests(session), {"recipients": f"{bob}, {mia}", "roles": roles})
    assert second["invitation"]["id"] == first["invitation"]["id"]
    assert [verdict["reason"] is None for verdict in second["verdicts"]] == [True, False]
    method, his, his_link = newest_calendar(mailbox, bob, "A review")
    assert (method, his["SEQUENCE"], his["UID"]) == ("REQUEST", 1, event["UID"])
    assert his.start.strftime("%Y-%m-%dT%H:%M") == later
    known = provider.get(f"/api/sessions/{session['id']}")
    assert known["invitation_id"] == second["invitation"]["id"]
    assert known["reminders"]

    recipients = {one["address"]: one for one in second["invitation"]["recipients"]}
    assert recipients[bob]["for_recipient_id"] == recipients[mia]["id"]
    gone = remove(provider, session, recipients[bob]["id"])
    assert [bool(one["removed_at"]) for one in gone["recipients"]] == [False, True]
    assert (
        Guest(provider.stack, his_link).request("GET", f"/api{his_link[his_link.index('/join/') :]}").status_code == 410
    )
    method, his, _ = newest_calendar(mailbox, bob, "No longer invited")
    assert (method, his["SEQUENCE"], his["UID"]) == ("CANCEL", 2, event["UID"])
    assert Guest(provider.stack, link).hello()["planned"]["local_start"] == later
    assert provider.get(f"/api/invitations/{first['invitation']['id']}")["recipients"][0]["delivery"] == "taken"

    provider.post(f"/api/sessions/{session['id']}/cancel")
    refused = provider.request("POST", guests(session), {"recipients": bob})
    assert (refused.status_code, refused.json()["state"]) == (409, "cancelled")


def test_of_a_series_somebody_comes_to_one_and_then_to_the_following(provider: Member, mailbox: Mailbox) -> None:
    mia, bob, first = address(), address(), some_tuesday()
    weekly = {"frequency": "weekly", "count": 4}
    room = provider.meeting_room()
    booked = provider.post(
        "/api/sessions", {"room_id": room["id"], "title": "Clinic", "planned": at(first), "recurrence": weekly}
    )
    items = provider.get(f"/api/series/{booked['series_id']}")["items"]
    one = provider.post(guests(items[1]), {"recipients": mia})["invitation"]
    _, event, link = newest_calendar(mailbox, mia, "Clinic")
    assert "RRULE" not in event
    states = [provider.get(f"/api/sessions/{item['id']}")["invitation_id"] for item in items]
    assert states == [None, one["id"], None, None]
    assert Guest(provider.stack, link).hello()["planned"]["local_start"] == text_of(first + timedelta(weeks=1))

    provider.post(guests(items[2]), {"recipients": f"{mia}, {bob}", "scope": "following"})
    _, more, _ = newest_calendar(mailbox, mia, "New times: Clinic")
    assert more["UID"] == event["UID"]
    assert more["SEQUENCE"] > event["SEQUENCE"]
    assert newest_calendar(mailbox, bob, "Clinic")[0] == "REQUEST"
    last = provider.get(f"/api/sessions/{items[3]['id']}")
    assert last["invitation_id"] == one["id"]
    people = {each["address"]: each for each in provider.get(f"/api/invitations/{one['id']}")["recipients"]}
    assert [len(people[each]["attends"]) for each in (mia, bob)] == [3, 2]
    remove(provider, items[1], people[mia]["id"], "all")
    method, _, _ = newest_calendar(mailbox, mia, "No longer invited")
    assert method == "CANCEL"


def test_who_becomes_a_host_is_told_and_who_is_none_any_more_too(
    provider: Member, mailbox: Mailbox, stack: dict[str, Any]
) -> None:
    room = provider.meeting_room()
    planned = {"local_start": some_time(), "zone": "Europe/Berlin", "minutes": 5}
    with Member(stack, "owner") as owner:
        to = address()
        known = {"email": to, "password": "a quiet river in May 17", "name": "Dr Jones", "role": "provider"}
        jones = owner.post("/api/members", known)
        asked = {"room_id": room["id"], "title": "A review", "planned": planned}
        session = owner.post("/api/sessions", asked)
        path, own = f"/api/sessions/{session['id']}", session["host_member_ids"]
        owner.request("PATCH", path, {"host_member_ids": [*own, jones["id"]]}).raise_for_status()
        mail = mailbox.mail_to(to)
        assert b"You are now a host of a session" in mail["raw"]
        assert b"A review" in mail["raw"]
        owner.request("PATCH", path, {"host_member_ids": own}).raise_for_status()
        assert b"You are no longer a host" in mailbox.mail_to(to, 2)["raw"]
        owner.post(f"{path}/cancel")


def test_a_host_hears_of_what_others_book_move_and_cancel_and_their_calendar_follows(
    provider: Member, mailbox: Mailbox, stack: dict[str, Any]
) -> None:
    room = provider.meeting_room()
    planned = {"local_start": some_time(), "zone": "Europe/Berlin", "minutes": 5}
    with Member(stack, "owner") as owner:
        to = address()
        known = {"email": to, "password": "a quiet river in May 17", "name": "Dr Jones", "role": "provider"}
        jones = owner.post("/api/members", known)
        asked = {"room_id": room["id"], "title": "A review", "planned": planned, "host_member_ids": [jones["id"]]}
        session = owner.post("/api/sessions", asked)
        entries = [entry_of(mailbox.mail_to(to), "You are now a host of a session")]
        path = f"/api/sessions/{session['id']}"
        moved = {"planned": {**planned, "local_start": some_time()}}
        owner.request("PATCH", path, moved).raise_for_status()
        entries.append(entry_of(mailbox.mail_to(to, 2), "A session that you host was moved"))
        owner.post(f"{path}/cancel")
        entries.append(entry_of(mailbox.mail_to(to, 3), "A session that you host was cancelled"))
    assert [method for method, _ in entries] == ["REQUEST", "REQUEST", "CANCEL"]
    assert len({event["UID"] for _, event in entries}) == 1
    assert entries[0][1]["SEQUENCE"] < entries[1][1]["SEQUENCE"] < entries[2][1]["SEQUENCE"]


def entry_of(mail: dict[str, Any], subject: str) -> tuple[str, Any]:
    message = email.message_from_bytes(mail["raw"], policy=email.policy.default)
    assert message["Subject"] == subject
    (part,) = [part for part in message.walk() if part.get_content_type() == "text/calendar"]
    calendar = Calendar.from_ical(part.get_content())
    return str(calendar["METHOD"]), calendar.events[0]
