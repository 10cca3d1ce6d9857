"""Whose packets may reach whom."""

import itertools

import pytest

from services.media.node import conference
from services.media.node.conference import Call


@pytest.fixture
def call():
    return conference.seat(conference.seat(Call("call", "organisation"), "anna"), "ben")


def flows(call, names=("anna", "ben", "cem")):
    """(listener, speaker, kind) of all that may flow."""
    return {
        (listener, speaker, kind)
        for listener, speaker, kind in itertools.product(names, names, conference.KINDS)
        if conference.may_flow(call, listener, speaker, kind)
    }


def test_those_who_sit_hear_each_other_and_nobody_hears_themselves(call):
    assert flows(call) == {(a, b, kind) for a, b in (("anna", "ben"), ("ben", "anna")) for kind in conference.KINDS}


def test_somebody_without_a_seat_neither_speaks_nor_listens(call):
    assert not {flow for flow in flows(call) if "cem" in flow}
    assert not conference.may_know(call, "cem", "anna")


def test_somebody_on_hold_neither_speaks_nor_listens_and_is_still_known(call):
    held = conference.hold(call, "ben", True)
    assert flows(held) == set()
    assert conference.may_know(held, "anna", "ben")
    assert flows(conference.hold(held, "ben", False)) == flows(call)


def test_a_muted_kind_is_silent_for_everybody_and_the_other_is_not(call):
    muted = conference.mute(call, "ben", "audio", True)
    assert flows(call) - flows(muted) == {("anna", "ben", "audio")}
    assert flows(conference.mute(muted, "ben", "audio", False)) == flows(call)


def test_sitting_down_twice_changes_nothing_and_forgets_no_hold(call):
    held = conference.hold(call, "ben", True)
    assert conference.seat(held, "ben") == held


def test_who_is_unseated_is_out_and_comes_back_without_hold(call):
    gone = conference.unseat(conference.hold(call, "ben", True), "ben")
    assert flows(gone) == set()
    assert flows(conference.seat(gone, "ben")) == flows(call)


def test_only_somebody_with_a_seat_can_be_held_or_muted(call):
    with pytest.raises(KeyError):
        conference.hold(call, "cem", True)
    with pytest.raises(KeyError):
        conference.mute(call, "cem", "audio", True)


def test_a_seat_may_be_taken_on_hold_and_muted_from_its_first_packet_on() -> None:
    call = conference.seat(conference.seat(Call("call", "organisation"), "anna"), "ben", held=True, muted=["audio"])
    assert (call.seats["ben"].held, call.seats["ben"].muted) == (True, frozenset({"audio"}))
    assert not conference.may_flow(call, "ben", "anna", "video")
    assert not conference.may_flow(call, "anna", "ben", "video")
    assert conference.seat(call, "ben") == call
    back = conference.seat(call, "ben", held=False)
    assert conference.may_flow(back, "anna", "ben", "video")
    assert not conference.may_flow(back, "anna", "ben", "audio")
