"""What a guest answers is held against what the room asks, field by field."""

from typing import Any

import pytest

from contracts.errors import Invalid
from services.waiting import path
from services.waiting.answers import LONGEST_ANSWER, Answer, Consent, checked, version_of
from tests.unit.waiting.people import LATER, NOW, caller

CONSENT = "I agree.\nTo be seen."
BORN = {"key": "born", "label": "Date of birth", "kind": "date", "required": True, "choices": []}
WHY = {"key": "why", "label": "Why do you come?", "kind": "text", "required": False, "choices": []}
HOW = {"key": "how", "label": "How are you?", "kind": "choice", "required": False, "choices": ["Well", "Ill"]}
NEW = {"key": "new", "label": "Is this your first visit?", "kind": "yes_no", "required": True, "choices": []}
SETTINGS = {"entry_fields": [BORN, WHY, HOW, NEW], "consent_text": ""}
GOOD: dict[str, str | None] = {"born": "1980-02-29", "why": "  A\u202e cough ", "how": "Ill", "new": "no"}


def wrong(given: dict[str, str | None]) -> dict[str, str]:
    with pytest.raises(Invalid) as refused:
        checked(SETTINGS, {**GOOD, **given}, None, NOW)
    return {error["pointer"]: error["detail"] for error in refused.value.extra["errors"]}


def test_answers_are_kept_beside_the_questions_in_their_order_and_cleaned() -> None:
    answers, consent = checked(SETTINGS, GOOD, None, NOW)
    assert [(each.label, each.value) for each in answers] == [
        ("Date of birth", "1980-02-29"),
        ("Why do you come?", "A cough"),
        ("How are you?", "Ill"),
        ("Is this your first visit?", "no"),
    ]
    assert consent is None


def test_what_need_not_be_answered_may_be_left_out() -> None:
    answers, _ = checked(SETTINGS, {"born": "1980-02-28", "new": "yes", "how": None, "why": " "}, None, NOW)
    assert [each.key for each in answers] == ["born", "new"]


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("born", None),
        ("born", ""),
        ("born", "29.02.1980"),
        ("born", "1981-02-29"),
        ("born", "20000101"),
        ("why", "x" * (LONGEST_ANSWER + 1)),
        ("how", "ill"),
        ("new", "true"),
        ("new", None),
    ],
)
def test_what_does_not_fit_is_named_with_its_field(key: str, value: str | None) -> None:
    assert list(wrong({key: value})) == [f"/answers/{key}"]


def test_every_field_that_does_not_fit_is_named_at_once() -> None:
    assert set(wrong({"born": None, "new": "maybe", "nobody": "x"})) == {
        "/answers/born",
        "/answers/new",
        "/answers/nobody",
    }


def test_a_consent_is_kept_with_its_text_version_and_time() -> None:
    _, consent = checked({"consent_text": CONSENT}, {}, version_of(CONSENT), NOW)
    assert consent == Consent(str(version_of(CONSENT)), CONSENT, NOW)


@pytest.mark.parametrize(("version", "says"), [(None, "Accept this"), (version_of("Another text."), "has changed")])
def test_without_consent_to_the_text_of_today_nobody_arrives(version: str | None, says: str) -> None:
    with pytest.raises(Invalid) as refused:
        checked({"consent_text": CONSENT}, {}, version, NOW)
    (error,) = refused.value.extra["errors"]
    assert error["pointer"] == "/consent_version"
    assert says in error["detail"]


def test_the_version_follows_the_text() -> None:
    assert version_of("") is None
    assert version_of(CONSENT) == version_of(CONSENT) != version_of(CONSENT + " ")


def test_answers_given_again_replace_those_before_and_the_first_consent_to_a_text_stays() -> None:
    before, after = (Answer("why", "Why?", "text", value) for value in ("A cough", "A fever"))
    first, second = Consent("1", CONSENT, NOW), Consent("1", CONSENT, LATER)
    here = caller(answers=(before,), consent=first)
    assert path.arrive_again(here, arriving=caller(answers=(before,), consent=second)) is None
    change = path.arrive_again(here, arriving=caller(answers=(after,), consent=second))
    assert change is not None
    assert (change.state.answers, change.state.consent) == ((after,), first)
    anew = path.arrive_again(here, arriving=caller(answers=(before,), consent=Consent("2", "Other", LATER)))
    assert anew is not None
    assert anew.state.consent == Consent("2", "Other", LATER)


def test_no_event_carries_an_answer() -> None:
    answered: Any = caller(answers=(Answer("why", "Why?", "text", "A cough"),), consent=Consent("1", CONSENT, NOW))
    assert "cough" not in str(path.arrival(answered))
    accepted = path.accept(answered, member_id="smith", member_name="Dr Smith", now=LATER)
    assert accepted is not None
    assert "cough" not in str(accepted.events)
