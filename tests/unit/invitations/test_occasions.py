"""What a mail says when a time moved or comes near, and when a clinic words its mails neutrally."""

from dataclasses import replace
from datetime import timedelta
from email import message_from_bytes
from email.policy import default as modern
from typing import Any

import pytest

from services.invitations.invitation import Sender
from services.invitations.links import token_of
from tests.unit.invitations.mails import BASE, body, calendar, composer, read
from tests.unit.invitations.things import KEY, NOW, SESSION, invitation, planned, recipient, timed


@pytest.mark.parametrize(
    ("language", "subject", "before"),
    [
        ("en", "New time: My first call", "It was planned for"),
        ("de", "Neue Zeit: My first call", "Es war geplant für"),
        ("ar", "موعد جديد: My first call", "كان الموعد السابق"),
    ],
)
def test_who_was_told_another_time_reads_that_it_moved_and_the_calendar_follows(
    language: str, subject: str, before: str
) -> None:
    told = planned("2027-03-28T10:00", "Europe/Berlin")
    sent = replace(timed(recipient(told=told), title="My first call"), language=language, calendar_revision=2)
    message = read(sent)
    assert message["Subject"] == subject
    for kind in ("plain", "html"):
        assert before in body(message, kind)
    found = calendar(message)
    assert (found["METHOD"], found.events[0]["SEQUENCE"], found.events[0]["UID"]) == (
        "REQUEST", 2, f"{SESSION}@housecall.example",
    )  # fmt: skip
    assert sent.planned
    assert found.events[0].start == sent.planned.starts_at
    assert "planned for" not in body(read(timed(recipient(told=timed().planned))), "plain")


@pytest.mark.parametrize(
    ("language", "subject", "why"),
    [
        ("en", "Please update your calendar: My first call", "The rules for changing the clocks have changed"),
        ("de", "Bitte aktualisieren Sie Ihren Kalender: My first call", "neue Regeln für die Zeitumstellung"),
        ("ar", "يُرجى تحديث تقويمك: My first call", "تغيّرت قواعد تغيير الساعة"),
    ],
)
def test_a_time_that_only_new_rules_of_its_zone_changed_is_not_called_moved(
    language: str, subject: str, why: str
) -> None:
    now = replace(planned("2027-03-30T10:00", "Europe/Berlin"), rules="2027b")
    hour = timedelta(hours=1)
    told = replace(now, starts_at=now.starts_at + hour, ends_at=now.ends_at + hour, rules="2027a")
    sent = replace(
        timed(recipient(told=told), title="My first call"), language=language, planned=now, calendar_revision=1
    )
    message = read(sent)
    assert message["Subject"] == subject
    for kind in ("plain", "html"):
        said = " ".join(body(message, kind).split())
        assert why in said
        assert "Europe/Berlin" in said
        assert "planned for" not in said
    found = calendar(message)
    assert (found["METHOD"], found.events[0]["SEQUENCE"], found.events[0].start) == ("REQUEST", 1, now.starts_at)


def test_the_same_time_by_other_rules_is_no_other_time() -> None:
    assert planned() == replace(planned(), rules="2099a")


@pytest.mark.parametrize("language", ["en", "de", "ar"])
@pytest.mark.parametrize("neutral", [False, True])
@pytest.mark.parametrize("why", ["invited", "moved", "reminded", "soon", "cancelled"])
def test_every_mail_with_a_time_names_its_zone(language: str, neutral: bool, why: str) -> None:
    told = {"moved": planned("2027-03-28T10:00", "Asia/Tokyo"), "invited": None}.get(why, planned())
    who = recipient(told=told, reminding={"reminded": 24 * 60, "soon": 10}.get(why))
    sent = replace(timed(who), language=language, neutral=neutral, cancelled_at=NOW if why == "cancelled" else None)
    assert sent.planned
    for kind in ("plain", "html"):
        said = body(read(sent), kind)
        assert sent.planned.zone in said
        assert "UTC" in said, "and as an offset that anybody can reckon with"
        assert why != "moved" or "Asia/Tokyo" in said, "the time that it was planned for has its zone too"


@pytest.mark.parametrize(
    ("language", "minutes", "subject", "said"),
    [
        ("en", 24 * 60, "Reminder: My first call", "This is a reminder of your video call with"),
        ("en", 10, "Reminder: My first call", "begins soon"),
        ("de", 60, "Erinnerung: My first call", "beginnt bald"),
        ("ar", 60, "تذكير: My first call", "قريبًا"),
    ],
)
def test_a_reminder_has_the_link_and_the_time_and_leaves_calendars_alone(
    language: str, minutes: int, subject: str, said: str
) -> None:
    who = recipient(reminding=minutes, told=planned())
    message = read(replace(timed(who, title="My first call"), language=language))
    assert message["Subject"] == subject
    assert said in body(message, "plain")
    assert said in body(message, "html")
    assert f"{BASE}/join/{token_of(KEY, who.id, 1)}" in body(message, "plain")
    assert not [part for part in message.walk() if part.get_content_type() == "text/calendar"]


NEUTRAL = {"en": "Your video call", "de": "Ihr Videogespräch", "ar": "مكالمتك المرئية"}


@pytest.mark.parametrize("language", list(NEUTRAL))
@pytest.mark.parametrize(
    "occasion",
    [{}, {"told": planned("2027-03-28T10:00")}, {"reminding": 10}, {"reminding": 24 * 60}, {"cancelled_at": NOW}],
    ids=["invited", "moved", "soon", "a day before", "cancelled"],
)
def test_a_neutral_mail_says_no_title_no_message_and_no_name(language: str, occasion: dict[str, Any]) -> None:
    cancelled_at = occasion.pop("cancelled_at", None)
    who = recipient(name=None, **occasion)
    sent = timed(who, title="Psychiatry with Dr Smith", message="About your medication.", cancelled_at=cancelled_at)
    named = Sender("Northside", "Northside", "office@clinic.example", None, "m")
    content = composer().mail(replace(sent, language=language, neutral=True, sender=named), who, NOW)
    message = message_from_bytes(content.content, policy=modern)
    parts = [str(part.get_content()) for part in message.walk() if part.get_content_maintype() == "text"]
    everything = "\n".join([*parts, *map(str, message.values())])
    assert NEUTRAL[language] in str(message["Subject"])
    for secret in ("Psychiatry", "Smith", "medication"):
        assert secret not in everything


def test_a_title_with_signs_of_a_format_is_taken_as_it_is() -> None:
    assert read(invitation(title="100% %(sender)s %s {x}"))["Subject"] == "100% %(sender)s %s {x}"
