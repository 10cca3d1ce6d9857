"""Two processes of invitations on a real broker, database and mail server; rooms, accounts, the scheduler and the gateway are played."""

import datetime as dt
from typing import Any

import pytest
from icalendar import Calendar

from contracts import invitations
from contracts.actor import PUBLIC
from contracts.errors import Conflict, Forbidden, Gone, Invalid, NotFound
from plumbing.ids import follow, new_id
from tests.patience import eventually
from tests.unit.invitations.mail_server import MailServer
from tests.wiring import clinic
from tests.wiring.clinic import JONES, ORGANISATION, PLANNED, PROGRAM, REPORTER, ROOM, SESSIONS, SMITH, STRANGER
from tests.wiring.invitations_scene import (
    address,
    events,
    eventually_sent,
    mail,
    of_recipient,
    open_link,
    opened,
    read,
    refusal,
    send,
    stage,
    token_in,
)  # fmt: skip
from tests.wiring.one_service import Events, Neighbours, Stage

__all__ = ["events", "mail", "opened", "stage"]


def test_each_recipient_gets_a_mail_of_their_own_and_nobody_sees_another(stage: Stage, mail: MailServer) -> None:
    first, second = address(), address("omar")
    sent = send(stage, f"Mia K. <{first}>, {second}")
    assert [verdict["accepted"] for verdict in sent["verdicts"]] == [True, True]
    tokens = {token_in(mail, first), token_in(mail, second)}
    assert len(tokens) == 2
    for own, other in ((first, second), (second, first)):
        message = mail.mail_to(own)
        assert other not in "".join(part.get_content() for part in message.walk() if not part.is_multipart())
        assert message["To"].addresses[0].addr_spec == own
        assert message["Reply-To"] == "Dr Smith <smith@clinic.example>"
    states = [person["delivery"] for person in eventually_sent(stage, sent)["recipients"]]
    assert states == ["taken", "taken"]


def test_one_bad_address_has_its_verdict_and_one_dead_mailbox_its_bounce(
    stage: Stage, mail: MailServer, events: Events
) -> None:
    good, dead = address(), address("bounce")
    sent = send(stage, f"{good}; a@x.com@evil.com; {dead}")
    assert [verdict["accepted"] for verdict in sent["verdicts"]] == [True, False, True]
    people = eventually_sent(stage, sent)["recipients"]
    assert [person["delivery"] for person in people] == ["taken", "refused"]
    subject = f"invitation/{sent['invitation']['id']}"
    told = eventually(lambda: events.types(subject), lambda types: len(types) == 3, what="three events")
    assert told[0] == "invitation.created"
    assert sorted(told[1:]) == ["invitation.bounced", "invitation.sent"]
    heard = [event for event in events.heard() if event["subject"] == subject]
    assert [int(event["sequence"]) for event in heard] == [1, 2, 3]
    assert good not in str(heard)


def test_where_no_address_is_one_nothing_is_made(stage: Stage) -> None:
    sent = send(stage, "nobody, @x.com", planned=PLANNED)
    assert sent["invitation"] is None
    assert [verdict["accepted"] for verdict in sent["verdicts"]] == [False, False]
    assert isinstance(
        refusal(stage, invitations.SEND_INVITATION, {"room_id": ROOM, "recipients": " , "}, SMITH), Invalid
    )


def test_recipients_are_judged_while_they_are_typed(stage: Stage) -> None:
    found = stage.ask(invitations.CHECK_RECIPIENTS, {"recipients": "Mia <mia@x.com>, nobody"}, SMITH)["items"]
    assert [(one["address"], one["name"], one["accepted"]) for one in found] == [
        ("mia@x.com", "Mia", True),
        (None, None, False),
    ]
    assert found[1]["reason"]


