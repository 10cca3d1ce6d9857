"""Pages of the event log."""

import datetime as dt
from types import SimpleNamespace
from typing import Any, cast

import pytest

from contracts.errors import PastKeeping, Refused
from contracts.events import Envelope
from services.integrations.entry import envelope
from services.integrations.paging import check_kept, cursor_of, page, position_after
from services.integrations.types import split, wanted_types

ID = "01920000-0000-7000-8000-0000000000bb"
OTHER = "01920000-0000-7000-8000-0000000000cc"


def events(*positions: int) -> list[tuple[int, dict[str, Any]]]:
    return [(position, {"id": str(position)}) for position in positions]


def test_a_cursor_leads_on_from_where_it_was_given() -> None:
    for position in (1, 41, 2**40):
        assert position_after(ID, cursor_of(ID, position)) == position
    assert position_after(ID, None) == 0


def test_a_cursor_of_the_version_before_is_understood() -> None:
    assert position_after(ID, "41") == 41


def test_a_cursor_of_another_organisation_is_refused_at_its_field() -> None:
    with pytest.raises(Refused) as refusal:
        position_after(OTHER, cursor_of(ID, 41))
    assert (refusal.value.status, refusal.value.extra["errors"][0]["pointer"]) == (400, "/after")


@pytest.mark.parametrize(
    "cursor",
    ["x", "-1", "1.5", "", " 1", "٣", "9" * 19, "AQ", "é" * 22, cursor_of(ID, 5)[:-1], cursor_of(ID, 5) + "AAAA"],
)
def test_what_is_no_cursor_is_refused_at_its_field(cursor: str) -> None:
    with pytest.raises(Refused) as refusal:
        position_after(ID, cursor)
    assert (refusal.value.status, refusal.value.extra["errors"][0]["pointer"]) == (400, "/after")


def test_a_cursor_from_before_what_is_kept_says_where_to_read_on() -> None:
    check_kept(ID, 4, oldest=5)
    with pytest.raises(PastKeeping) as refusal:
        check_kept(ID, 3, oldest=5)
    assert position_after(ID, refusal.value.extra["oldest"]) == 4


def test_a_full_page_says_that_there_is_more() -> None:
    found = page(ID, events(4, 5, 6), limit=2, after="3", newest=9)
    assert found == {"items": [{"id": "4"}, {"id": "5"}], "cursor": cursor_of(ID, 5), "more": True}


def test_the_last_page_says_that_there_is_no_more() -> None:
    found = page(ID, events(4, 5), limit=2, after="3")
    assert found == {"items": [{"id": "4"}, {"id": "5"}], "cursor": cursor_of(ID, 5), "more": False}


def test_the_last_page_leads_past_what_was_looked_through() -> None:
    assert page(ID, events(4), limit=2, after="3", newest=9)["cursor"] == cursor_of(ID, 9)
    assert page(ID, events(4, 11), limit=2, after="3", newest=9)["cursor"] == cursor_of(ID, 11)


def test_an_empty_page_keeps_the_place() -> None:
    assert page(ID, [], limit=2, after="3") == {"items": [], "cursor": "3", "more": False}


def test_types_are_named_alone_or_by_their_kind() -> None:
    assert wanted_types(split(" room.created, reminders.* ,")) == ("reminders.changed", "room.created")
    assert wanted_types(split(None)) == ()


@pytest.mark.parametrize("asked", ["room.exploded", "rooms.*", "*", ".*", "room", "room.created,room.exploded"])
def test_a_type_that_is_none_is_refused_by_name(asked: str) -> None:
    with pytest.raises(Refused) as refusal:
        wanted_types(split(asked))
    [named] = refusal.value.extra["errors"]
    assert named["pointer"] == "/types"
    assert repr(asked.rsplit(",", maxsplit=1)[-1]) in named["detail"]


def test_an_event_is_kept_as_the_envelope_it_came_in() -> None:
    heard = SimpleNamespace(
        id=ID,
        type="room.created",
        subject=f"room/{ID}",
        organisation_id=ID,
        sequence=1,
        time=dt.datetime(2026, 11, 22, 10, 0, 0, 5000, tzinfo=dt.UTC),
        data={"room_id": ID},
        actor_id=None,
        traceparent=None,
    )
    kept = envelope("rooms", cast("Any", heard))
    assert Envelope().validate(kept) == {}
    assert (kept["source"], kept["time"], kept["sequence"]) == ("/rooms", "2026-11-22T10:00:00.005Z", "0" * 19 + "1")
