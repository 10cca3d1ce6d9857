"""What is typed wrong or with bad intent: each entry has its verdict, and no mail goes where nobody meant it to go."""

from typing import Any

from contracts import guests, invitations
from contracts.errors import Invalid
from tests.unit.invitations.mail_server import MailServer
from tests.wiring.clinic import ROOM, SMITH
from tests.wiring.invitations_scene import address, events, eventually_sent, mail, opened, refusal, send, stage
from tests.wiring.one_service import Stage

__all__ = ["events", "mail", "opened", "stage"]


def verdicts_of(sent: dict[str, Any]) -> list[tuple[str, bool]]:
    return [(verdict["entry"], verdict["accepted"]) for verdict in sent["verdicts"]]


def test_what_is_no_address_gets_no_mail_and_stops_nobody_else(stage: Stage, mail: MailServer) -> None:
    good = address()
    wrong = ["a@x.com@evil.example", '"a b"@evil.example', "@evil.example", "x@evil", '"x <y@evil.example']
    sent = send(stage, ", ".join([*wrong, good]))
    accepted = [entry for entry, verdict in verdicts_of(sent) if verdict]
    assert accepted == [good]
    assert all(verdict["reason"] for verdict in sent["verdicts"] if not verdict["accepted"])
    eventually_sent(stage, sent)
    assert mail.times_taken()[good] == 1
    assert not [asked for asked in mail.asked if "evil" in asked]


def test_line_breaks_in_title_and_name_add_no_header_and_no_recipient(stage: Stage, mail: MailServer) -> None:
    to = address()
    sent = send(stage, f'"Mia, Bcc: b@evil.example" <{to}>', title="x\r\nBcc: a@evil.example\r\n\r\nbody")
    assert [(verdict["address"], verdict["accepted"]) for verdict in sent["verdicts"]] == [(to, True)]
    eventually_sent(stage, sent)
    taken = mail.mail_to(to)
    assert taken["Bcc"] is None
    assert [found.addr_spec for found in taken["To"].addresses] == [to]
    assert len(taken.get_all("Subject", [])) == 1
    assert not [asked for asked in mail.asked if "evil" in asked]


def test_a_domain_with_foreign_letters_is_written_as_mail_servers_read_it(stage: Stage, mail: MailServer) -> None:
    word = address().partition("@")[0]
    sent = send(stage, f"{word}@bücher.example")
    eventually_sent(stage, sent)
    assert mail.times_taken()[f"{word}@xn--bcher-kva.example"] == 1


def test_an_address_with_foreign_letters_is_sent_to_by_a_server_that_can(stage: Stage, mail: MailServer) -> None:
    to = f"用户{address()}"
    eventually_sent(stage, send(stage, to))
    assert mail.times_taken()[to] == 1


def test_a_message_of_ten_megabytes_is_refused_by_its_field(stage: Stage) -> None:
    asked = {"room_id": ROOM, "recipients": address(), "message": "x" * 10_000_000}
    refused = refusal(stage, invitations.SEND_INVITATION, asked, SMITH)
    assert isinstance(refused, Invalid)
    assert [error["pointer"] for error in refused.extra["errors"]] == ["/message"]


def test_the_address_after_the_last_that_fits_is_told_so(stage: Stage) -> None:
    people = [f"p{number}@bounce.example" for number in range(guests.MOST_RECIPIENTS + 1)]
    asked = {"recipients": ",".join(people)}
    verdicts = stage.ask(invitations.CHECK_RECIPIENTS, asked, SMITH)["items"]
    assert [verdict["accepted"] for verdict in verdicts] == [True] * guests.MOST_RECIPIENTS + [False]
    assert verdicts[-1]["reason"]
