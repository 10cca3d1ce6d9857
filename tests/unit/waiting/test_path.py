"""The rules that move a caller along their path."""

import datetime as dt

import pytest

from contracts.errors import Conflict
from contracts.waiting import END_REASONS, EVENTS, STATES
from services.waiting import path
from services.waiting.caller import place_of
from tests.unit.waiting.people import LATER, NOW, ROOM, admitted, caller

GRACE = dt.timedelta(minutes=5)


def test_the_path_leads_only_to_known_states_and_says_only_known_events() -> None:
    for (state, _), step in path.PATH.items():
        assert state in STATES
        assert step.state in STATES
        assert step.event in EVENTS


def test_nothing_leads_on_from_left() -> None:
    assert not [key for key in path.PATH if key[0] == "left"]


@pytest.mark.parametrize("state", STATES)
def test_every_event_carries_what_its_contract_asks_for(state: str) -> None:
    moves: dict[str, path.Rule] = {
        "accept": lambda c: path.accept(c, member_id=c.id, member_name="Dr Smith", now=NOW),
        "refuse": lambda c: path.refuse(c, message="", now=NOW),
        "leave": lambda c: path.leave(c, now=NOW),
        "join": lambda c: path.join(c, call_id=c.id, participant_id=c.id),
        "end": lambda c: path.end(c, seat_reason="left", now=NOW),
        "disconnect": lambda c: path.disconnect(c, connection_id="first", now=NOW),
    }
    for action, move in moves.items():
        subject = caller(state=state)
        if path.possible(subject, action):
            change = move(subject)
            assert change is not None
            for event in change.events:
                assert not EVENTS[event.type]().validate(event.data)


def test_accept_admits_and_keeps_by_whom() -> None:
    change = path.accept(caller(), member_id="smith", member_name="Dr Smith", now=LATER)
    assert change is not None
    assert change.state.state == "admitted"
    assert (change.state.admitted_by_member_id, change.state.admitted_by_name) == ("smith", "Dr Smith")
    assert [(event.type, event.data["member_id"]) for event in change.events] == [("caller.admitted", "smith")]


def test_pressing_accept_twice_changes_nothing() -> None:
    assert path.accept(admitted(), member_id="smith", member_name="Dr Smith", now=LATER) is None


def test_who_presses_second_is_told_by_whom_the_caller_was_taken() -> None:
    with pytest.raises(Conflict, match="Dr Smith has already accepted") as refused:
        path.accept(admitted(), member_id="jones", member_name="Dr Jones", now=LATER)
    assert refused.value.extra == {"by_member_id": "smith", "by_name": "Dr Smith"}


def test_who_has_left_cannot_be_accepted() -> None:
    with pytest.raises(Conflict, match="has left"):
        path.accept(caller(state="left"), member_id="smith", member_name="Dr Smith", now=LATER)


def test_refusing_ends_the_visit_with_the_message() -> None:
    change = path.refuse(caller(), message="Please call reception.", now=LATER)
    assert change is not None
    assert (change.state.state, change.state.end_reason, change.state.end_message) == (
        "left",
        "refused",
        "Please call reception.",
    )
    assert change.state.place is None
    assert path.refuse(change.state, message="Another text", now=LATER) is None


def test_who_is_in_the_call_cannot_be_refused() -> None:
    with pytest.raises(Conflict, match="Remove them there"):
        path.refuse(caller(state="in_call"), message="", now=LATER)


@pytest.mark.parametrize(
    ("state", "reason"),
    [("waiting", "left_without_being_seen"), ("admitted", "left_without_being_seen"), ("in_call", "completed")],
)
def test_who_leaves_before_the_call_was_not_seen(state: str, reason: str) -> None:
    change = path.leave(caller(state=state), now=LATER)
    assert change is not None
    assert change.state.end_reason == reason
    assert reason in END_REASONS
    assert path.leave(change.state, now=LATER) is None


def test_taking_the_seat_puts_an_admitted_caller_in_the_call_once() -> None:
    change = path.join(admitted(), call_id="call", participant_id="seat")
    assert change is not None
    assert change.state.state == "in_call"
    assert path.join(change.state, call_id="call", participant_id="seat") is None


def test_who_still_waits_is_not_put_in_a_call() -> None:
    assert path.join(caller(), call_id="call", participant_id="seat") is None


@pytest.mark.parametrize(
    ("seat_reason", "reason"),
    [("left", "completed"), ("call_ended", "completed"), ("removed", "removed"), ("lost", "technical_failure")],
)
def test_giving_up_the_seat_ends_the_visit_with_its_reason(seat_reason: str, reason: str) -> None:
    change = path.end(
        caller(state="in_call", participant_id="seat"), seat_reason=seat_reason, participant_id="seat", now=LATER
    )
    assert change is not None
    assert change.state.end_reason == reason


def test_an_older_seat_ends_nothing() -> None:
    assert (
        path.end(caller(state="in_call", participant_id="new"), seat_reason="left", participant_id="old", now=LATER)
        is None
    )


