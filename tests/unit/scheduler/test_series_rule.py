"""Which dates a recurrence means, and that local times stay across a change of clocks."""

import datetime as dt
import json
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.errors import Invalid
from contracts.recurrence import FREQUENCIES, MONTHLY_BY, WEEKDAYS
from contracts.recurrence import Recurrence as Asked
from services.scheduler.series.rule import Expanded, Recurrence, expand, recurrence_of
from tests.unit.scheduler.things import NOW

BERLIN = "Europe/Berlin"
_WHERE = {"/planned/local_start", "/recurrence/monthly_by", "/recurrence/count"}


def dates(at: str, zone: str = BERLIN, **recurrence: Any) -> Expanded:
    return expand(Recurrence(**recurrence), {"local_start": at, "zone": zone, "minutes": 30}, now=NOW)


def starts(found: Expanded) -> list[str]:
    return [time.local_start for time in found.times]


def pointer(refused: pytest.ExceptionInfo[Invalid]) -> str:
    return str(refused.value.extra["errors"][0]["pointer"])


@pytest.mark.parametrize(
    ("at", "recurrence", "rule", "days"),
    [
        ("2026-12-01T09:00", {"frequency": "daily", "count": 3}, "FREQ=DAILY", ["12-01", "12-02", "12-03"]),
        (
            "2026-12-01T09:00",
            {"frequency": "weekly", "weekdays": ("tu", "th"), "count": 3},
            "FREQ=WEEKLY;BYDAY=TU,TH",
            ["12-01", "12-03", "12-08"],
        ),
        (
            "2026-12-01T09:00",
            {"frequency": "weekly", "weekdays": ("tu",), "interval": 2, "until": dt.date(2026, 12, 29)},
            "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU",
            ["12-01", "12-15", "12-29"],
        ),
        ("2027-01-31T09:00", {"frequency": "monthly", "count": 3}, "FREQ=MONTHLY;BYMONTHDAY=31", ["01-31", "03-31", "05-31"]),
        (
            "2027-01-12T09:00",
            {"frequency": "monthly", "monthly_by": "weekday", "count": 3},
            "FREQ=MONTHLY;BYDAY=2TU",
            ["01-12", "02-09", "03-09"],
        ),
        (
            "2027-01-26T09:00",
            {"frequency": "monthly", "monthly_by": "last_weekday", "count": 3},
            "FREQ=MONTHLY;BYDAY=-1TU",
            ["01-26", "02-23", "03-30"],
        ),
    ],
)  # fmt: skip
def test_a_rule_means_these_days(at: str, recurrence: dict[str, Any], rule: str, days: list[str]) -> None:
    found = dates(at, **recurrence)
    assert found.rule.startswith(f"{rule};UNTIL=")
    assert [start[5:10] for start in starts(found)] == days


def test_the_local_time_stays_when_clocks_change() -> None:
    found = dates("2027-03-23T09:00", frequency="weekly", weekdays=("tu",), count=2)
    assert [time.starts_at.hour for time in found.times] == [8, 7]
    assert starts(found) == ["2027-03-23T09:00", "2027-03-30T09:00"]


def test_a_day_whose_hour_is_skipped_is_left_out_and_not_counted() -> None:
    found = dates("2027-03-27T02:30", frequency="daily", count=3)
    assert found.skipped == ("2027-03-28T02:30",)
    assert [start[:10] for start in starts(found)] == ["2027-03-27", "2027-03-29", "2027-03-30"]


def test_of_a_doubled_hour_the_first_is_meant() -> None:
    found = dates("2027-10-30T02:30", frequency="daily", count=2)
    assert [time.starts_at.hour for time in found.times] == [0, 0]


@pytest.mark.parametrize(
    ("at", "recurrence", "where"),
    [
        ("2026-12-01T09:00", {"frequency": "weekly", "weekdays": ("mo",), "count": 3}, "/recurrence/weekdays"),
        ("2026-12-01T09:00", {"frequency": "daily", "until": dt.date(2026, 11, 30)}, "/recurrence/until"),
        ("2026-12-01T09:00", {"frequency": "daily", "until": dt.date(2027, 12, 1)}, "/recurrence/until"),
        ("2026-12-01T09:00", {"frequency": "monthly", "count": 100}, "/recurrence/count"),
        ("2026-12-01T09:00", {"frequency": "monthly", "monthly_by": "last_weekday", "count": 2}, "/recurrence/monthly_by"),
        ("2026-11-01T09:00", {"frequency": "daily", "count": 2}, "/planned/local_start"),
        ("2027-03-28T02:30", {"frequency": "daily", "count": 2}, "/planned/local_start"),
    ],
)  # fmt: skip
def test_a_rule_that_is_none_is_refused_by_its_field(at: str, recurrence: dict[str, Any], where: str) -> None:
    with pytest.raises(Invalid) as refused:
        dates(at, **recurrence)
    assert pointer(refused) == where


def test_a_weekly_one_without_weekdays_is_on_the_first_ones() -> None:
    asked = {"frequency": "weekly", "interval": 1, "weekdays": [], "monthly_by": "date", "count": 2, "until": None}
    assert recurrence_of(asked, "2026-12-01T09:00").weekdays == ("tu",)


@given(
    day=st.dates(dt.date(2026, 12, 1), dt.date(2027, 11, 30)),
    time=st.times().map(lambda time: time.replace(second=0, microsecond=0)),
    zone=st.sampled_from([BERLIN, "Australia/Lord_Howe", "America/New_York", "Asia/Kolkata", "Africa/Casablanca"]),
    frequency=st.sampled_from(FREQUENCIES),
    interval=st.integers(1, 3),
    monthly_by=st.sampled_from(MONTHLY_BY),
    count=st.integers(1, 12),
)
def test_every_time_is_local_rising_and_as_many_as_asked_for(
    day: dt.date, time: dt.time, zone: str, frequency: str, interval: int, monthly_by: str, count: int
) -> None:
    weekdays = (WEEKDAYS[day.weekday()],) if frequency == "weekly" else ()
    at = dt.datetime.combine(day, time)
    try:
        found = dates(
            at.isoformat(timespec="minutes"), zone, frequency=frequency, interval=interval, weekdays=weekdays,
            monthly_by=monthly_by, count=count,
        )  # fmt: skip
    except Invalid as refused:
        if refused.extra["errors"][0]["pointer"] not in _WHERE:
            raise
        return
    assert len(found.times) == count
    assert [each.starts_at for each in found.times] == sorted({each.starts_at for each in found.times})
    for each in found.times:
        local = each.starts_at.astimezone(ZoneInfo(zone)).replace(tzinfo=None)
        assert (local.isoformat(timespec="minutes"), local.time()) == (each.local_start, time)


def test_a_last_day_travels_as_text_and_is_a_date_here() -> None:
    asked = {"frequency": "daily", "until": "2026-12-05"}
    loaded = Asked().load(asked)
    assert json.loads(json.dumps(loaded))["until"] == "2026-12-05"
    assert recurrence_of(loaded, "2026-12-01T09:00").until == dt.date(2026, 12, 5)
    assert "until" in Asked().validate({**asked, "until": "2026-02-30"})
