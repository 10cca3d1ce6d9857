"""The rules of a call and its seats."""

from typing import Any

import pytest

from contracts.errors import Conflict
from contracts.media import EVENTS, PARTICIPANT_STATES
from services.media import seats
from services.media.call import PRESENT, Chore
from tests.unit.media.people import (
    MIA,
    MIA_SEAT,
    NOW,
    SMITH,
    SMITH_SEAT,
    consultation,
    empty_call,
    minutes,
    seated,
)

TOM = seats.Person("Tom", "guest", "phone", caller_id="01920000-0000-7000-8000-0000000000c2")
TOM_SEAT = "01920000-0000-7000-8000-0000000000e3"


def said(change: Any) -> list[str]:
    assert change is not None
    for event in change.events:
        assert not EVENTS[event.type]().validate(event.data)
    return [event.type for event in change.events]


def test_the_first_seat_starts_the_call_and_the_second_does_not() -> None:
    first = seats.take(empty_call(), person=SMITH, participant_id=SMITH_SEAT, now=NOW)
    assert said(first) == ["call.started", "participant.joined"]
    assert first is not None
    assert said(seats.take(first.state, person=MIA, participant_id=MIA_SEAT, now=NOW)) == ["participant.joined"]


def test_participants_number_their_own_events() -> None:
    change = seats.take(empty_call(), person=SMITH, participant_id=SMITH_SEAT, now=NOW)
    assert change is not None
    assert [event.subject for event in change.events] == [None, f"participant/{SMITH_SEAT}"]


def test_taking_a_seat_again_keeps_it() -> None:
    assert seats.take(consultation(), person=MIA, participant_id="another", now=NOW) is None


def test_a_member_may_sit_at_two_devices() -> None:
    tablet = seats.Person("Dr Smith", "host", "tablet", member_id=SMITH.member_id)
    change = seats.take(consultation(), person=tablet, participant_id="01920000-0000-7000-8000-0000000000e3", now=NOW)
    assert change is not None
    assert len(change.state.present()) == 3


def test_a_member_who_comes_by_another_device_gives_up_the_seat_they_lost() -> None:
    lost = seats.lost(consultation(), participant_id=SMITH_SEAT, node_id=consultation().node_id, number=1, now=NOW)
    assert lost is not None
    tablet = seats.Person("Dr Smith", "host", "tablet", member_id=SMITH.member_id)
    seat = "01920000-0000-7000-8000-0000000000e3"
    change = seats.take(lost.state, person=tablet, participant_id=seat, now=NOW)
    assert said(change) == ["participant.joined", "participant.left"]
    assert change is not None
    assert {participant.id for participant in change.state.present()} == {MIA_SEAT, seat}


def test_nobody_is_told_of_a_reserved_seat_before_it_is_taken() -> None:
    reserved = seats.reserve(empty_call(), person=MIA, participant_id=MIA_SEAT, now=NOW)
    assert said(reserved) == []
    assert reserved is not None
    assert reserved.state.present() == ()
    taken = seats.take(reserved.state, person=MIA, participant_id="another", now=NOW)
    assert said(taken) == ["call.started", "participant.joined"]
    assert taken is not None
    assert [seat.id for seat in taken.state.present()] == [MIA_SEAT]


def test_leaving_leaves_the_others() -> None:
    change = seats.give_up(consultation(), participant_id=SMITH_SEAT, reason="left", now=NOW)
    assert said(change) == ["participant.left"]
    assert change is not None
    assert change.state.state == "open"
    assert change.state.chores == (Chore("a@1.000", SMITH_SEAT),)
    assert seats.give_up(change.state, participant_id=SMITH_SEAT, reason="left", now=NOW) is None


def test_the_last_one_leaving_ends_the_call() -> None:
    alone = seated(empty_call(), SMITH, SMITH_SEAT)
    change = seats.give_up(alone, participant_id=SMITH_SEAT, reason="left", now=NOW)
    assert said(change) == ["participant.left", "call.ended"]
    assert change is not None
    assert (change.state.state, change.state.ended_at) == ("ended", NOW)
    assert change.state.chores == (Chore("a@1.000"),)


def test_a_guest_on_their_way_keeps_the_call_open() -> None:
    alone = seated(empty_call(), SMITH, SMITH_SEAT)
    expecting = seats.reserve(alone, person=MIA, participant_id=MIA_SEAT, now=NOW)
    assert expecting is not None
    change = seats.give_up(expecting.state, participant_id=SMITH_SEAT, reason="left", now=NOW)
    assert said(change) == ["participant.left"]
    assert change is not None
    assert change.state.state == "open"


