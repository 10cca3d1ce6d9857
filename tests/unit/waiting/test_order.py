"""Where somebody stands in the line, and why."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.errors import Conflict
from contracts.waiting import EVENTS
from contracts.waiting_order import ACUITY, APPOINTMENT, ARRIVAL, MOVED_UP, ROUTINE, URGENT
from contracts.waiting_order import SOON as SOON_BY
from services.waiting.caller import Caller, in_turn, stands
from services.waiting.letting_first import move_up, rank
from services.waiting.order import EARLIER, Standing, standing
from services.waiting.views import caller_view
from tests.unit.waiting.people import LATER, NOW, caller
from tests.unit.waiting.test_arrivals import OWN

SOON = NOW + dt.timedelta(minutes=20)
SMITH = {"member_id": "smith", "member_name": "Dr Smith"}


def test_by_arrival_an_appointment_changes_nothing() -> None:
    assert standing(ARRIVAL, NOW, SOON) == Standing(NOW, ARRIVAL)


def test_by_appointment_who_is_in_time_stands_at_its_time() -> None:
    assert standing(APPOINTMENT, NOW, SOON) == Standing(SOON, APPOINTMENT)
    assert standing(APPOINTMENT, SOON + dt.timedelta(minutes=10), SOON) == Standing(SOON, APPOINTMENT)


def test_by_appointment_who_has_missed_theirs_or_has_none_stands_at_their_arrival() -> None:
    late = SOON + dt.timedelta(minutes=11)
    assert standing(APPOINTMENT, late, SOON) == Standing(late, ARRIVAL)
    assert standing(APPOINTMENT, NOW, None) == Standing(NOW, ARRIVAL)


def test_who_is_let_go_first_stands_before_all_others_and_it_is_kept_why() -> None:
    others = [caller(id="a"), caller(id="b", standing=Standing(NOW - dt.timedelta(hours=1)))]
    comes = caller(id="c", waiting_since=LATER)
    change = move_up(comes, before=[stands(each) for each in others], reason="Chest pain", now=LATER, **SMITH)
    assert change is not None
    moved = change.state
    assert min([*others, moved], key=in_turn) is moved
    went = stands(moved)
    assert (went.by, went.reason, went.member_name, went.moved_at) == (MOVED_UP, "Chest pain", "Dr Smith", LATER)
    assert moved.waiting_since == LATER


def test_the_event_says_by_whom_and_never_why() -> None:
    change = move_up(caller(), before=[Standing(NOW)], reason="Chest pain", now=LATER, **SMITH)
    assert change is not None
    (event,) = change.events
    assert (event.type, event.data["member_id"]) == ("caller.moved_up", "smith")
    assert "Chest pain" not in str(event.data)
    assert event.type in EVENTS


def test_who_stands_first_already_stays_as_they_are() -> None:
    assert move_up(caller(), before=[], reason="Chest pain", now=LATER, **SMITH) is None


@pytest.mark.parametrize("state", ["admitted", "in_call", "left"])
def test_who_waits_no_more_is_not_moved(state: str) -> None:
    with pytest.raises(Conflict):
        move_up(caller(state=state), before=[Standing(NOW)], reason="Chest pain", now=LATER, **SMITH)


def test_a_guest_is_not_told_who_was_let_go_first_and_why() -> None:
    moved = caller(standing=Standing(NOW, MOVED_UP, "smith", "Dr Smith", "Chest pain", NOW))
    assert caller_view(moved, OWN)["standing"] is None


def urgent(who: Caller, acuity: str = URGENT) -> Caller:
    change = rank(who, acuity=acuity, reason="Chest pain", now=LATER, **SMITH)
    assert change is not None
    assert [event.type for event in change.events] == ["caller.ranked"]
    assert "Chest pain" not in str(change.events[0].data)
    return change.state


@given(st.integers(0, 24 * 60), st.sampled_from((SOON_BY, URGENT)))
def test_who_is_urgent_stands_before_those_who_came_a_little_earlier_and_passes_nobody_for_ever(
    earlier: int, acuity: str
) -> None:
    came = caller(id="a", standing=Standing(NOW - dt.timedelta(minutes=earlier)))
    comes = urgent(caller(id="b", standing=Standing(NOW)), acuity)
    first_in_line = min([came, comes], key=in_turn)
    gained = EARLIER[acuity] / dt.timedelta(minutes=1)
    if earlier != gained:
        assert first_in_line is (comes if earlier < gained else came)


def test_how_urgent_somebody_is_says_why_they_stand_there_and_can_be_taken_back() -> None:
    who = urgent(caller())
    stood = stands(who)
    assert (stood.by, stood.acuity, stood.member_name, stood.reason) == (ACUITY, URGENT, "Dr Smith", "Chest pain")
    assert rank(who, acuity=URGENT, reason="Chest pain", now=LATER, **SMITH) is None
    assert stands(urgent(who, ROUTINE)).at == NOW
    assert stands(urgent(urgent(who, SOON_BY), URGENT)).at == NOW - EARLIER[URGENT]


def test_who_was_let_go_first_stays_there_until_it_is_taken_back() -> None:
    long_ago = NOW - dt.timedelta(hours=5)
    change = move_up(caller(), before=[Standing(long_ago)], reason="Chest pain", now=LATER, **SMITH)
    assert change is not None
    assert stands(urgent(change.state, SOON_BY)).at < long_ago
    assert stands(urgent(change.state, ROUTINE)).at == NOW


@pytest.mark.parametrize("state", ["admitted", "in_call", "left"])
def test_who_waits_no_more_is_not_ranked(state: str) -> None:
    with pytest.raises(Conflict):
        rank(caller(state=state), acuity=URGENT, reason="Chest pain", now=LATER, **SMITH)
