"""The development mail sink keeps what it is given and shows it without trusting it."""

import smtplib
import threading
from collections.abc import Iterator
from email.message import EmailMessage
from typing import Any

import pytest
from flask.testing import FlaskClient

from deploy.local.ports import free_port
from deploy.mail.mailbox import Mailbox
from deploy.mail.page import create_app
from deploy.mail.returning import report
from deploy.mail.smtp import smtp_server
from services.invitations.dsn import report_of, return_path
from services.invitations.reports import Sending


@pytest.fixture
def mailbox() -> Mailbox:
    return Mailbox()


@pytest.fixture
def smtp(mailbox: Mailbox) -> Iterator[smtplib.SMTP]:
    server = smtp_server(mailbox, "127.0.0.1", free_port())
    server.start()
    with smtplib.SMTP("127.0.0.1", server.port, timeout=5) as client:
        yield client
    server.stop()


@pytest.fixture
def web(mailbox: Mailbox) -> FlaskClient:
    return create_app(mailbox).test_client()


def invitation(to: str) -> EmailMessage:
    mail = EmailMessage()
    mail["From"] = "Dr Smith <smith@clinic.example>"
    mail["To"] = to
    mail["Subject"] = "Join the call – today"
    mail.set_content("Press the link: http://localhost/join/x")
    mail.add_alternative("<p>Press <a href='http://localhost/join/x'>Join the call</a></p><script>1</script>", "html")
    mail.add_alternative(
        "BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nEND:VCALENDAR\r\n", "calendar", params={"method": "REQUEST"}
    )
    return mail


def headline(web: FlaskClient, **query: str) -> list[dict[str, Any]]:
    answer = web.get("/messages.json", query_string=query)
    return list(answer.get_json())


def test_a_mail_is_shown_with_its_envelope_text_html_and_calendar(smtp: smtplib.SMTP, web: FlaskClient) -> None:
    smtp.send_message(invitation("ann@home.example"), to_addrs=["ann@home.example"])
    [kept] = headline(web)
    detail = web.get(f"/messages/{kept['id']}").get_json()
    assert kept["envelope_to"] == ["ann@home.example"]
    assert detail["subject"] == "Join the call – today"
    assert "Press the link" in detail["text"]
    assert "Join the call" in detail["html"]
    assert "METHOD:REQUEST" in detail["calendar"]


def test_mails_come_newest_first_and_can_be_asked_for_by_address(smtp: smtplib.SMTP, web: FlaskClient) -> None:
    for address in ("ann@home.example", "bob@home.example"):
        smtp.send_message(invitation(address), to_addrs=[address])
    assert [mail["envelope_to"] for mail in headline(web)] == [["bob@home.example"], ["ann@home.example"]]
    assert [mail["envelope_to"] for mail in headline(web, to="Ann@home.example")] == [["ann@home.example"]]


def test_html_of_a_mail_is_framed_without_scripts(smtp: smtplib.SMTP, web: FlaskClient) -> None:
    smtp.send_message(invitation("ann@home.example"))
    shown = web.get("/messages/1", headers={"Accept": "text/html"}).get_data(as_text=True)
    part = web.get("/messages/1/part/1")
    assert 'sandbox="allow-popups"' in shown
    assert part.content_type.startswith("text/html")
    policy = part.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "sandbox allow-popups" in policy
    assert "script" not in policy


def test_an_address_that_bounces_is_refused_for_good_and_the_others_are_taken(
    smtp: smtplib.SMTP, web: FlaskClient
) -> None:
    refused = smtp.send_message(invitation("x"), to_addrs=["ann@home.example", "bob+bounce@home.example"])
    assert refused["bob+bounce@home.example"][0] == 550
    assert [mail["envelope_to"] for mail in headline(web)] == [["ann@home.example"]]


def test_an_address_that_asks_for_later_is_put_off_once(smtp: smtplib.SMTP, web: FlaskClient) -> None:
    with pytest.raises(smtplib.SMTPRecipientsRefused) as refused:
        smtp.send_message(invitation("x"), to_addrs=["ann+later@home.example"])
    assert refused.value.recipients["ann+later@home.example"][0] == 451
    smtp.send_message(invitation("x"), to_addrs=["ann+later@home.example"])
    assert len(headline(web)) == 1


def test_only_the_newest_mails_are_kept() -> None:
    mailbox = Mailbox(kept=3)
    for number in range(5):
        mailbox.keep("a@b.example", [f"{number}@b.example"], b"Subject: x\r\n\r\n")
    assert [mail.id for mail in mailbox.newest_first()] == [5, 4, 3]


def test_a_mail_that_is_none_is_kept_and_shown_as_it_came(mailbox: Mailbox, web: FlaskClient) -> None:
    mailbox.keep("", ["a@b.example"], b"\xff\xfe no header at all")
    assert web.get("/messages/1").status_code == 200
    assert web.get("/messages/1/raw").data == b"\xff\xfe no header at all"


def test_a_mail_that_is_not_here_is_a_404(web: FlaskClient) -> None:
    assert web.get("/messages/7").status_code == 404


def test_a_mail_to_an_address_that_asks_for_it_comes_back_as_a_report() -> None:
    returned: list[tuple[str, str]] = []
    come = threading.Event()

    def send_back(sender: str, recipient: str) -> None:
        returned.append((sender, recipient))
        come.set()

    server = smtp_server(Mailbox(), "127.0.0.1", free_port(), send_back)
    server.start()
    with smtplib.SMTP("127.0.0.1", server.port, timeout=5) as client:
        client.sendmail("bounce+x@here.example", ["ann+returned@home.example"], b"Subject: Hello\r\n\r\nHello")
        client.sendmail("bounce+y@here.example", ["bob@home.example"], b"Subject: Hello\r\n\r\nHello")
    assert come.wait(10)
    server.stop()
    assert returned == [("bounce+x@here.example", "ann+returned@home.example")]


def test_what_comes_back_is_a_report_that_we_understand() -> None:
    sending = Sending("01920000-0000-7000-8000-000000000001", 0, 1)
    key = b"k" * 40
    found = report_of(key, report(return_path(key, sending, "bounces.example"), "ann+returned@home.example"))
    assert found
    assert (found.sending, found.kind, found.problem) == (sending, "bounced", "no_mailbox")
