"""Where somebody stands in the line, and why."""

import datetime as dt

import pytest

from contracts.errors import Conflict
from contracts.waiting import EVENTS
from contracts.waiting_order import APPOINTMENT, ARRIVAL, MOVED_UP
from services.waiting.caller import in_turn, stands
from services.waiting.letting_first import move_up
from services.waiting.order import Standing, standing
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
