"""Reports of mail servers (RFC 3464): what they say of one of our mails, and that nothing else says anything."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.invitations import delivery
from services.invitations.compose import Composer
from services.invitations.dsn import report_of, return_path
from services.invitations.reporting import BOUNCED, DELAYED, DELIVERED
from services.invitations.reports import Sending
from tests.unit.invitations.things import KEY, NOW, invitation, recipient

SENDING = Sending("01920000-0000-7000-8000-000000000001", 0, 1)
OURS = return_path(KEY, SENDING, "bounces.example")


def dsn(
    action: str = "failed",
    status: str = "5.1.1",
    diagnostic: str = "smtp; 550 5.1.1 <mia@example.com>: User unknown",
    to: str = OURS,
    kind: str = "multipart/report; report-type=delivery-status",
) -> bytes:
    return f"""\
Return-Path: <>
From: Mail Delivery System <MAILER-DAEMON@mx.example>
To: {to}
Subject: Undelivered Mail Returned to Sender
MIME-Version: 1.0
Content-Type: {kind}; boundary="b1"

--b1
Content-Type: text/plain

I am sorry.

--b1
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example
Arrival-Date: Sun, 22 Nov 2026 10:00:00 +0000

Final-Recipient: rfc822; mia@example.com
Action: {action}
Status: {status}
Diagnostic-Code: {diagnostic}

--b1
Content-Type: text/rfc822-headers

Subject: My first call

--b1--
""".replace("\n", "\r\n").encode()


@pytest.mark.parametrize(
    ("action", "status", "diagnostic", "kind", "problem"),
    [
        ("failed", "5.1.1", "smtp; 550 5.1.1 no such user", BOUNCED, delivery.NO_MAILBOX),
        ("Failed (address unknown)", "5.1.10", "", BOUNCED, delivery.NO_MAILBOX),
        ("failed", "5.2.2", "smtp; 552 over quota", BOUNCED, delivery.FULL),
        ("failed", "5.7.1", "smtp; 554 5.7.1 looks like spam", BOUNCED, delivery.UNWANTED),
        ("failed", "5.3.4", "smtp; 552 too big", BOUNCED, delivery.TOO_BIG),
        ("failed", "5.0.0", "smtp; 550 5.2.2 full", BOUNCED, delivery.FULL),
        ("failed", "5.0.0", "smtp; 550 unknown", BOUNCED, delivery.NO_MAILBOX),
        ("failed", "4.4.7", "", BOUNCED, delivery.GIVEN_UP),
        ("failed", "rubbish", "", BOUNCED, delivery.OTHER),
        ("delayed", "4.4.1", "", DELAYED, delivery.ON_ITS_WAY),
        ("delivered", "2.0.0", "", DELIVERED, None),
    ],
)
def test_what_is_reported_is_understood(
    action: str, status: str, diagnostic: str, kind: str, problem: str | None
) -> None:
    found = report_of(KEY, dsn(action, status, diagnostic))
    assert found
    assert (found.sending, found.kind, found.problem) == (SENDING, kind, problem)


def test_the_beginning_of_a_report_is_enough() -> None:
    whole = dsn()
    cut = whole[: whole.index(b"text/rfc822-headers") + 40]
    assert report_of(KEY, cut) == report_of(KEY, whole)


def test_the_address_may_come_back_in_capitals_and_beside_a_name() -> None:
    found = report_of(KEY, dsn(to=f"Housecall <{OURS.upper()}>"))
    assert found
    assert found.sending == SENDING


def test_the_envelope_sender_of_a_mail_is_what_reports_about_it_come_to() -> None:
    composer = Composer("https://housecall.example", "no-reply@mail.example", KEY, bounce_domain="bounces.example")
    made = invitation(recipient())
    mail = composer.mail(made, made.recipients[0], NOW)
    assert mail.envelope_from == OURS
    assert len(mail.envelope_from.partition("@")[0]) <= 64
    assert b"no-reply@mail.example" in mail.content


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\x00\xff" * 500,
        dsn(to="no-reply@mail.example"),
        dsn(to=return_path(b"o" * 40, SENDING, "bounces.example")),
        dsn(to=OURS.replace("+a", "+b", 1)),
        dsn(kind="multipart/mixed"),
        dsn(action="relayed"),
        dsn(action=""),
        dsn()[:400],
        f"To: {OURS}\r\nSubject: Out of office\r\n\r\nI am away. Action: failed\r\n".encode(),
        f"To: {OURS}\r\nContent-Type: multipart/report\r\n\r\nno parts\r\n".encode(),
        f"To: {OURS}\r\nContent-Type: multipart/report; boundary=b\r\n\r\n--b\r\nContent-Type: message/delivery-status\r\n\r\n--b--".encode(),
    ],
)  # fmt: skip
def test_what_is_forged_broken_or_no_report_says_nothing(raw: bytes) -> None:
    assert report_of(KEY, raw) is None


@given(st.binary(max_size=300), st.integers(0, 900))
def test_no_bytes_break_it(noise: bytes, place: int) -> None:
    whole = dsn()
    report_of(KEY, whole[:place] + noise + whole[place:])
