"""When a Waiting Area is open, over midnight and where clocks are changed."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest

from contracts.errors import Invalid
from services.waiting.areas.hours import WEEKDAYS, Opening, checked_zone, closing, is_open, next_opening

BERLIN = "Europe/Berlin"
WEEK = tuple(Opening(day, "09:00", "17:00") for day in WEEKDAYS[:5])


def at(text: str, zone: str = BERLIN, fold: int = 0) -> dt.datetime:
    """A local time as the moment that it is."""
    return dt.datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone), fold=fold).astimezone(dt.UTC)


def test_without_hours_it_is_always_open() -> None:
    assert is_open(None, BERLIN, at("2026-11-22T03:00"))
    assert next_opening(None, BERLIN, at("2026-11-22T03:00")) is None
    assert closing(None, BERLIN, at("2026-11-22T03:00")) is None


def test_it_opens_and_closes_at_its_local_times() -> None:
    assert not is_open(WEEK, BERLIN, at("2026-11-23T08:59"))
    assert is_open(WEEK, BERLIN, at("2026-11-23T09:00"))
    assert is_open(WEEK, BERLIN, at("2026-11-23T16:59"))
    assert not is_open(WEEK, BERLIN, at("2026-11-23T17:00"))


def test_who_comes_at_the_weekend_is_told_of_monday() -> None:
    assert next_opening(WEEK, BERLIN, at("2026-11-21T12:00")) == at("2026-11-23T09:00")


def test_who_comes_after_closing_is_told_of_the_next_day() -> None:
    assert next_opening(WEEK, BERLIN, at("2026-11-23T17:00")) == at("2026-11-24T09:00")


def test_open_one_day_a_week_the_next_opening_is_a_week_away() -> None:
    tuesdays = (Opening("tuesday", "09:00", "10:00"),)
    assert next_opening(tuesdays, BERLIN, at("2026-11-24T10:00")) == at("2026-12-01T09:00")


def test_the_next_opening_over_the_end_of_summer_time_is_at_the_same_local_time() -> None:
    opens = next_opening(WEEK, BERLIN, at("2026-10-24T12:00"))
    assert opens == at("2026-10-26T09:00")
    assert opens == dt.datetime(2026, 10, 26, 8, 0, tzinfo=dt.UTC)


def test_a_night_goes_on_after_midnight_and_over_the_end_of_the_week() -> None:
    night = (Opening("sunday", "22:00", "06:00"),)
    assert is_open(night, BERLIN, at("2026-11-22T23:30"))
    assert is_open(night, BERLIN, at("2026-11-23T05:59"))
    assert not is_open(night, BERLIN, at("2026-11-23T06:00"))
    assert closing(night, BERLIN, at("2026-11-22T23:30")) == at("2026-11-23T06:00")


def test_a_whole_day_is_from_midnight_to_midnight() -> None:
    day = (Opening("saturday", "00:00", "00:00"),)
    assert is_open(day, BERLIN, at("2026-11-21T00:00"))
    assert is_open(day, BERLIN, at("2026-11-21T23:59"))
    assert not is_open(day, BERLIN, at("2026-11-22T00:00"))


def test_open_day_and_night_all_week_it_never_closes() -> None:
    days = tuple(Opening(day, "00:00", "00:00") for day in WEEKDAYS)
    assert closing(days, BERLIN, at("2026-11-21T10:00")) is None


def test_openings_that_touch_close_at_the_end_of_the_last() -> None:
    days = (Opening("saturday", "00:00", "00:00"), Opening("sunday", "00:00", "12:00"))
    assert closing(days, BERLIN, at("2026-11-21T10:00")) == at("2026-11-22T12:00")


def test_opening_at_a_time_that_is_skipped_is_after_the_gap() -> None:
    early = (Opening("sunday", "02:30", "05:00"),)
    opens = next_opening(early, BERLIN, at("2026-03-28T12:00"))
    assert opens == at("2026-03-29T03:30")
    assert is_open(early, BERLIN, at("2026-03-29T04:00"))


def test_of_a_time_that_comes_twice_it_opens_at_the_first_and_closes_at_the_second() -> None:
    opening = (Opening("sunday", "02:30", "12:00"),)
    assert next_opening(opening, BERLIN, at("2026-10-24T12:00")) == at("2026-10-25T02:30")
    ending = (Opening("sunday", "00:30", "02:30"),)
    assert is_open(ending, BERLIN, at("2026-10-25T02:15", fold=1))
    assert not is_open(ending, BERLIN, at("2026-10-25T02:30", fold=1))


def test_an_opening_that_the_gap_swallows_is_none() -> None:
    swallowed = (Opening("sunday", "02:00", "03:00"),)
    assert not is_open(swallowed, BERLIN, at("2026-03-29T03:00"))
    assert next_opening(swallowed, BERLIN, at("2026-03-28T12:00")) == at("2026-04-05T02:00")


def test_it_is_the_areas_zone_that_counts() -> None:
    assert is_open(WEEK, "Australia/Sydney", at("2026-11-23T00:00", "Europe/Berlin"))
    assert not is_open(WEEK, BERLIN, at("2026-11-23T00:00"))


def test_where_it_never_opens_there_is_no_next_opening() -> None:
    assert next_opening((), BERLIN, at("2026-11-23T12:00")) is None


@pytest.mark.parametrize("zone", ["Mars/Olympus", "", "../etc/passwd", "Europe"])
def test_a_zone_that_is_none_is_refused(zone: str) -> None:
    with pytest.raises(Invalid):
        checked_zone(zone)