def test_losing_the_last_connection_keeps_the_place_and_says_so() -> None:
    change = path.disconnect(caller(connections=("first",)), connection_id="first", now=LATER)
    assert change is not None
    assert (change.state.state, change.state.connected, change.state.away_since) == ("waiting", False, LATER)
    assert [event.type for event in change.events] == ["caller.disconnected"]


def test_losing_one_of_two_connections_says_nothing() -> None:
    change = path.disconnect(caller(connections=("first", "second")), connection_id="first", now=LATER)
    assert change is not None
    assert (change.state.connected, change.events) == (True, ())


def test_closing_a_connection_that_is_not_open_changes_nothing() -> None:
    assert path.disconnect(caller(connections=("second",)), connection_id="first", now=LATER) is None


def test_coming_back_resumes() -> None:
    away = caller(connections=(), connected=False, away_since=NOW)
    change = path.connect(away, connection_id="second", now=LATER)
    assert change is not None
    assert (change.state.connected, change.state.away_since) == (True, None)
    assert [event.type for event in change.events] == ["caller.resumed"]


def test_the_first_connection_after_the_arrival_is_no_news() -> None:
    arrived = caller(connections=(), connected=True, away_since=NOW)
    change = path.connect(arrived, connection_id="first", now=LATER)
    assert change is not None
    assert (change.state.away_since, change.events) == (None, ())


def test_a_connection_that_is_said_again_stays_one() -> None:
    change = path.connect(caller(connections=("first",), heard_at=NOW), connection_id="first", now=LATER)
    assert change is not None
    assert (change.state.connections, change.state.heard_at, change.events) == (("first",), LATER, ())


def test_connections_that_nobody_speaks_of_any_more_count_as_closed() -> None:
    silent = caller(connections=("ghost",), heard_at=NOW)
    assert path.fall_silent(silent, silent_before=NOW - GRACE, now=LATER) is None
    change = path.fall_silent(silent, silent_before=NOW, now=LATER)
    assert change is not None
    assert (change.state.connections, change.state.connected, change.state.away_since) == ((), False, LATER)
    assert [event.type for event in change.events] == ["caller.disconnected"]


def test_a_place_is_given_up_after_the_grace_and_not_before() -> None:
    away = caller(connections=(), connected=False, away_since=NOW)
    assert path.expire(away, grace=GRACE, now=NOW + dt.timedelta(minutes=4, seconds=59)) is None
    change = path.expire(away, grace=GRACE, now=NOW + GRACE)
    assert change is not None
    assert (change.state.state, change.state.end_reason) == ("left", "expired")


def test_who_is_connected_or_in_the_call_does_not_expire() -> None:
    much_later = NOW + dt.timedelta(days=1)
    assert path.expire(caller(), grace=GRACE, now=much_later) is None
    assert path.expire(caller(state="in_call", connections=(), away_since=NOW), grace=GRACE, now=much_later) is None


def test_a_reload_changes_nothing() -> None:
    assert path.arrive_again(caller(), arriving=caller(id="another", connections=())) is None


def test_a_second_device_takes_the_place_over() -> None:
    change = path.arrive_again(caller(), arriving=caller(device_id="tablet", connections=(), waiting_since=LATER))
    assert change is not None
    assert (change.state.device_id, change.state.waiting_since, change.state.connections) == ("tablet", NOW, ())
    assert [(event.type, event.data["device_changed"]) for event in change.events] == [("caller.resumed", True)]


def test_a_corrected_name_is_compared_again() -> None:
    change = path.arrive_again(caller(), arriving=caller(display_name="Tom Berger"))
    assert change is not None
    assert (change.state.display_name, change.state.name_differs) == ("Tom Berger", True)


def test_one_personal_link_has_one_place_in_the_queue_on_whichever_device() -> None:
    assert place_of("waiting", ROOM, "mia", "phone") == place_of("waiting", ROOM, "mia", "tablet")


def test_the_room_link_has_one_place_per_device() -> None:
    assert place_of("waiting", ROOM, None, "phone") != place_of("waiting", ROOM, None, "tablet")


def test_another_device_waits_beside_the_one_that_was_let_in() -> None:
    assert place_of("admitted", ROOM, "mia", "phone") != place_of("waiting", ROOM, "mia", "tablet")


def test_who_left_holds_no_place() -> None:
    assert place_of("left", ROOM, "mia", "phone") is None


def test_who_waits_longer_than_they_should_is_told_of_once() -> None:
    waits = caller(target_at=LATER)
    assert path.breach(waits, now=NOW) is None
    change = path.breach(waits, now=LATER)
    assert change is not None
    assert [event.type for event in change.events] == ["waiting.target_breached"]
    assert (change.state.breached_at, change.state.target_at) == (LATER, None)
    assert path.breach(change.state, now=LATER) is None


def test_who_was_let_in_or_has_left_waits_no_more() -> None:
    for move in (
        path.accept(caller(target_at=LATER), member_id="smith", member_name="Dr Smith", now=NOW),
        path.leave(caller(target_at=LATER), now=NOW),
    ):
        assert move is not None
        assert move.state.target_at is None
    assert path.breach(admitted(target_at=NOW), now=LATER) is None
