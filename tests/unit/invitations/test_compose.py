"""The mail as a mail program and a calendar program read it."""

import ast
import re
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.headerregistry import Address
from email.policy import SMTP
from email.policy import default as modern
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

import services.invitations
from contracts.people import LANGUAGES
from plumbing import texts
from services.invitations import compose, ics, mime
from services.invitations.invitation import Sender
from services.invitations.links import token_of
from tests.unit.invitations.mails import BASE, body, calendar, composer, read
from tests.unit.invitations.things import KEY, MIA, NOW, OMAR, SESSION, invitation, planned, recipient, timed

PACKAGE = Path(services.invitations.__file__).parent


class Page(HTMLParser):
    """The tags and the visible text of HTML, as an independent parser sees them."""

    def __init__(self, source: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(source)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data

    def links(self) -> list[str]:
        return [attrs["href"] or "" for tag, attrs in self.tags if tag == "a"]


def test_the_headers_say_who_writes_to_whom_and_where_replies_go() -> None:
    message = read(invitation())
    assert message["From"] == '"Dr Smith, Northside Clinic" <no-reply@mail.example>'
    assert message["To"] == '"Mia K." <mia@example.com>'
    assert message["Reply-To"] == "Dr Smith <smith@clinic.example>"
    assert message["Subject"] == "My first call with client"
    assert message["Date"].datetime == NOW
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["Message-ID"] == f"<{MIA}.1@mail.example>"


def test_the_message_id_is_the_same_for_each_try_and_another_for_each_sending() -> None:
    assert read(invitation())["Message-ID"] == read(invitation(recipient(attempts=3)))["Message-ID"]
    assert read(invitation(recipient(sending=2)))["Message-ID"] == f"<{MIA}.2@mail.example>"


@pytest.mark.parametrize("kind", ["plain", "html"])
def test_text_and_html_hold_everything_that_the_client_needs(kind: str) -> None:
    source = body(read(timed()), kind)
    text = Page(source).text if kind == "html" else source
    for wanted in (
        "Northside Clinic", "Dr Smith of Northside Clinic invites you", "My first call with client", "Please fill in the forms.",
        "Tuesday, 30 March 2027", "10:00 – 10:30", "Central European Summer Time (Europe/Berlin, UTC+2)",
        "Join the call", "Patient information", "+61\u00a02\u00a05550\u00a01234", "Reply to this e-mail",
    ):  # fmt: skip
        assert wanted in text, wanted
    assert f"{BASE}/join/{token_of(KEY, MIA, 1)}" in source
    assert f"{BASE}/patient-information" in source


def test_the_button_and_the_address_below_it_lead_to_the_same_place() -> None:
    link = f"{BASE}/join/{token_of(KEY, MIA, 1)}"
    assert Page(body(read(invitation()), "html")).links() == [link, f"{BASE}/patient-information", link]


def test_nobody_is_told_of_another_recipient() -> None:
    sent = timed(recipient(), recipient(OMAR, "omar@example.com", "Omar B."))
    mine, theirs = (composer().mail(sent, one, NOW).content for one in sent.recipients)
    for content, other in ((mine, sent.recipients[1]), (theirs, sent.recipients[0])):
        parsed: Any = message_from_bytes(content, policy=modern)
        everything = content.decode() + "".join(
            part.get_payload(decode=True).decode() for part in parsed.walk() if not part.is_multipart()
        )
        for secret in (other.address, str(other.name), other.id, token_of(KEY, other.id, 1)):
            assert secret not in everything


def test_what_people_type_is_text_and_never_markup() -> None:
    evil = '<script>alert(1)</script><img src=x onerror=alert(1)>{{ 7*7 }}{% raw %}</title>"'
    sent = invitation(title=evil[:120], message=f"{evil}\nsecond line", sender=Sender(f"Dr {evil}"[:80], evil[:80]))
    page = Page(body(read(sent), "html"))
    assert {tag for tag, _ in page.tags} & {"script", "img"} == set()
    assert evil in page.text
    assert "49" not in page.text
    assert [attrs for tag, attrs in page.tags if any(name.startswith("on") for name in attrs)] == []


def test_line_breaks_in_the_message_are_kept() -> None:
    assert "Dr Smith.<br>\n<br>\nPlease fill in" in body(read(invitation()), "html")


@pytest.mark.parametrize("breaks", ["\r\n", "\n", "\r", "\x0b", "\x0c", "\u2028", "\x85", "\x00"])
def test_no_header_can_be_added_by_what_people_type(breaks: str) -> None:
    evil = f"x{breaks}Bcc: everybody@evil.example{breaks}{breaks}body"
    sent = timed(recipient(name=evil), title=evil, sender=Sender(evil, evil, "smith@clinic.example"))
    message = read(sent)
    assert message["Bcc"] is None
    assert set(message.keys()) == {
        "From", "Subject", "Auto-Submitted", "Content-Language", "MIME-Version", "Reply-To", "To", "Date", "Message-ID",
        "Content-Type",
    }  # fmt: skip
    assert [name for name in calendar(message).events[0] if name not in _EVENT_PROPERTIES] == []


_EVENT_PROPERTIES = {
    "SUMMARY", "DTSTART", "DTEND", "DTSTAMP", "UID", "SEQUENCE", "ATTENDEE", "DESCRIPTION", "LOCATION", "ORGANIZER", "STATUS",
    "URL",
}  # fmt: skip


def test_the_mail_loads_nothing_and_has_no_tracking_picture() -> None:
    source = body(read(timed()), "html")
    page = Page(source)
    assert {tag for tag, _ in page.tags} & {"img", "link", "iframe", "object", "script"} == set()
    assert "@import" not in source
    assert "url(" not in source


def test_a_line_is_never_longer_than_mail_allows() -> None:
    sent = timed(title="ü" * 120, message="wide " * 799)
    content = composer().mail(sent, sent.recipients[0], NOW).content
    assert max(len(line) for line in content.split(b"\r\n")) <= 998
    assert b"\n" not in content.replace(b"\r\n", b"")
    assert read(sent)["Subject"] == "ü" * 120


def test_with_a_time_the_calendar_is_offered_and_attached() -> None:
    message = read(timed())
    assert message.get_content_type() == "multipart/mixed"
    alternative, attachment = message.iter_parts()
    assert [part.get_content_type() for part in alternative.iter_parts()] == [
        "text/plain",
        "text/html",
        "text/calendar",
    ]
    offered = list(alternative.iter_parts())[-1]
    assert offered["Content-Type"].params["method"] == "REQUEST"
    assert (attachment.get_content_disposition(), attachment.get_filename()) == ("attachment", "invite.ics")
    assert attachment.get_content() == offered.get_payload(decode=True)


def test_without_a_time_there_is_no_calendar() -> None:
    message = read(invitation())
    assert [part.get_content_type() for part in message.iter_parts()] == ["text/plain", "text/html"]
    assert "2027" not in body(message, "plain")


def test_the_calendar_entry_is_one_session_for_one_attendee() -> None:
    found = calendar(read(timed(recipient(), recipient(OMAR, "omar@example.com"), calendar_revision=3)))
    assert (found["METHOD"], found["VERSION"], len(found.events)) == ("REQUEST", "2.0", 1)
    event = found.events[0]
    assert event["UID"] == f"{SESSION}@housecall.example"
    assert event["SEQUENCE"] == 3
    assert (event.start, event.end - event.start) == (
        datetime(2027, 3, 30, 10, tzinfo=ZoneInfo("Europe/Berlin")),
        timedelta(minutes=30),
    )
    assert event["ATTENDEE"] == "mailto:mia@example.com"
    assert event["ORGANIZER"] == "mailto:smith@clinic.example"
    assert event["ORGANIZER"].params["CN"] == "Dr Smith"
    assert event["URL"] == f"{BASE}/join/{token_of(KEY, MIA, 1)}"
    assert event["STATUS"] == "CONFIRMED"


@pytest.mark.parametrize(
    ("start", "zone"),
    [
        ("2027-03-28T01:30", "Europe/Berlin"),
        ("2027-03-28T03:30", "Europe/Berlin"),
        ("2027-10-31T04:00", "Europe/Berlin"),
        ("2027-04-04T03:00", "Australia/Sydney"),
        ("2027-06-01T12:00", "Asia/Kolkata"),
        ("2027-02-20T12:00", "Africa/Casablanca"),
        ("2027-07-01T12:00", "Australia/Lord_Howe"),
        ("2027-01-01T00:15", "UTC"),
    ],
)
def test_the_calendars_own_zone_rules_give_the_same_instant(start: str, zone: str) -> None:
    when = planned(start, zone)
    found = calendar(read(timed(planned=when)))
    local = found.events[0]["DTSTART"].dt.replace(tzinfo=None)
    if zone == "UTC":
        assert found.timezones == []
        return
    # as RFC 5545 §3.6.5 says: the last change at or before the local time, each told by the clock before it
    changes = [part for part in found.timezones[0].subcomponents if part["DTSTART"].dt <= local]
    last = max(changes, key=lambda part: part["DTSTART"].dt)
    assert (local - last["TZOFFSETTO"].td).replace(tzinfo=UTC) == when.starts_at


def test_a_cancellation_takes_the_session_out_of_the_calendar_and_has_no_link() -> None:
    message = read(timed(cancelled_at=NOW, calendar_revision=1))
    found = calendar(message)
    event = found.events[0]
    assert (found["METHOD"], event["STATUS"], event["SEQUENCE"]) == ("CANCEL", "CANCELLED", 1)
    assert event["UID"] == f"{SESSION}@housecall.example"
    assert message["Subject"] == "Cancelled: My first call with client"
    for kind in ("plain", "html"):
        assert "will not take place" in body(message, kind)
        assert "/join/" not in body(message, kind)


@pytest.mark.parametrize(("language", "button"), [("de", "Am Gespräch teilnehmen"), ("ar", "الانضمام إلى المكالمة")])
def test_the_mail_is_in_the_language_of_the_invitation(language: str, button: str) -> None:
    message = read(timed(language=language))
    page = Page(body(message, "html"))
    assert button in page.text
    assert button in body(message, "plain")
    assert message["Content-Language"] == language
    html = dict(page.tags)["html"]
    assert (html["lang"], html["dir"]) == (language, texts.direction(language))


def test_a_title_that_was_left_empty_is_made_from_who_invites() -> None:
    assert read(invitation(title=""))["Subject"] == "Video call with Dr Smith"


def test_who_has_no_address_for_replies_gives_another_way() -> None:
    alone = invitation(sender=Sender("Northside Clinic", "Northside Clinic"))
    message = read(alone)
    assert message["Reply-To"] is None
    assert message["From"] == "Northside Clinic <no-reply@mail.example>"
    assert "please contact Northside Clinic" in body(message, "plain")


def test_an_address_with_a_foreign_domain_is_sent_in_ascii() -> None:
    mail = composer().mail(invitation(), recipient(address="mia@exämple.com"), NOW)
    assert (mail.envelope_to, mail.needs_utf8) == ("mia@xn--exmple-cua.com", False)
    assert mail.content.isascii()


def test_an_address_with_a_foreign_local_part_asks_for_a_server_that_can() -> None:
    mail = composer().mail(invitation(), recipient(address="用户@example.com", name=None), NOW)
    assert (mail.envelope_to, mail.needs_utf8) == ("用户@example.com", True)
    assert "To: 用户@example.com\r\n".encode() in mail.content


def test_every_text_of_the_mail_is_translated_into_every_language() -> None:
    asked = set(re.findall(r'_\("([^"]+)"\)', "".join(path.read_text() for path in PACKAGE.glob("templates/*"))))
    words = "".join(
        (PACKAGE / name).read_text() for name in ("texts.py", "series_texts.py", "notices.py", "sms_words.py")
    )
    for node in ast.walk(ast.parse(words)):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") in {"gettext", "ngettext"}:
            assert isinstance(node.args[0], ast.Constant)
            asked.add(node.args[0].value)
    assert len(asked) > 10
    loaded = texts.load(PACKAGE)
    assert set(loaded.languages) == set(LANGUAGES)
    for language in LANGUAGES[1:]:
        translated = loaded.messages(language)
        assert set(translated) == asked
        for text, translation in translated.items():
            names = re.findall(r"%\(\w+\)s", text)
            # a form for one or two may say the number in a word
            for form in translation if isinstance(translation, list) else ():
                assert set(re.findall(r"%\(\w+\)s", form)) <= set(names)
            if isinstance(translation, str):
                assert sorted(re.findall(r"%\(\w+\)s", translation)) == sorted(names)


def test_zone_rules_are_made_once_for_a_zone_and_year() -> None:
    assert ics.zone_rules("Europe/Berlin", 2027) is ics.zone_rules("Europe/Berlin", 2027)


def test_what_looks_like_a_boundary_is_text() -> None:
    whole = mime.multipart("mixed", mime.plain("--=_0\n\n.\nFrom here"))
    parsed: Any = message_from_bytes(whole.to_bytes(), policy=modern)
    assert [part.get_payload(decode=True).decode() for part in parsed.iter_parts()] == ["--=_0\r\n\r\n.\r\nFrom here"]


NAMES = ("", "Mia", "Mia K.", "Dr O'Neil, Ann", "Mia (aunt)", 'The "M"', "=?utf-8?q?x?=", "Zoë", "Mia " * 30)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(
    "address", ["mia@example.com", "m..k@example.com", "m k@example.com", f"{'m' * 60}@example.com"]
)
def test_whom_it_is_to_is_written_as_the_email_package_writes_it(name: str, address: str) -> None:
    local, _, domain = address.rpartition("@")
    value = Address(" ".join(name.split()), username=local, domain=domain)
    written = SMTP.fold_binary(*SMTP.header_store_parse("To", value))
    mail = composer().mail(
        invitation(recipient(name=name, address=address)), recipient(name=name, address=address), NOW
    )
    assert written in mail.content


@pytest.mark.parametrize(
    "text",
    [
        "My first call with client", "", " ", "A", "=?utf-8?q?forged?=", "a =?b", "50 % off (really), yes: \"so\" <b>@x",
        "Grüße", "a" * 68, "a" * 69, "a" * 200, "many words " * 9, "line\r\nBcc: other@example.com", "\ttab", "زيارة",
    ],
)  # fmt: skip
@pytest.mark.parametrize("needs_utf8", [False, True])
def test_a_subject_is_written_as_the_email_package_writes_it(text: str, needs_utf8: bool) -> None:
    by_package = compose._folded("Subject", compose._one_line(text), needs_utf8)
    assert compose._text_header("Subject", text, needs_utf8) == by_package
