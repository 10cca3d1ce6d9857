"""Which sessions a list is about."""

import datetime as dt

import pytest

from contracts.errors import Invalid
from services.scheduler.listing import A_DAY, LONGEST_RANGE, Place, asked_range, place_of
from tests.unit.scheduler.things import NOW


def test_without_bounds_it_begins_with_today_wherever_the_reader_is_and_goes_on_for_a_year() -> None:
    asked = asked_range(None, None, NOW)
    assert asked.starts_from == NOW - A_DAY
    assert asked.starts_until == asked.starts_from + LONGEST_RANGE


def test_with_bounds_it_is_those() -> None:
    asked = asked_range(NOW, NOW + A_DAY, NOW)
    assert (asked.starts_from, asked.starts_until) == (NOW, NOW + A_DAY)


def test_an_upper_bound_alone_may_be_in_the_past() -> None:
    past = NOW - 30 * A_DAY
    assert asked_range(None, past, NOW).starts_from < past


@pytest.mark.parametrize(("start", "until"), [(NOW, NOW), (NOW, NOW - A_DAY), (NOW, NOW + dt.timedelta(days=400))])
def test_a_range_that_is_none_or_too_long_is_refused(start, until) -> None:
    with pytest.raises(Invalid):
        asked_range(start, until, NOW)


def test_a_cursor_says_the_place_at_which_a_page_ended() -> None:
    place = Place(NOW, "01920000-0000-7000-8000-0000000000aa")
    assert place_of(str(place)) == place


@pytest.mark.parametrize("cursor", ["x", "_", "2027-03-30T08:00:00.000Z", "2027-03-30T08:00:00.000Z_", "soon_an id"])
def test_what_is_no_cursor_is_refused_by_its_name(cursor: str) -> None:
    with pytest.raises(Invalid) as refused:
        place_of(cursor)
    assert refused.value.extra["errors"][0]["pointer"] == "/cursor"