def test_ending_puts_everybody_out_and_names_the_guests_on_their_way() -> None:
    alone = seated(empty_call(), SMITH, SMITH_SEAT)
    expecting = seats.reserve(alone, person=MIA, participant_id=MIA_SEAT, now=NOW)
    assert expecting is not None
    change = seats.end(expecting.state, now=NOW)
    assert said(change) == ["participant.left", "call.ended"]
    assert change is not None
    assert change.events[-1].data["caller_ids"] == [MIA.caller_id]
    assert change.state.held() == ()
    assert seats.end(change.state, now=NOW) is None


def test_ending_says_of_each_why_they_left() -> None:
    change = seats.end(consultation(), now=NOW)
    assert said(change) == ["participant.left", "participant.left", "call.ended"]
    assert change is not None
    assert [event.data["reason"] for event in change.events] == ["call_ended", "call_ended", "ended"]


def test_nobody_is_seated_in_a_call_that_has_ended() -> None:
    ended = seats.end(consultation(), now=NOW)
    assert ended is not None
    with pytest.raises(Conflict):
        seats.take(ended.state, person=SMITH, participant_id="again", now=NOW)


def test_removing_says_that_it_was_no_leaving_of_their_own() -> None:
    change = seats.give_up(consultation(), participant_id=MIA_SEAT, reason="removed", now=NOW)
    assert said(change) == ["participant.removed", "participant.left"]


def test_a_caller_who_is_gone_gives_up_the_seat_that_was_prepared() -> None:
    reserved = seats.reserve(seated(empty_call(), SMITH, SMITH_SEAT), person=MIA, participant_id=MIA_SEAT, now=NOW)
    assert reserved is not None
    change = seats.give_up_caller(reserved.state, caller_id=MIA.caller_id or "", reason="left", now=NOW)
    assert said(change) == []
    assert change is not None
    assert [seat.id for seat in change.state.held()] == [SMITH_SEAT]


def test_a_call_that_nobody_came_to_ends_without_a_word() -> None:
    reserved = seats.reserve(empty_call(), person=MIA, participant_id=MIA_SEAT, now=NOW)
    assert reserved is not None
    change = seats.give_up_due(reserved.state, now=minutes(5))
    assert said(change) == []
    assert change is not None
    assert change.state.state == "ended"


def test_a_lost_browser_keeps_its_seat_and_finds_it_again() -> None:
    away = seats.lost(consultation(), participant_id=MIA_SEAT, node_id="a", number=None, now=NOW)
    assert said(away) == ["participant.reconnecting"]
    assert away is not None
    assert seats.take(away.state, person=MIA, participant_id="another", now=NOW) is None
    back = seats.connected(away.state, participant_id=MIA_SEAT, node_id="a", number=None)
    assert said(back) == ["participant.reconnected"]


def test_the_hosts_crash_does_not_end_the_call_before_the_grace_is_over() -> None:
    alone = seated(empty_call(), SMITH, SMITH_SEAT)
    away = seats.lost(alone, participant_id=SMITH_SEAT, node_id="a", number=None, now=NOW)
    assert away is not None
    assert away.state.state == "open"
    assert away.state.due_at == minutes(2)
    assert seats.give_up_due(away.state, now=minutes(1.9)) is None
    assert said(seats.give_up_due(away.state, now=minutes(2))) == ["participant.left", "call.ended"]


def test_a_connected_browser_is_never_due() -> None:
    assert consultation().due_at is None


def test_a_report_that_comes_late_is_dropped() -> None:
    call = seated(seated(empty_call(), SMITH, SMITH_SEAT), MIA, MIA_SEAT, report=8)
    assert seats.lost(call, participant_id=MIA_SEAT, node_id="a", number=7, now=NOW) is None
    assert seats.lost(call, participant_id=MIA_SEAT, node_id="a", number=9, now=NOW) is not None


def test_a_report_of_another_node_is_dropped() -> None:
    assert seats.lost(consultation(), participant_id=MIA_SEAT, node_id="b", number=None, now=NOW) is None


