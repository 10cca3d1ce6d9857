"""Where a session lies in the calendar: side by side, over midnight, and on the days when clocks are changed."""

from typing import Any

import pytest

from tests.unit.web.modules import evaluate

MODULE = "js/staff/calendar-days.js"


@pytest.fixture(autouse=True)
def _in_berlin(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", "Europe/Berlin")


def session(id: str, starts: str, ends: str, version: int = 1) -> dict[str, Any]:
    return {"id": id, "version": version, "planned": {"starts_at": starts, "ends_at": ends}}


def piece(starts: str, ends: str, day: str) -> Any:
    found = evaluate(MODULE, "pieceOf(...given)", [session("a", starts, ends), day])
    return found and (found["from"], found["until"], found["before"], found["after"])


def places(*spans: tuple[int, int]) -> list[tuple[int, int]]:
    pieces = [{"session": {"id": str(n)}, "from": begin, "until": end} for n, (begin, end) in enumerate(spans)]
    found = evaluate(MODULE, "placed(given)", pieces)
    return [(one["column"], one["of"]) for one in sorted(found, key=lambda one: int(one["session"]["id"]))]


@pytest.mark.parametrize(
    ("text", "is_one"),
    [("2028-02-29", True), ("2026-02-29", False), ("2026-13-01", False), ("week", False), (None, False)],
)
def test_a_day_in_an_address_is_one_that_exists(text: str | None, is_one: bool) -> None:
    assert evaluate(MODULE, "isDay(given)", text) is is_one


@pytest.mark.parametrize(
    ("day", "first_day", "begins"),
    [
        ("2026-11-30", 1, "2026-11-30"),
        ("2026-11-29", 1, "2026-11-23"),
        ("2026-11-29", 7, "2026-11-29"),
        ("2027-01-01", 6, "2026-12-26"),
    ],
)
def test_a_week_begins_on_the_day_that_the_reader_is_used_to(day: str, first_day: int, begins: str) -> None:
    found = evaluate(MODULE, "weekOf(...given)", [day, first_day])
    assert found[0] == begins
    assert len(set(found)) == 7
    assert day in found


@pytest.mark.parametrize(("day", "hours"), [("2026-03-29", 23), ("2026-10-25", 25), ("2026-11-30", 24)])
def test_a_day_is_as_long_as_its_clocks_make_it(day: str, hours: int) -> None:
    assert evaluate(MODULE, "(startOf(addDays(given, 1)) - startOf(given)) / 3600000", day) == hours


def test_a_session_lies_at_its_clock_time_in_the_readers_zone() -> None:
    assert piece("2026-11-30T09:00:00Z", "2026-11-30T09:30:00Z", "2026-11-30") == (600, 630, False, False)
    assert piece("2026-11-30T09:00:00Z", "2026-11-30T09:30:00Z", "2026-12-01") is None


def test_a_session_over_midnight_lies_in_both_days() -> None:
    starts, ends = "2026-11-30T22:30:00Z", "2026-12-01T00:00:00Z"
    assert piece(starts, ends, "2026-11-30") == (23 * 60 + 30, 24 * 60, False, True)
    assert piece(starts, ends, "2026-12-01") == (0, 60, True, False)


def test_one_that_ends_at_midnight_lies_in_one_day() -> None:
    starts, ends = "2026-11-30T22:30:00Z", "2026-11-30T23:00:00Z"
    assert piece(starts, ends, "2026-11-30") == (23 * 60 + 30, 24 * 60, False, False)
    assert piece(starts, ends, "2026-12-01") is None


def test_on_the_day_of_23_hours_the_skipped_hour_is_drawn_over() -> None:
    # 01:30 to 03:30 by the clock, one hour
    assert piece("2026-03-29T00:30:00Z", "2026-03-29T01:30:00Z", "2026-03-29") == (90, 210, False, False)


def test_on_the_day_of_25_hours_an_end_that_reads_earlier_is_drawn_as_long_as_it_lasts() -> None:
    # from 02:50 the first time to 02:10 the second time: 20 minutes
    assert piece("2026-10-25T00:50:00Z", "2026-10-25T01:10:00Z", "2026-10-25") == (170, 190, False, False)


def test_both_of_a_doubled_hour_lie_side_by_side() -> None:
    first = session("a", "2026-10-25T00:15:00Z", "2026-10-25T00:45:00Z")
    second = session("b", "2026-10-25T01:15:00Z", "2026-10-25T01:45:00Z")
    found = evaluate(MODULE, "placed(given.map((one) => pieceOf(one, '2026-10-25')))", [second, first])
    assert [(one["session"]["id"], one["column"], one["of"]) for one in found] == [("a", 0, 2), ("b", 1, 2)]


def test_those_at_the_same_time_share_the_width_and_a_later_one_has_all_of_it() -> None:
    assert places((600, 660), (630, 690), (690, 720)) == [(0, 2), (1, 2), (0, 1)]


def test_a_column_that_is_free_again_is_used_again() -> None:
    assert places((600, 720), (600, 630), (640, 700)) == [(0, 2), (1, 2), (1, 2)]


def test_one_that_touches_the_next_does_not_overlap_it_and_a_very_short_one_takes_the_room_that_it_is_drawn_in() -> (
    None
):
    assert places((600, 630), (630, 660)) == [(0, 1), (0, 1)]
    assert places((600, 605), (610, 640)) == [(0, 2), (1, 2)]


@pytest.mark.parametrize(
    ("spans", "shown"),
    [([], (8, 18)), ([(600, 660)], (8, 18)), ([(390, 420), (1130, 1150)], (6, 20)), ([(1435, 1440)], (8, 24))],
)
def test_the_hours_of_a_working_day_are_drawn_and_those_in_which_something_is(
    spans: list[tuple[int, int]], shown: tuple[int, int]
) -> None:
    found = evaluate(MODULE, "hoursShown(given)", [{"from": begin, "until": end} for begin, end in spans])
    assert (found["first"], found["last"]) == shown


def test_what_was_heard_since_counts_when_it_is_newer() -> None:
    monday, tuesday = ("2026-11-30T09:00:00Z", "2026-11-30T09:30:00Z"), ("2026-12-08T09:00:00Z", "2026-12-08T09:30:00Z")
    read = [session("moved away", *monday, 1), session("same", *monday, 3), session("past", *monday)]
    heard = [session("moved away", *tuesday, 2), session("same", *tuesday, 2), session("new", *monday)]
    expression = "newestOf(...given, new Date('2026-11-30T00:00:00Z'), new Date('2026-12-07T00:00:00Z'))"
    assert [one["id"] for one in evaluate(MODULE, expression, [read, heard])] == ["new", "past", "same"]


@pytest.mark.parametrize(("minute", "nearest"), [(607, 600), (608, 615), (-30, 0), (24 * 60, 23 * 60 + 45), (15, 15)])
def test_what_is_dragged_goes_by_quarters_of_an_hour_and_stays_in_its_day(minute: int, nearest: int) -> None:
    assert evaluate(MODULE, "nearest('2026-11-30', given).from", minute) == nearest


@pytest.mark.parametrize(
    ("quarters", "turn", "target"),
    [
        (1, 0, ("2026-11-30", 615)),
        (-1, 0, ("2026-11-30", 600)),
        (0, 1, ("2026-12-01", 610)),
        (0, -1, ("2026-11-30", 610)),
    ],
)
def test_an_arrow_moves_to_the_next_quarter_or_day_that_is_shown(
    quarters: int, turn: int, target: tuple[str, int]
) -> None:
    held, days = {"day": "2026-11-30", "from": 610}, ["2026-11-30", "2026-12-01"]
    found = evaluate(MODULE, "stepped(...given)", [held, quarters, turn, days])
    assert (found["day"], found["from"]) == target


def test_where_it_is_dropped_is_said_by_the_clock_of_its_own_zone() -> None:
    dropped = "clockIn(momentOf({ day: '2026-11-30', from: 30 }), given)"
    assert evaluate(MODULE, dropped, "Europe/Berlin") == {"day": "2026-11-30", "time": "00:30"}
    assert evaluate(MODULE, dropped, "America/New_York") == {"day": "2026-11-29", "time": "18:30"}
