"""Mail servers in trouble, and what is said of them: real ones, that drip, hang up, or cannot be trusted."""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from aiosmtpd.smtp import AuthResult

from services.invitations import delivery, smtp
from services.invitations.compose import Mail
from services.invitations.delivery import AWAY
from services.invitations.invitation import REFUSED, TAKEN
from services.invitations.smtp import Answer
from tests.unit.invitations.certificates import certificate
from tests.unit.invitations.mail_server import MailServer


def mail(to: str = "mia@example.com", content: bytes = b"Subject: x\r\n\r\nhello\r\n") -> Mail:
    return Mail("no-reply@mail.example", to, content, needs_utf8=False)


@contextmanager
def peer(talk) -> Iterator[int]:
    """A server that talks as it likes, with one client; gives its port."""
    listener = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        try:
            accepted, _ = listener.accept()
            with accepted:
                talk(accepted)
        except OSError:
            return  # the client went, as it should

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    yield listener.getsockname()[1]
    listener.close()
    thread.join(10)


def drip(accepted: socket.socket) -> None:
    """A greeting without an end; each of its bytes comes soon enough."""
    gone = threading.Event()
    while not gone.wait(0.02):
        accepted.sendall(b"2")


def test_a_server_that_drips_holds_up_a_mail_for_so_long_and_no_longer() -> None:
    with peer(drip) as port:
        began = time.monotonic()
        answer = smtp.MailServer(f"smtp://127.0.0.1:{port}", mail_seconds=0.5).send(mail())
        waited = time.monotonic() - began
    assert answer == Answer(AWAY, None, delivery.NO_ANSWER)
    assert waited >= 0.5


def test_a_server_that_greets_with_a_refusal_is_away() -> None:
    with peer(lambda accepted: accepted.sendall(b"554 5.3.2 not now\r\n")) as port:
        assert smtp.MailServer(f"smtp://127.0.0.1:{port}").send(mail()) == Answer(AWAY, 554, delivery.NO_ANSWER)


@pytest.mark.parametrize(
    ("reply", "problem"),
    [
        ("550 5.1.1 no such user", delivery.NO_MAILBOX),
        ("550 5.7.1 not from you", delivery.UNWANTED),
        ("552 5.2.2 over quota", delivery.FULL),
        ("552 full", delivery.FULL),
        ("552 5.3.4 too big", delivery.TOO_BIG),
        ("554 no", delivery.OTHER),
    ],
)
def test_a_refused_recipient_is_told_why_and_the_others_get_theirs(reply: str, problem: str) -> None:
    refuse = lambda address: reply if address.startswith("bad") else None  # noqa: E731
    with MailServer(answer_rcpt=refuse).running() as server:
        sending = smtp.MailServer(server.uri)
        assert sending.send(mail("bad@example.com")) == Answer(REFUSED, int(reply[:3]), problem)
        assert sending.send(mail("good@example.com")) == Answer(TAKEN, 250)
        sending.close()
    assert server.times_taken() == {"good@example.com": 1}


def test_552_after_the_content_is_about_the_mail_and_not_about_the_mailbox() -> None:
    with MailServer(answer_data=lambda _: "552 no").running() as server:
        assert smtp.MailServer(server.uri).send(mail()) == Answer(REFUSED, 552, delivery.TOO_BIG)


def test_what_is_larger_than_the_server_says_it_takes_is_not_even_offered() -> None:
    with MailServer().running(data_size_limit=1_000) as server:
        sending = smtp.MailServer(server.uri)
        assert sending.send(mail(content=b"x" * 1_001)) == Answer(REFUSED, None, delivery.TOO_BIG)
        assert sending.send(mail()) == Answer(TAKEN, 250)
        sending.close()
    assert server.asked == ["mia@example.com"]


def test_a_password_is_never_sent_in_the_clear() -> None:
    server = MailServer()
    asked: list[str] = []

    def authenticate(*_arguments) -> AuthResult:
        asked.append("password")
        return AuthResult(success=True)

    with server.running(auth_require_tls=False, authenticator=authenticate):
        sending = smtp.MailServer(f"smtp://user:secret@127.0.0.1:{server.port}")
        assert sending.send(mail()) == Answer(AWAY, None, delivery.NO_TLS)
    assert asked == []
    assert server.taken == []


def test_with_tls_the_user_signs_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    context = certificate(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "cert.pem"))
    signed_in: list[bytes] = []

    def authenticate(_server, _session, _envelope, _mechanism, found) -> AuthResult:
        signed_in.append(found.login + b":" + found.password)
        return AuthResult(success=True)

    server = MailServer()
    with server.running(tls_context=context, require_starttls=True, authenticator=authenticate):
        sending = smtp.MailServer(f"smtp://us%40er:sec%2Fret@localhost:{server.port}")
        assert sending.send(mail()).kind == TAKEN
        sending.close()
    assert signed_in == [b"us@er:sec/ret"]


def test_a_certificate_that_nobody_vouches_for_is_not_talked_to(tmp_path: Path) -> None:
    with MailServer().running(tls_context=certificate(tmp_path)) as server:
        assert smtp.MailServer(f"smtp://localhost:{server.port}").send(mail()) == Answer(AWAY, None, delivery.NO_TLS)
        assert server.taken == []


def test_a_password_that_is_wrong_is_our_matter_and_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    context = certificate(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "cert.pem"))
    refuse = lambda *_: AuthResult(success=False, handled=False)  # noqa: E731
    server = MailServer()
    with server.running(tls_context=context, require_starttls=True, authenticator=refuse):
        answer = smtp.MailServer(f"smtp://user:wrong@localhost:{server.port}").send(mail())
    assert answer == Answer(AWAY, 535, delivery.SIGN_IN)
    assert server.asked == []
