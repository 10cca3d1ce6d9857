"""Callers who are put back to the queue, and handed on: where they are then, and what of their old call does not count any more."""

from dataclasses import replace
from typing import Any

import pytest

from contracts.errors import Conflict
from contracts.waiting import EVENTS
from services.waiting import path
from services.waiting.caller import Caller, place_of
from services.waiting.moving import Destination, hold_back, moving_views, transfer
from tests.unit.waiting.people import LATER, NOW, ROOM, caller

AREA, CLINIC = "01920000-0000-7000-8000-0000000000a1", "01920000-0000-7000-8000-0000000000c1"
CALL, SEAT = "01920000-0000-7000-8000-0000000000d1", "01920000-0000-7000-8000-0000000000e1"
SMITH: dict[str, Any] = {
    "member_id": "01920000-0000-7000-8000-0000000000f1",
    "member_name": "Dr Smith",
    "now": LATER,
}
SOUTH = Destination(AREA, "South", CLINIC, is_area=True)
OTHER_ROOM = Destination("01920000-0000-7000-8000-000000000002", "Dr Jones")


def in_call(**changes: Any) -> Caller:
    return caller(
        state="in_call", admitted_by_member_id="smith", admitted_by_name="Dr Smith", admitted_at=NOW, call_id=CALL,
        participant_id=SEAT, **changes,
    )  # fmt: skip


def moved(change: path.Decision) -> Caller:
    assert change is not None
    for event in change.events:
        assert not EVENTS[event.type]().validate(event.data)
    return change.state


def test_who_is_put_back_stands_where_they_stood_and_anybody_may_take_them() -> None:
    back = moved(hold_back(in_call(), **SMITH))
    assert (back.state, back.room_id, back.waiting_since, back.admitted_by_name) == ("waiting", ROOM, NOW, None)
    assert moving_views(back)["held"] == {"member_name": "Dr Smith", "at": LATER}
    taken = path.accept(back, member_id=SMITH["member_id"], member_name="Dr Jones", now=LATER)
    assert taken is not None
    assert [event.type for event in taken.events] == ["caller.unheld", "caller.admitted"]
    assert taken.state.held is None


def test_who_came_by_a_waiting_area_is_put_back_to_it() -> None:
    back = moved(hold_back(in_call(area_id=AREA, clinic_id=CLINIC), **SMITH))
    assert back.in_area


def test_put_back_twice_by_the_same_host_changes_nothing_and_who_waits_cannot_be() -> None:
    back = moved(hold_back(in_call(), **SMITH))
    assert hold_back(back, **SMITH) is None
    with pytest.raises(Conflict, match="in the queue already"):
        hold_back(caller(), **SMITH)
    with pytest.raises(Conflict, match="has left"):
        hold_back(caller(state="left"), **SMITH)


@pytest.mark.parametrize("put", [hold_back, lambda who, **by: transfer(who, to=OTHER_ROOM, **by)])
def test_the_seat_that_was_given_up_counts_for_nothing_however_late_it_is_said(put: Any) -> None:
    away = moved(put(in_call(), **SMITH))
    again = path.accept(away, member_id="jones", member_name="Dr Jones", now=LATER)
    assert again is not None
    assert path.end(again.state, seat_reason="left", participant_id=SEAT, now=LATER) is None
    assert path.end(again.state, seat_reason="moved", participant_id="another", now=LATER) is None
    assert path.join(again.state, call_id=CALL, participant_id=SEAT) is None
    ended = path.end(again.state, seat_reason="left", participant_id="01920000-0000-7000-8000-0000000000e2", now=LATER)
    assert moved(ended).state == "left"


def test_the_end_of_the_call_that_they_were_taken_out_of_is_not_their_end() -> None:
    away = moved(transfer(in_call(), to=OTHER_ROOM, **SMITH))
    again = path.accept(away, member_id="jones", member_name="Dr Jones", now=LATER)
    assert again is not None
    assert path.end(again.state, seat_reason="call_ended", call_id=CALL, now=LATER) is None


def test_who_is_handed_on_out_of_a_call_stands_from_now_on_and_who_waits_from_when_they_came() -> None:
    seen, unseen = (moved(transfer(each, to=SOUTH, **SMITH)) for each in (in_call(), caller()))
    assert (seen.waiting_since, seen.standing and seen.standing.at) == (LATER, LATER)
    assert (unseen.waiting_since, unseen.standing and unseen.standing.at) == (NOW, NOW)
    assert (seen.target_at, unseen.target_at) == (LATER + SOUTH.target, NOW + SOUTH.target)
    assert seen.in_area
    assert (seen.clinic_id, seen.room) == (CLINIC, None)


def test_an_event_says_where_they_were_and_out_of_which_call() -> None:
    change = transfer(in_call(), to=SOUTH, **SMITH)
    assert change is not None
    (event,) = change.events
    said = {name: event.data[name] for name in ("from_room_id", "room_id", "area_id", "call_id", "participant_id")}
    assert event.type == "call.transferred"
    assert said == {"from_room_id": ROOM, "room_id": None, "area_id": AREA, "call_id": CALL, "participant_id": SEAT}
    assert change.state.transferred is not None
    assert change.state.transferred.previous_call_id == CALL


def test_their_link_finds_them_wherever_they_were_handed_on_to() -> None:
    away = moved(transfer(in_call(), to=OTHER_ROOM, **SMITH))
    assert away.place == place_of("waiting", ROOM, away.recipient_id, away.device_id)
    further = moved(transfer(away, to=SOUTH, **SMITH))
    assert further.place == away.place
    arriving = caller(id="01920000-0000-7000-8000-0000000000ff", device_id="tablet")
    assert path.whose_place([further], arriving) == further


def test_handed_on_twice_to_the_same_place_is_once_and_by_another_is_refused() -> None:
    away = moved(transfer(in_call(), to=SOUTH, **SMITH))
    assert transfer(away, to=SOUTH, **SMITH) is None
    with pytest.raises(Conflict, match="They wait there already: South"):
        transfer(away, to=SOUTH, member_id="jones", member_name="Dr Jones", now=LATER)


def test_who_has_left_is_handed_on_nowhere() -> None:
    with pytest.raises(Conflict, match="has left"):
        transfer(replace(in_call(), state="left"), to=SOUTH, **SMITH)