def test_placing_anew_tells_everybody_and_leaves_the_old_node_a_chore() -> None:
    change = seats.place(consultation(), node_id="b", node_key="b@1.000", from_key="a@1.000", now=NOW)
    assert said(change) == ["call.updated", "participant.reconnecting", "participant.reconnecting"]
    assert change is not None
    assert (change.state.node_id, change.state.placement) == ("b", 2)
    assert change.state.chores == (Chore("a@1.000"),)
    assert {seat.state for seat in change.state.present()} == {"reconnecting"}


def test_two_replicas_place_a_call_once() -> None:
    first = seats.place(consultation(), node_id="b", node_key="b@1.000", from_key="a@1.000", now=NOW)
    assert first is not None
    assert seats.place(first.state, node_id="c", node_key="c@1.000", from_key="a@1.000", now=NOW) is None


def test_chores_are_forgotten_when_done() -> None:
    left = seats.give_up(consultation(), participant_id=MIA_SEAT, reason="left", now=NOW)
    assert left is not None
    assert left.state.chores_since == NOW
    done = seats.chores_done(left.state, done=left.state.chores)
    assert done is not None
    assert (done.state.chores, done.state.chores_since) == ((), None)
    assert seats.chores_done(done.state, done=left.state.chores) is None


def test_a_silent_node_that_comes_back_still_has_to_drop_what_was_given_up() -> None:
    left = seats.give_up(consultation(), participant_id=MIA_SEAT, reason="left", now=NOW)
    assert left is not None
    silent = seats.chores_done(left.state, done=(), silent=left.state.chores)
    assert silent is not None
    back = seats.node_is_back(silent.state, node_key="a@1.000", now=NOW)
    assert back is not None
    assert back.state.chores == (Chore("a@1.000", MIA_SEAT),)


def test_a_node_that_comes_back_after_its_call_moved_drops_the_whole_call() -> None:
    moved = seats.place(consultation(), node_id="b", node_key="b@1.000", from_key="a@1.000", now=NOW)
    assert moved is not None
    silent = seats.chores_done(moved.state, done=(), silent=moved.state.chores)
    assert silent is not None
    back = seats.node_is_back(silent.state, node_key="a@1.000", now=NOW)
    assert back is not None
    assert back.state.chores == (Chore("a@1.000"),)
    assert seats.node_is_back(back.state, node_key="a@1.000", now=NOW) is None


def test_the_states_shown_are_those_of_the_contract() -> None:
    assert set(PARTICIPANT_STATES) >= PRESENT


def test_a_call_takes_as_many_people_as_its_room_says_hosts_and_those_on_their_way_included() -> None:
    full = seats.reserve(consultation(), person=TOM, participant_id=TOM_SEAT, now=NOW, largest_number=3)
    assert full is not None
    another = seats.Person("Ann", "guest", "phone", caller_id="01920000-0000-7000-8000-0000000000c3")
    for press in (seats.take, seats.reserve):
        with pytest.raises(Conflict, match="it takes 3 people") as refused:
            press(full.state, person=another, participant_id="e4", now=NOW)
        assert refused.value.extra == {"largest_number": 3, "people": 3}
    assert seats.take(full.state, person=TOM, participant_id=TOM_SEAT, now=NOW, largest_number=3) is not None
    tablet = seats.Person("Dr Smith", "host", "tablet", member_id=SMITH.member_id)
    assert seats.take(full.state, person=tablet, participant_id="e5", now=NOW) is not None
    assert seats.take(full.state, person=another, participant_id="e4", now=NOW, largest_number=4) is not None


def test_a_place_is_kept_for_the_host_who_has_not_come_yet() -> None:
    first = seats.reserve(empty_call(), person=MIA, participant_id=MIA_SEAT, now=NOW, largest_number=2)
    assert first is not None
    with pytest.raises(Conflict):
        seats.reserve(first.state, person=TOM, participant_id=TOM_SEAT, now=NOW, largest_number=2)
    assert seats.take(first.state, person=SMITH, participant_id=SMITH_SEAT, now=NOW, largest_number=2) is not None


def test_a_reserved_seat_is_released_and_a_taken_one_is_not() -> None:
    reserved = seats.reserve(empty_call(), person=MIA, participant_id=MIA_SEAT, now=NOW)
    assert reserved is not None
    released = seats.release(reserved.state, caller_id=str(MIA.caller_id), now=NOW)
    assert released is not None
    assert released.state.held() == ()
    assert seats.release(consultation(), caller_id=str(MIA.caller_id), now=NOW) is None