def test_a_time_makes_a_session_and_an_entry_in_the_calendar(
    stage: Stage, mail: MailServer, opened: tuple[Stage, Neighbours]
) -> None:
    to, command_id = address(), new_id()
    sent = send(stage, to, planned=PLANNED, command_id=command_id)
    assert sent["invitation"]["session_id"] == follow(command_id, "session")
    assert sent["invitation"]["planned"]["starts_at"] == "2027-03-30T08:00:00.000Z"
    asked = [
        payload for name, payload, actor in opened[1].asked if name == "scheduler.create_session" and actor == SMITH
    ]
    assert asked[-1] == {"room_id": ROOM, "title": "My first call", "planned": PLANNED, "invitation_id": command_id}
    token_in(mail, to)
    calendars = [part for part in mail.mail_to(to).walk() if part.get_content_type() == "text/calendar"]
    event = Calendar.from_ical(calendars[0].get_content()).events[0]
    assert (event["UID"], event["SEQUENCE"]) == (f"{follow(command_id, 'session')}@housecall.example", 0)
    assert event["ATTENDEE"] == f"mailto:{to}"


def test_a_time_that_is_not_free_refuses_the_whole(stage: Stage, mail: MailServer) -> None:
    to = address()
    asked = {"room_id": ROOM, "recipients": to, "planned": clinic.NOT_FREE}
    assert isinstance(refusal(stage, invitations.SEND_INVITATION, asked, SMITH), Conflict)
    listed = stage.ask(invitations.LIST_INVITATIONS, {"room_id": ROOM}, SMITH)["items"]
    assert to not in str(listed)


def test_invitations_are_read_page_by_page(stage: Stage, mail: MailServer) -> None:
    for _ in range(3):
        stage.ask(invitations.SEND_INVITATION, {"room_id": ROOM, "recipients": address()}, SMITH)
    whole = stage.ask(invitations.LIST_INVITATIONS, {"room_id": ROOM}, SMITH)
    assert whole["cursor"] is None
    read: list[str] = []
    asked: dict[str, Any] = {"room_id": ROOM, "limit": 2}
    while True:
        page = stage.ask(invitations.LIST_INVITATIONS, asked, SMITH)
        read += [each["id"] for each in page["items"]]
        if page["cursor"] is None:
            break
        asked["cursor"] = page["cursor"]
    assert read == [each["id"] for each in whole["items"]]
    assert isinstance(refusal(stage, invitations.LIST_INVITATIONS, {**asked, "cursor": new_id()}, SMITH), NotFound)


def test_a_command_that_comes_again_sends_nothing_more(stage: Stage, mail: MailServer) -> None:
    to, command_id = address(), new_id()
    first = send(stage, to, command_id=command_id)
    assert send(stage, to, command_id=command_id) == first
    last = address()
    send(stage, last)
    token_in(mail, last)
    assert mail.times_taken()[to] == 1


def test_a_link_opens_again_and_again_and_says_who_invites_to_what(stage: Stage, mail: MailServer) -> None:
    to = address()
    sent = send(stage, f"Mia K. <{to}>, {address()}")
    token = token_in(mail, to)
    for _ in range(20):
        found = open_link(stage, token)
    assert (found["invited_name"], found["sender_name"], found["title"]) == ("Mia K.", "Dr Smith", "My first call")
    assert found["recipient_id"] == sent["invitation"]["recipients"][0]["id"]
    assert "recipients" not in found
    assert read(stage, sent)["recipients"][0]["opened"] is None


def test_who_opened_it_is_noted_once_each_and_said(stage: Stage, mail: MailServer, events: Events) -> None:
    to = address()
    sent = send(stage, to)
    token = token_in(mail, to)
    for seen_by, noted in (("machine", "machine"), ("machine", "machine"), ("person", "person"), ("machine", "person")):
        open_link(stage, token, seen_by)
        assert read(stage, sent)["recipients"][0]["opened"] == noted
    subject = f"invitation/{sent['invitation']['id']}"
    types = eventually(lambda: events.types(subject), lambda found: found.count("invitation.opened") == 2)
    assert len(types) == 4


