"""Pages of the event log."""

import datetime as dt
from types import SimpleNamespace
from typing import Any, cast

import pytest

from contracts.errors import Invalid
from contracts.events import Envelope
from services.integrations.entry import envelope
from services.integrations.paging import cursor_of, page, position_after

ID = "01920000-0000-7000-8000-0000000000bb"


def events(*positions: int) -> list[tuple[int, dict[str, Any]]]:
    return [(position, {"id": str(position)}) for position in positions]


def test_a_cursor_leads_on_from_where_it_was_given() -> None:
    assert position_after(cursor_of(41)) == 41
    assert position_after(None) == 0


@pytest.mark.parametrize("cursor", ["x", "-1", "1.5", "", " 1", "٣", "9" * 19])
def test_what_is_no_cursor_is_refused_at_its_field(cursor: str) -> None:
    with pytest.raises(Invalid) as refusal:
        position_after(cursor)
    assert refusal.value.extra["errors"][0]["pointer"] == "/after"


def test_a_full_page_says_that_there_is_more() -> None:
    found = page(events(4, 5, 6), limit=2, after="3")
    assert found == {"items": [{"id": "4"}, {"id": "5"}], "cursor": "5", "more": True}


def test_the_last_page_says_that_there_is_no_more() -> None:
    assert page(events(4, 5), limit=2, after="3") == {"items": [{"id": "4"}, {"id": "5"}], "cursor": "5", "more": False}


def test_an_empty_page_keeps_the_place() -> None:
    assert page([], limit=2, after="3") == {"items": [], "cursor": "3", "more": False}


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
