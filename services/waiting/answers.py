"""What a guest answers on arriving, held against what the room asks (contracts.room_settings.EffectiveSettings). Pure."""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from contracts.errors import Invalid
from contracts.fields import clean_text

LONGEST_ANSWER = 500
YES_NO = ("yes", "no")
_VERSION_DIGITS = 16


@dataclass(frozen=True)
class Answer:
    """One answer, beside the question as it was asked. A date is `2026-11-22`; of `yes_no` it is `yes` or `no`."""

    key: str
    label: str
    kind: str
    value: str


@dataclass(frozen=True)
class Consent:
    """That a text was accepted, which one and when. `version` is made of the text, so that the same text has the same one."""

    version: str
    text: str
    accepted_at: datetime


def version_of(consent_text: str) -> str | None:
    """The version of a consent text; none for an empty one, which asks for nothing."""
    return hashlib.sha256(consent_text.encode()).hexdigest()[:_VERSION_DIGITS] if consent_text else None


def checked(
    settings: Mapping[str, Any], given: Mapping[str, str | None], consent_version: str | None, now: datetime
) -> tuple[tuple[Answer, ...], Consent | None]:
    """The answers in the order of the questions, and the consent. Raises Invalid, naming every field that does not fit."""
    asked = settings.get("entry_fields", ())
    errors = [
        _error(f"/answers/{key}", "Nobody asks this here.") for key in given if key not in {f["key"] for f in asked}
    ]
    answers: list[Answer] = []
    for field in asked:
        value = clean_text(given.get(field["key"]) or "")
        problem = _problem(field, value)
        if problem:
            errors.append(_error(f"/answers/{field['key']}", problem))
        elif value:
            answers.append(Answer(field["key"], field["label"], field["kind"], value))
    text = settings.get("consent_text", "")
    wanted = version_of(text)
    if wanted and consent_version != wanted:
        said = (
            "Accept this to go on." if consent_version is None else "The text has changed: read it and accept it again."
        )
        errors.append(_error("/consent_version", said))
    if errors:
        raise Invalid(errors=errors)
    return tuple(answers), Consent(wanted, text, now) if wanted else None


def _problem(field: Mapping[str, Any], value: str) -> str | None:
    if not value:
        return "Answer this to go on." if field["required"] else None
    return _CHECKS[field["kind"]](field, value)


def _text(_field: Mapping[str, Any], value: str) -> str | None:
    return f"This is longer than {LONGEST_ANSWER} characters." if len(value) > LONGEST_ANSWER else None


def _choice(field: Mapping[str, Any], value: str) -> str | None:
    return None if value in field["choices"] else "Choose one of these."


def _date(_field: Mapping[str, Any], value: str) -> str | None:
    try:
        return None if date.fromisoformat(value).isoformat() == value else "Give a date as in 2026-11-22."
    except ValueError:
        return "Give a date as in 2026-11-22."


def _yes_no(_field: Mapping[str, Any], value: str) -> str | None:
    return None if value in YES_NO else "Answer yes or no."


_CHECKS: dict[str, Callable[[Mapping[str, Any], str], str | None]] = {
    "text": _text,
    "choice": _choice,
    "date": _date,
    "yes_no": _yes_no,
}


def _error(pointer: str, detail: str) -> dict[str, str]:
    return {"pointer": pointer, "detail": detail}