def test_a_revoked_link_is_gone_and_a_new_one_can_be_sent(stage: Stage, mail: MailServer) -> None:
    to = address()
    sent = send(stage, f"Mia K. <{to}>")
    token = token_in(mail, to)
    eventually_sent(stage, sent)
    view = stage.ask(invitations.REVOKE_LINK, of_recipient(sent), SMITH, command_id=new_id())
    assert view["recipients"][0]["link_revoked"] is True
    gone = refusal(stage, invitations.OPEN_LINK, {"token": token}, PUBLIC)
    assert isinstance(gone, Gone)
    for word in ("Mia", to, "Smith", "Northside"):
        assert word not in f"{gone.detail}{gone.extra}"
    stage.ask(invitations.RESEND_INVITATION, of_recipient(sent), SMITH, command_id=new_id())
    new = token_in(mail, to, times=2)
    assert new != token
    assert open_link(stage, new)["invited_name"] == "Mia K."
    assert isinstance(refusal(stage, invitations.OPEN_LINK, {"token": token}, PUBLIC), Gone)


def test_a_lost_mail_is_sent_again_with_the_same_link(stage: Stage, mail: MailServer, events: Events) -> None:
    to = address()
    sent = send(stage, to)
    token = token_in(mail, to)
    eventually_sent(stage, sent)
    stage.ask(invitations.RESEND_INVITATION, of_recipient(sent), SMITH, command_id=new_id())
    assert token_in(mail, to, times=2) == token
    subject = f"invitation/{sent['invitation']['id']}"
    eventually(lambda: events.types(subject).count("invitation.sent") == 2, what="both are said")
    assert "invitation.resent" in events.types(subject)


@pytest.mark.parametrize("token", ["x" * 32, "short", "\u202e\x00", "A" * 64])
def test_a_link_that_is_none_is_not_found(stage: Stage, token: str) -> None:
    assert isinstance(refusal(stage, invitations.OPEN_LINK, {"token": token}, PUBLIC), NotFound)


def test_who_arrives_with_a_link_is_seen_on_the_invitation(stage: Stage, mail: MailServer, events: Events) -> None:
    sent = send(stage, address())
    ids = of_recipient(sent)
    for caller_id in (new_id(), new_id()):
        data = {"caller_id": caller_id, "room_id": ROOM, **ids}
        events.say("waiting", "caller.waiting", f"caller/{caller_id}", ORGANISATION, data)
    other = new_id()
    events.say("waiting", "caller.waiting", f"caller/{other}", ORGANISATION, {"caller_id": other, "room_id": ROOM})
    arrived = eventually(lambda: read(stage, sent)["recipients"][0]["arrived_at"], what="arrived")
    assert arrived.endswith("Z")
    subject = f"invitation/{sent['invitation']['id']}"
    eventually(lambda: events.types(subject).count("invitation.arrived") == 1, what="said once")


def test_a_cancelled_session_is_taken_out_of_the_calendar(stage: Stage, mail: MailServer, events: Events) -> None:
    to = address()
    sent = send(stage, to, planned=PLANNED)
    token = token_in(mail, to)
    eventually_sent(stage, sent)
    session_id = sent["invitation"]["session_id"]
    data = {"session_id": session_id, "room_id": ROOM, "invitation_id": sent["invitation"]["id"]}
    events.say("scheduler", "session.cancelled", f"session/{session_id}", ORGANISATION, data)
    eventually(lambda: mail.times_taken()[to] == 2, what="the cancellation")
    message = [taken for taken in mail.taken if taken.to == to][-1].message
    calendars = [part for part in message.walk() if part.get_content_type() == "text/calendar"]
    calendar = Calendar.from_ical(calendars[0].get_content())
    assert (calendar["METHOD"], calendar.events[0]["SEQUENCE"]) == ("CANCEL", 1)
    assert isinstance(refusal(stage, invitations.OPEN_LINK, {"token": token}, PUBLIC), Gone)


