"""A local time that comes twice has two names, one that is skipped has none, and any other has one."""

import pytest

from tests.unit.web.modules import evaluate

MODULE = "js/staff/doubled-hour.js"


@pytest.mark.parametrize(
    ("day", "time", "zone", "names"),
    [
        ("2026-10-25", "02:30", "Europe/Berlin", 2),
        ("2026-10-25", "02:00", "Europe/Berlin", 2),
        ("2026-10-25", "03:00", "Europe/Berlin", 1),
        ("2026-10-25", "01:59", "Europe/Berlin", 1),
        ("2027-03-28", "02:30", "Europe/Berlin", 0),
        ("2027-04-04", "01:45", "Australia/Lord_Howe", 2),
        ("2026-11-01", "01:30", "America/New_York", 2),
        ("2026-10-25", "02:30", "UTC", 1),
        ("", "02:30", "Europe/Berlin", 0),
    ],
)
def test_how_often_a_local_time_comes(day: str, time: str, zone: str, names: int) -> None:
    found = evaluate(MODULE, "zoneNames(...given)", [day, time, zone])
    assert len(found) == len(set(found)) == names


def test_the_first_is_the_one_of_summer() -> None:
    found = evaluate(
        MODULE,
        "startsOf(...given).map((moment) => new Date(moment).toISOString())",
        ["2026-11-01", "01:30", "America/New_York"],
    )
    assert found == ["2026-11-01T05:30:00.000Z", "2026-11-01T06:30:00.000Z"]
