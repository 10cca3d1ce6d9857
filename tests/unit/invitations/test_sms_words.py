"""A text says when, whose clock that is, and the link; it is short, and names nobody and nothing else."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from services.invitations import segments, sms_words
from services.invitations.invitation import Invitation, Sender
from services.invitations.sms import Texter
from services.invitations.texts import Occasion
from tests.unit.invitations.things import KEY, MIA, NOW, invitation, planned, recipient, taken, timed

BASE = "https://housecall.example"
NUMBER = "+491701234567"


def text(made: Invitation, place: int = 0, now: datetime = NOW) -> str:
    return Texter(BASE, KEY).text(made, made.recipients[place], now).body


def to_phone(**changes: object) -> Invitation:
    return timed(replace(recipient(address=NUMBER), **changes))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("language", "day"),
    [("en", "Tue, 30 Mar 2027, 10:00"), ("de", "Di., 30. März 2027, 10:00"), ("ar", "30\u200f/3\u200f/2027")],
)
def test_it_says_when_by_whose_clock_and_the_link_in_two_parts_at_most(language: str, day: str) -> None:
    said = text(replace(to_phone(), language=language))
    assert day in said
    assert "(Europe/Berlin)" in said
    assert said.count(f"{BASE}/join/") == 1
    assert segments.segments(said) <= 2


def test_neither_title_nor_message_nor_sender_is_in_it() -> None:
    said = text(to_phone())
    assert said.startswith("Northside Clinic: ")
    for word in ("Dr Smith", "first call", "fill in", "Mia"):
        assert word not in said


@pytest.mark.parametrize("language", ["en", "de", "ar"])
@pytest.mark.parametrize(
    "occasion",
    [Occasion(), Occasion(planned("2027-03-28T10:00")), Occasion(reminding=1440), Occasion(reminding=10), Occasion(removed=True)],
)  # fmt: skip
def test_every_occasion_fits_into_two_parts_whatever_the_organisation_is_called(
    language: str, occasion: Occasion
) -> None:
    sender = Sender("Dr Smith", "The Northern Peninsula Regional Health Network for Paediatrics, “Kinderärzte”")
    made = replace(to_phone(), language=language, sender=sender)
    assert segments.segments(sms_words.body(made, occasion, f"{BASE}/join/{'x' * 32}")) <= 2


def test_a_moved_session_a_reminder_and_a_cancellation_say_so() -> None:
    assert "is now on" in text(to_phone(told=planned("2027-03-28T10:00")))
    assert "Reminder" in text(to_phone(reminding=1440, reminding_of=planned()))
    assert "begins soon" in text(to_phone(reminding=10, reminding_of=planned()))
    cancelled = text(replace(to_phone(), cancelled_at=NOW))
    assert "is cancelled" in cancelled
    assert "/join/" not in cancelled


def test_who_was_removed_gets_no_link() -> None:
    said = text(to_phone(removed_at=NOW))
    assert "no longer invited" in said
    assert "/join/" not in said


def test_each_try_has_the_same_key_and_each_sending_another_one() -> None:
    made = invitation(taken(), recipient(id=MIA.replace("f1", "f3"), address=NUMBER))
    texter, person = Texter(BASE, KEY), made.recipients[1]
    first = texter.text(made, person, NOW)
    assert first.key == texter.text(made, replace(person, attempts=3), NOW + timedelta(hours=1)).key
    again = texter.text(made, replace(person, sending=2), NOW)
    assert again.key != first.key
    assert again.reported_at != first.reported_at
    assert first.to == NUMBER


@pytest.mark.parametrize(
    ("said", "parts"),
    [
        ("a" * 160, 1),
        ("a" * 161, 2),
        ("€" * 80, 1),
        ("€" * 81, 2),
        ("م" * 70, 1),
        ("م" * 71, 2),
        ("م" * 135, 3),
        ("😀" * 36, 2),
    ],
)
def test_parts_are_counted_as_networks_do(said: str, parts: int) -> None:
    assert segments.segments(said) == parts
