"""Local times become instants; what happens twice or not at all on a day is said."""

import datetime as dt

import pytest

from contracts.errors import Invalid
from contracts.fields import instant_text
from contracts.scheduler import SessionTimes
from services.scheduler.planned import LATE, choices, plan
from services.scheduler.zone_rules import rules_version
from tests.unit.scheduler.things import NOW


def start(local: str, zone: str) -> str:
    return instant_text(plan(local, zone, 30, now=NOW).starts_at)


@pytest.mark.parametrize(
    ("local", "zone", "utc"),
    [
        ("2026-11-30T10:00", "Europe/Berlin", "2026-11-30T09:00:00.000Z"),
        ("2027-07-01T10:00", "Europe/Berlin", "2027-07-01T08:00:00.000Z"),
        ("2026-11-30T10:00", "Australia/Sydney", "2026-11-29T23:00:00.000Z"),
        ("2026-11-30T10:00", "Asia/Kathmandu", "2026-11-30T04:15:00.000Z"),
        ("2026-11-30T10:00", "UTC", "2026-11-30T10:00:00.000Z"),
        ("2028-02-29T12:00", "Pacific/Auckland", "2028-02-28T23:00:00.000Z"),
    ],
)
def test_a_local_time_is_the_instant_it_is_there(local: str, zone: str, utc: str) -> None:
    assert start(local, zone) == utc


def test_it_ends_so_many_minutes_later_also_over_a_change_of_the_clocks() -> None:
    planned = plan("2027-03-28T01:30", "Europe/Berlin", 60, now=NOW)
    assert planned.ends_at - planned.starts_at == dt.timedelta(hours=1)
    assert instant_text(planned.ends_at) == "2027-03-28T01:30:00.000Z"


@pytest.mark.parametrize(
    ("local", "zone"),
    [
        ("2027-03-28T02:30", "Europe/Berlin"),
        ("2027-03-28T02:00", "Europe/Berlin"),
        ("2027-10-03T02:15", "Australia/Sydney"),
        ("2027-03-14T02:59", "America/New_York"),
    ],
)
def test_an_hour_that_is_skipped_is_refused_at_its_field(local: str, zone: str) -> None:
    with pytest.raises(Invalid) as refusal:
        plan(local, zone, 30, now=NOW)
    assert refusal.value.extra["errors"][0]["pointer"] == "/planned/local_start"
    assert "set forward" in refusal.value.detail


def test_of_an_hour_that_comes_twice_the_first_is_meant() -> None:
    assert start("2027-10-31T02:30", "Europe/Berlin") == "2027-10-31T00:30:00.000Z"
    assert start("2027-11-07T01:30", "America/New_York") == "2027-11-07T05:30:00.000Z"


def test_the_second_of_the_two_is_had_by_asking_and_both_are_offered() -> None:
    second = plan("2027-10-31T02:30", "Europe/Berlin", 30, "second", now=NOW)
    assert instant_text(second.starts_at) == "2027-10-31T01:30:00.000Z"
    first = plan("2027-10-31T02:30", "Europe/Berlin", 30, now=NOW)
    assert choices(first) == choices(second) == [("first", first.starts_at), ("second", second.starts_at)]


@pytest.mark.parametrize("local", ["2027-10-31T03:00", "2027-10-31T01:59", "2027-03-28T03:00"])
def test_a_second_of_what_comes_once_is_refused_at_its_field(local: str) -> None:
    assert choices(plan(local, "Europe/Berlin", 30, now=NOW)) == []
    with pytest.raises(Invalid) as refusal:
        plan(local, "Europe/Berlin", 30, "second", now=NOW)
    assert refusal.value.extra["errors"][0]["pointer"] == "/planned/which"


@pytest.mark.parametrize("zone", ["Mars/Olympus", "", "../etc/passwd", "Europe", "localtime", "+02:00"])
def test_what_is_no_zone_is_refused_at_its_field(zone: str) -> None:
    with pytest.raises(Invalid) as refusal:
        plan("2026-11-30T10:00", zone, 30, now=NOW)
    assert refusal.value.extra["errors"][0]["pointer"] == "/planned/zone"


@pytest.mark.parametrize("local", ["2026-02-30T10:00", "2026-11-30T24:30", "2026-11-22T10:30", "9999-12-31T23:59"])
def test_a_time_that_is_none_or_past_or_far_away_is_refused_at_its_field(local: str) -> None:
    with pytest.raises(Invalid) as refusal:
        plan(local, "Europe/Berlin", 30, now=NOW)
    assert refusal.value.extra["errors"][0]["pointer"] == "/planned/local_start"


def test_a_time_that_came_while_the_form_was_open_is_taken() -> None:
    assert plan("2026-11-22T10:00", "UTC", 30, now=NOW + LATE).starts_at == NOW


def test_planned_times_are_read_as_their_contract_says() -> None:
    planned = plan("2026-11-30T10:00", "Europe/Berlin", 30, now=NOW)
    assert SessionTimes().dump(planned) == {
        "local_start": "2026-11-30T10:00",
        "zone": "Europe/Berlin",
        "minutes": 30,
        "starts_at": "2026-11-30T09:00:00.000Z",
        "ends_at": "2026-11-30T09:30:00.000Z",
        "which": "first",
        "rules": rules_version(),
    }