def test_a_moved_session_moves_the_calendar_with_one_mail(stage: Stage, mail: MailServer, events: Events) -> None:
    to = address()
    sent = send(stage, to, planned=PLANNED)
    token = token_in(mail, to)
    eventually_sent(stage, sent)
    session_id = sent["invitation"]["session_id"]
    later = {"minutes": 45, "ends_at": "2027-03-30T08:45:00.000Z"}
    SESSIONS[session_id] |= {"planned": {**SESSIONS[session_id]["planned"], **later}, "sequence": 1}
    data = {
        "session_id": session_id, "room_id": ROOM, "invitation_id": sent["invitation"]["id"], "changed": ["time"], "revision": 1,
    }  # fmt: skip
    for _ in range(2):
        events.say("scheduler", "session.updated", f"session/{session_id}", ORGANISATION, data)
    eventually(
        lambda: read(stage, sent)["recipients"][0]["delivery"] == "taken" and mail.times_taken()[to] == 2, what="moved"
    )
    message = [taken for taken in mail.taken if taken.to == to][-1].message
    calendars = [part for part in message.walk() if part.get_content_type() == "text/calendar"]
    event = Calendar.from_ical(calendars[0].get_content()).events[0]
    assert (event["SEQUENCE"], event.end - event.start) == (1, dt.timedelta(minutes=45))
    assert message["Subject"].startswith("New time: ")
    assert token in str(message)
    assert open_link(stage, token)["planned"]["minutes"] == 45


def test_another_organisation_finds_nothing(stage: Stage) -> None:
    sent = send(stage, address())
    ids = of_recipient(sent)
    for command, asked in (
        (invitations.GET_INVITATION, {"invitation_id": ids["invitation_id"]}),
        (invitations.LIST_INVITATIONS, {"room_id": ROOM}),
        (invitations.RESEND_INVITATION, ids),
        (invitations.REVOKE_LINK, ids),
        (invitations.SEND_INVITATION, {"room_id": ROOM, "recipients": address()}),
        (invitations.PREVIEW_INVITATION, {"room_id": ROOM}),
    ):
        assert isinstance(refusal(stage, command, asked, STRANGER), NotFound), command.name


def test_who_does_not_receive_in_the_room_neither_invites_nor_reads(stage: Stage) -> None:
    sent = send(stage, address())
    for actor in (JONES, REPORTER):
        for command, asked in (
            (invitations.GET_INVITATION, {"invitation_id": sent["invitation"]["id"]}),
            (invitations.LIST_INVITATIONS, {"room_id": ROOM}),
            (invitations.REVOKE_LINK, of_recipient(sent)),
            (invitations.SEND_INVITATION, {"room_id": ROOM, "recipients": address()}),
        ):
            assert isinstance(refusal(stage, command, asked, actor), Forbidden), command.name


def test_a_program_invites_in_the_name_of_the_clinic(stage: Stage, mail: MailServer) -> None:
    to = address()
    sent = send(stage, to, actor=PROGRAM, language="de")
    assert sent["invitation"]["sender_name"] == "Northside Clinic"
    token_in(mail, to)
    message = mail.mail_to(to)
    assert message["From"].addresses[0].display_name == "Northside Clinic"
    assert message["Content-Language"] == "de"


def test_nothing_in_the_logs_says_who_was_invited(stage: Stage, mail: MailServer) -> None:
    to = address()
    sent = send(stage, f"Mia Kessler <{to}>", message="A secret message.")
    token = token_in(mail, to)
    open_link(stage, token, "person")
    eventually_sent(stage, sent)
    logs = "".join(path.read_text() for path in stage._folder.glob("*.log"))
    assert sent["invitation"]["id"] in logs
    for secret in (to, "Kessler", "secret message", token):
        assert secret not in logs
