"""What one caller costs whoever lets them in, read out of visits."""

from datetime import UTC, datetime, timedelta

from services.waiting.estimating.turns import LONGEST_PAUSE, Visit, work_of

NINE = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
NOON = NINE + timedelta(hours=3)


def at(minutes: float) -> datetime:
    return NINE + timedelta(minutes=minutes)


def visit(came: float, began: float, ended: float | None, member: str = "ann") -> Visit:
    return Visit(member, at(came), at(began), None if ended is None else at(ended))


def test_with_somebody_waiting_a_turn_lasts_until_the_next_is_let_in() -> None:
    turns, _ = work_of([visit(0, 0, 10), visit(5, 13, 20)], None, NOON)
    # the second had nobody after it: what is usual between two is added
    assert turns == (13 * 60, 10 * 60)


def test_a_pause_without_anybody_waiting_and_a_long_one_are_no_part_of_a_turn() -> None:
    nobody_there = work_of([visit(0, 0, 10), visit(30, 31, 40)], None, NOON)[0]
    gone = 10 + LONGEST_PAUSE.total_seconds() / 60 + 1
    assert nobody_there == (600, 540)
    assert work_of([visit(0, 0, 10), visit(5, gone, gone + 10)], None, NOON)[0] == (600, 600)


def test_callers_who_are_in_a_call_together_are_one_turn() -> None:
    assert work_of([visit(0, 0, 20), visit(1, 5, 12), visit(2, 8, 22)], None, NOON)[0] == (22 * 60,)
    turns, at_work = work_of([visit(0, 0, 20), visit(1, 5, None)], None, at(30))
    assert (turns, at_work) == ((), (30 * 60,))


def test_each_members_turns_are_their_own() -> None:
    turns, _ = work_of([visit(0, 0, 10), visit(0, 2, 4, "bo"), visit(1, 5, 9, "bo")], None, NOON)
    # in the order of their ends, the usual minute between two of them added where nobody came next
    assert turns == (180, 300, 660)


def test_who_is_at_work_is_busy_since_the_last_was_let_in_or_free() -> None:
    visits = [visit(0, 0, None), visit(0, 2, 3, "cy"), visit(0, 5, 20, "bo")]
    assert work_of(visits, at(15), at(21))[1] == (21 * 60, 19 * 60, 16 * 60)
    # whoever waits has just come
    assert work_of(visits, at(20.5), at(21))[1] == (21 * 60, None, None)
    assert work_of(visits, None, at(21))[1] == (21 * 60, None, None)


def test_who_let_nobody_in_for_long_although_somebody_waits_is_not_at_work() -> None:
    visits = [visit(0, 0, 10)]
    assert work_of(visits, at(12), at(28))[1] == ()
    assert work_of(visits, None, at(28))[1] == (None,)
    assert work_of(visits, None, NOON)[1] == ()
