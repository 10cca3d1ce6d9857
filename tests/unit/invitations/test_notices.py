"""Notices: mails of other services, sent as every other, whose link is forgotten once they are on their way."""

from typing import Any

import pytest

from contracts.invitations import NOTICES, SendNotice
from services.invitations import delivery
from services.invitations.compose import Composer
from services.invitations.delivery import LATER, Outcome
from services.invitations.invitation import TAKEN, Invitation
from services.invitations.notices import (
    HOST_ADDED,
    HOST_CANCELLED,
    HOST_MOVED,
    HOST_REMOVED,
    draft,
    hosts_told,
    notice_words,
    of_hosts,
)
from tests.unit.invitations.mails import calendar, read
from tests.unit.invitations.things import NOW

ID = "01920000-0000-7000-8000-0000000000aa"
LINK = "https://clinic.example/welcome#secret-token"


def notice(**changes: Any) -> Invitation:
    asked = {
        "kind": "member_invited",
        "address": "smith@example.com",
        "language": "en",
        "values": {"organisation": "Example Health", "sender": "Olive Owner"},
        "link": LINK,
        **changes,
    }
    return draft(SendNotice().load(asked), id=ID, organisation_id=ID, now=NOW)


def content(made: Invitation) -> str:
    from email import message_from_bytes, policy

    mail = Composer("https://clinic.example", "Housecall <no-reply@clinic.example>", b"k" * 32).mail(
        made, made.recipients[0], NOW
    )
    message = message_from_bytes(mail.content, policy=policy.default)
    return str(message["Subject"]) + "".join(
        str(part.get_content()) for part in message.walk() if not part.is_multipart()
    )


def tried(made: Invitation, kind: str) -> Invitation:
    recipient = made.recipients[0]
    change = delivery.record(made, [Outcome(made.id, recipient.id, 1, recipient.attempts, kind)], NOW)
    assert change is not None
    assert change.events == ()
    return change.state


def test_the_same_command_makes_the_same_notice() -> None:
    assert notice() == notice()


@pytest.mark.parametrize("language", ["en", "de", "ar"])
@pytest.mark.parametrize("kind", NOTICES)
def test_every_notice_has_words_in_every_language_and_nothing_of_a_call(kind: str, language: str) -> None:
    text = content(notice(kind=kind, language=language))
    assert "Example Health" in text
    assert "%(" not in text
    assert "patient-information" not in text
    assert text.count(LINK) >= 3


def test_a_notice_without_a_link_has_no_button() -> None:
    text = content(notice(kind="password_changed", link=None))
    assert "href=" not in text
    assert "This link is yours alone" not in text


@pytest.mark.parametrize(
    "kind", [each for each in NOTICES if each.startswith(("second_step", "recovery", "password_changed"))]
)
def test_who_is_told_of_a_change_is_told_what_to_do_if_it_was_not_them(kind: str) -> None:
    text = content(notice(kind=kind, link=None))
    assert "If it was not you" in text or "If you did not ask for this" in text


@pytest.mark.parametrize("language", ["de", "ar"])
@pytest.mark.parametrize("kind", NOTICES)
def test_a_notice_is_translated_whole(kind: str, language: str) -> None:
    english, other = (notice_words(notice(kind=kind, language=one)) for one in ("en", language))
    assert not {*english.opening.split(". "), english.heading, english.help} & {
        *other.opening.split(". "), other.heading, other.help,
    }  # fmt: skip


def test_its_link_is_forgotten_when_the_mail_was_taken_and_not_before() -> None:
    later = tried(notice(), LATER)
    assert later.notice is not None
    assert later.notice.link == LINK
    done = tried(later, TAKEN)
    assert done.notice is not None
    assert done.notice.link is None
    assert LINK not in str(done)


@pytest.mark.parametrize("language", ["en", "de", "ar"])
@pytest.mark.parametrize("kind", [HOST_ADDED, HOST_REMOVED, HOST_MOVED, HOST_CANCELLED])
def test_hosts_read_which_session_and_when_and_their_calendar_does_too(kind: str, language: str) -> None:
    member = {"email": "jones@example.com", "name": "Dr Jones", "language": language}
    organisation = {"id": ID, "name": "Example Health", "language": "en"}
    times = {
        "local_start": "2027-03-30T10:00", "zone": "Europe/Berlin", "minutes": 30, "starts_at": "2027-03-30T08:00:00.000Z",
        "ends_at": "2027-03-30T08:30:00.000Z",
    }  # fmt: skip
    session = {"id": ID, "title": "A review", "planned": times}
    made = of_hosts(member, kind, organisation, session, id=ID, now=NOW, revision=4)
    text = content(made)
    assert "A review" in text
    assert "2027" in text
    assert "%(" not in text
    entry = calendar(read(made)).walk("VEVENT")[0]
    assert (str(entry["uid"]), int(entry["sequence"])) == (f"{ID}@housecall.example", 4)
    assert str(entry["url"]) == "https://housecall.example/sessions"
    cancels = kind in (HOST_REMOVED, HOST_CANCELLED)
    assert str(calendar(read(made))["method"]) == ("CANCEL" if cancels else "REQUEST")


def test_of_a_series_hosts_read_no_time_and_get_no_entry() -> None:
    member = {"email": "jones@example.com", "name": "Dr Jones"}
    organisation = {"id": ID, "name": "Example Health", "language": "en"}
    text = content(of_hosts(member, HOST_ADDED, organisation, {"title": "A review", "series_id": ID}, id=ID, now=NOW))
    assert "BEGIN:VCALENDAR" not in text


SMITH, JONES = "smith", "jones"


@pytest.mark.parametrize(
    ("type", "data", "told"),
    [
        ("session.created", {}, [(JONES, HOST_ADDED)]),
        ("session.cancelled", {}, [(JONES, HOST_CANCELLED)]),
        ("session.updated", {"changed": ["time"]}, [(JONES, HOST_MOVED)]),
        ("session.updated", {"changed": ["title"]}, []),
        ("session.updated", {"changed": ["time", "hosts"], "hosts_added": [JONES]}, [(JONES, HOST_ADDED)]),
        ("session.updated", {"changed": ["hosts"], "hosts_removed": ["kim", SMITH]}, [("kim", HOST_REMOVED)]),
        ("session.reminder_sent", {}, []),
    ],
)
def test_hosts_are_told_of_what_somebody_else_did(type: str, data: dict[str, Any], told: list[tuple[str, str]]) -> None:
    assert hosts_told(type, {"host_member_ids": [SMITH, JONES], **data}, SMITH) == told
