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


@pytest.mark.parametrize("value", ["2026-11-22T18:00:00", "tomorrow", 5, ["2026-11-22T18:00:00Z"]])
def test_an_instant_without_an_offset_is_refused(value: object) -> None:
    with pytest.raises(ma.ValidationError):
        Sample().load({"at": value})


def test_a_dumped_instant_passes_through_a_second_dump() -> None:
    assert Sample().dump({"at": "2026-11-22T17:00:00.000Z"})["at"] == "2026-11-22T17:00:00.000Z"


def test_a_name_cannot_disguise_itself() -> None:
    assert Sample().load({"name": "  Dr\u202e Smi\u200bth\n"})["name"] == "Dr Smith"


def test_letters_that_need_joiners_keep_them() -> None:
    assert Sample().load({"name": "می\u200cخواهم"})["name"] == "می\u200cخواهم"


def test_a_name_of_nothing_visible_is_refused() -> None:
    with pytest.raises(ma.ValidationError):
        Sample().load({"name": "\u200b \u202e"})


def test_a_message_keeps_its_lines_and_a_name_does_not() -> None:
    loaded = Sample().load({"message": "one\r\ntwo", "name": "one\ntwo"})
    assert loaded == {"message": "one\ntwo", "name": "one two"}


def test_length_counts_what_remains() -> None:
    assert Sample().load({"name": "a" * 80 + "\u200b" * 50})["name"] == "a" * 80
    with pytest.raises(ma.ValidationError):
        Sample().load({"name": "a" * 81})
