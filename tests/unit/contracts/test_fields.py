"""Identifiers, instants and typed text as contracts understand them."""

import datetime as dt

import marshmallow as ma
import pytest

from contracts.fields import Id, Instant, TypedText, name_text


class Sample(ma.Schema):
    id = Id()
    at = Instant()
    name = name_text()
    message = TypedText(longest=20, shortest=0, lines=True)


@pytest.mark.parametrize(
    "text", ["", "1", "0190C2A1-0000-7000-8000-000000000000", "0190c2a1-0000-9000-8000-000000000000"]
)
def test_what_is_no_id_is_refused(text: str) -> None:
    with pytest.raises(ma.ValidationError):
        Sample().load({"id": text})


def test_an_instant_is_utc_whatever_offset_it_came_with() -> None:
    loaded = Sample().load({"at": "2026-11-22T18:00:00+01:00"})
    assert loaded["at"] == dt.datetime(2026, 11, 22, 17, tzinfo=dt.UTC)
    assert Sample().dump(loaded)["at"] == "2026-11-22T17:00:00.000Z"


@pytest.mark.parametrize(
    "value",
    [
        "2026-11-22T18:00:00",
        "tomorrow",
        5,
        ["2026-11-22T18:00:00Z"],
        "0001-01-01T00:00:00+14:00",
        "9999-12-31T23:59:59-12:00",
    ],
)
def test_an_instant_without_an_offset_is_refused(value: object) -> None:
    with pytest.raises(ma.ValidationError):
        Sample().load({"at": value})


def test_a_dumped_instant_passes_through_a_second_dump() -> None:
    assert Sample().dump({"at": "2026-11-22T17:00:00.000Z"})["at"] == "2026-11-22T17:00:00.000Z"


def test_a_name_cannot_disguise_itself() -> None:
    assert Sample().load({"name": "  Dr\u202e Smi\u200bth\n"})["name"] == "Dr Smith"


def test_letters_that_need_joiners_keep_them() -> None:
    assert Sample().load({"name": "می\u200cخواهم"})["name"] == "می\u200cخواهم"


@pytest.mark.parametrize(
    "text", ["\u200b \u202e", "\u3164", "\u2800\u2800", "\u200d", "\u0301\u0301", "\ufe0f", "\ud83d", "\0"]
)
def test_a_name_of_nothing_visible_is_refused(text: str) -> None:
    with pytest.raises(ma.ValidationError):
        Sample().load({"name": text})


def test_a_joiner_between_latin_letters_makes_no_second_reception() -> None:
    assert Sample().load({"name": "Rece\u200dption\u200c"})["name"] == "Reception"
    assert Sample().load({"name": "\U0001f469\u200d\u2695\ufe0f Dr"})["name"] == "\U0001f469\u200d\u2695\ufe0f Dr"


def test_accents_are_no_tower() -> None:
    tower = Sample().load({"name": "Z" + "\u0336\u0310" * 30 + "oe"})["name"]
    assert (len(tower), tower[-2:]) == (11, "oe")
    assert Sample().load({"name": "Nguyê\u0303n"})["name"] == "Nguyễn"


def test_a_separator_of_paragraphs_ends_no_line_in_a_name() -> None:
    loaded = Sample().load({"name": "one\u2028two", "message": "one\u2029two"})
    assert loaded == {"name": "one two", "message": "one\ntwo"}


def test_a_message_keeps_its_lines_and_a_name_does_not() -> None:
    loaded = Sample().load({"message": "one\r\ntwo", "name": "one\ntwo"})
    assert loaded == {"message": "one\ntwo", "name": "one two"}


def test_length_counts_what_remains() -> None:
    assert Sample().load({"name": "a" * 80 + "\u200b" * 50})["name"] == "a" * 80
    with pytest.raises(ma.ValidationError):
        Sample().load({"name": "a" * 81})
