"""What a mail server's answers do to one mail, against a real server."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from deploy.local.ports import free_port
from services.invitations import delivery, smtp
from services.invitations.compose import Mail
from services.invitations.delivery import AWAY, LATER
from services.invitations.invitation import REFUSED, TAKEN
from services.invitations.smtp import Answer
from tests.unit.invitations.mail_server import MailServer

PIPELINING = ("PIPELINING",)


def mail(
    to: str = "mia@example.com", content: bytes = b"Subject: x\r\n\r\nhello\r\n", needs_utf8: bool = False
) -> Mail:
    return Mail("no-reply@mail.example", to, content, needs_utf8)


def kind_and_code(answer: Answer) -> tuple[str, int | None]:
    return answer.kind, answer.code


@contextmanager
def client(server: MailServer) -> Iterator[smtp.MailServer]:
    opened = smtp.MailServer(server.uri)
    yield opened
    opened.close()


@pytest.mark.parametrize("offers", [(), PIPELINING])
def test_mails_go_over_one_kept_connection(offers: tuple[str, ...]) -> None:
    with MailServer(offers=offers).running() as server, client(server) as sending:
        answers = [sending.send(mail(f"p{number}@example.com")) for number in range(5)]
        assert answers == [Answer(TAKEN, 250)] * 5
        assert server.connections == 1
        assert [taken.to for taken in server.taken] == [f"p{number}@example.com" for number in range(5)]


@pytest.mark.parametrize("offers", [(), PIPELINING])
@pytest.mark.parametrize(
    ("reply", "kind"),
    [
        ("550 5.1.1 No such mailbox", REFUSED),
        ("551 not here", REFUSED),
        ("552 full", REFUSED),
        ("451 4.7.1 greylisted", LATER),
        ("450 busy", LATER),
        ("421 closing", AWAY),
        ("530 5.7.0 authentication required", AWAY),
    ],
)
def test_an_answer_to_the_recipient_decides_and_the_next_mail_goes_on(
    offers: tuple[str, ...], reply: str, kind: str
) -> None:
    answer_rcpt = lambda address: reply if address.startswith("bad") else None  # noqa: E731
    with MailServer(answer_rcpt=answer_rcpt, offers=offers).running() as server, client(server) as sending:
        assert kind_and_code(sending.send(mail("bad@example.com"))) == (kind, int(reply[:3]))
        assert sending.send(mail("good@example.com")) == Answer(TAKEN, 250)
        assert [taken.to for taken in server.taken] == ["good@example.com"]


@pytest.mark.parametrize("offers", [(), PIPELINING])
@pytest.mark.parametrize(("reply", "kind"), [("554 no", REFUSED), ("452 later", LATER)])
def test_an_answer_to_the_content_decides(offers: tuple[str, ...], reply: str, kind: str) -> None:
    with MailServer(answer_data=lambda _: reply, offers=offers).running() as server, client(server) as sending:
        assert kind_and_code(sending.send(mail())) == (kind, int(reply[:3]))


def test_a_sender_who_is_not_wanted_is_our_matter_and_nobodys_address_is_blamed() -> None:
    with MailServer(answer_mail=lambda: "550 who are you").running() as server, client(server) as sending:
        assert sending.send(mail()) == Answer(AWAY, 550, delivery.SENDER_UNWANTED)


def test_no_server_is_an_answer_too() -> None:
    assert smtp.MailServer(f"smtp://127.0.0.1:{free_port()}").send(mail()) == Answer(AWAY, None, delivery.NO_ANSWER)


def test_a_kept_connection_that_was_closed_is_opened_anew_without_anybody_noticing() -> None:
    server = MailServer()
    sending = smtp.MailServer(server.uri)
    with server.running():
        assert sending.send(mail("first@example.com")).kind == TAKEN
    with server.running():
        assert sending.send(mail("second@example.com")).kind == TAKEN
        assert server.times_taken() == {"first@example.com": 1, "second@example.com": 1}
        sending.close()


def test_content_arrives_as_it_was_also_where_lines_begin_with_dots() -> None:
    content = b"Subject: dots\r\n\r\n.\r\n..two\r\n.hidden\r\nend\r\n"
    with MailServer().running() as server, client(server) as sending:
        assert sending.send(mail(content=content)).kind == TAKEN
        assert server.taken[0].content == content


def test_an_address_with_foreign_letters_goes_only_to_a_server_that_can() -> None:
    with MailServer().running() as server, client(server) as sending:
        assert sending.send(mail("用户@example.com", needs_utf8=True)).kind == TAKEN
        assert server.taken[0].to == "用户@example.com"
    with MailServer().running(enable_SMTPUTF8=False) as server, client(server) as sending:
        assert sending.send(mail("用户@example.com", needs_utf8=True)).kind == REFUSED
        assert sending.send(mail()).kind == TAKEN


def test_a_connection_lost_after_the_content_is_not_tried_again_at_once() -> None:
    """The server may have the mail: a second one at once would be a double, later is soon enough."""
    listener = socket.create_server(("127.0.0.1", 0))
    ends: list[bytes] = []

    def serve() -> None:
        for _ in range(2):
            peer, _address = listener.accept()
            with peer, peer.makefile("rwb") as lines:
                _talk(lines, ends)

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    sending = smtp.MailServer(f"smtp://127.0.0.1:{listener.getsockname()[1]}")
    assert sending.send(mail()) == Answer(TAKEN, 250)
    assert sending.send(mail()) == Answer(AWAY, None, delivery.NO_ANSWER)
    assert len(ends) == 2
    sending.close()
    listener.close()


def _talk(lines, ends: list[bytes]) -> None:
    """Takes one mail; hangs up after the content of the second."""

    def say(text: str) -> None:
        lines.write(text.encode() + b"\r\n")
        lines.flush()

    say("220 here")
    in_content = False
    for line in lines:
        if in_content:
            if line == b".\r\n":
                in_content = False
                ends.append(line)
                if len(ends) == 2:
                    return
                say("250 taken")
        elif line.upper().startswith(b"DATA"):
            in_content = True
            say("354 go on")
        else:
            say("250 fine")
