"""How a seat stands: on hold, muted, with a raised hand."""

from dataclasses import replace
from functools import partial

import pytest

from contracts.errors import Conflict, NotFound
from services.media import seats, standing
from services.media.call import Call
from services.media.standing import Decision
from tests.unit.media.people import MIA_SEAT, NOW, SMITH_SEAT, consultation, minutes

hold = partial(standing.hold, participant_id=MIA_SEAT, held=True, now=NOW)
unhold = partial(standing.hold, participant_id=MIA_SEAT, held=False, now=NOW)
mute = partial(standing.mute, participant_id=MIA_SEAT, kind="audio", muted=True, now=NOW)
raise_hand = partial(standing.raise_hand, participant_id=MIA_SEAT, raised=True)


def done(decision: Decision) -> Call:
    assert decision is not None
    return decision.state


def test_hold_is_said_undone_and_no_change_twice() -> None:
    change = hold(consultation())
    assert change is not None
    assert [event.type for event in change.events] == ["participant.held"]
    held = change.state
    assert held.seat(MIA_SEAT).held  # type: ignore[union-attr]
    assert hold(held) is None
    back = unhold(held)
    assert back is not None
    assert [event.type for event in back.events] == ["participant.unheld"]
    assert unhold(consultation()) is None


def test_hosts_are_not_held_and_strangers_not_found() -> None:
    with pytest.raises(Conflict):
        standing.hold(consultation(), participant_id=SMITH_SEAT, held=True, now=NOW)
    with pytest.raises(NotFound):
        standing.hold(consultation(), participant_id="nobody", held=True, now=NOW)


@pytest.mark.parametrize("rule", [hold, mute, partial(raise_hand, now=NOW)])
def test_nothing_is_done_to_who_has_gone(rule: partial[Decision]) -> None:
    gone = done(seats.give_up(consultation(), participant_id=MIA_SEAT, reason="left", now=NOW))
    with pytest.raises(Conflict):
        rule(gone)


def test_the_first_moment_of_a_raised_hand_counts_and_hold_puts_it_down() -> None:
    raised = done(raise_hand(consultation(), now=minutes(1)))
    assert raise_hand(raised, now=minutes(2)) is None
    assert raised.seat(MIA_SEAT).hand_raised_at == minutes(1)  # type: ignore[union-attr]
    held = done(hold(raised))
    assert held.seat(MIA_SEAT).hand_raised_at is None  # type: ignore[union-attr]
    with pytest.raises(Conflict):
        raise_hand(held, now=minutes(3))


def test_a_seat_is_settled_when_the_node_was_told_how_it_stands_now() -> None:
    told = done(hold(consultation()))
    assert (told.unsettled, told.chores_since) == ((MIA_SEAT,), NOW)
    later = done(mute(told))
    assert standing.settled(later, told=told, heard=[MIA_SEAT]) is None
    settled = done(standing.settled(later, told=later, heard=[MIA_SEAT]))
    assert (settled.unsettled, settled.chores_since) == ((), None)
    assert standing.settled(settled, told=later, heard=[MIA_SEAT]) is None


def test_a_seat_of_which_the_node_heard_an_old_word_last_is_unsettled_again() -> None:
    held = done(hold(consultation()))
    taken_back = done(unhold(held))
    again = done(hold(taken_back))
    settled = done(standing.settled(again, told=again, heard=[MIA_SEAT]))
    late = done(standing.settled(settled, told=taken_back, heard=[MIA_SEAT]))
    assert (late.unsettled, late.chores_since) == ((MIA_SEAT,), NOW)


def test_a_seat_that_no_node_took_as_it_stands_now_is_still_to_be_heard_of() -> None:
    before = consultation()
    held = done(hold(before))
    nobody_told = done(standing.settled(held, told=held, heard=[MIA_SEAT]))
    seated_old = done(standing.seated(nobody_told, as_of=before, seats=[MIA_SEAT, SMITH_SEAT], now=NOW))
    assert seated_old.unsettled == (MIA_SEAT,)
    assert standing.seated(nobody_told, as_of=nobody_told, seats=[MIA_SEAT], now=NOW) is None


def test_a_lost_browser_finds_its_seat_as_it_stood_and_a_new_seat_stands_free() -> None:
    held = done(mute(done(hold(consultation()))))
    lost = done(seats.lost(held, participant_id=MIA_SEAT, node_id="a", number=None, now=NOW))
    assert (lost.seat(MIA_SEAT).held, lost.seat(MIA_SEAT).muted) == (True, ("audio",))  # type: ignore[union-attr]
    moved = done(seats.place(held, node_id="b", node_key="b@1.000", from_key="a@1.000", now=NOW))
    assert moved.seat(MIA_SEAT).held  # type: ignore[union-attr]
    assert replace(consultation().seat(MIA_SEAT), held=False) == consultation().seat(MIA_SEAT)  # type: ignore[type-var]
