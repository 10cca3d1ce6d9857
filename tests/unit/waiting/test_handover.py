"""A warm handover, from the offer to its end: who may do what when, and when the note is gone."""

from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Any

import pytest

from contracts.errors import Conflict, NotFound
from contracts.waiting import EVENTS
from contracts.waiting_handovers import HandoverView
from services.waiting import moving, path
from services.waiting.caller import Caller
from services.waiting.handovers import handover as rules
from services.waiting.handovers.handover import ANSWERED_WITHIN, COMPLETED_WITHIN, Handover
from services.waiting.moving import Destination, Leading
from tests.unit.waiting.people import LATER, NOW, ROOM, caller

JONES_ROOM = "01920000-0000-7000-8000-0000000000a2"
CALL, SEAT = "01920000-0000-7000-8000-0000000000d1", "01920000-0000-7000-8000-0000000000e1"
SMITH, JONES = "01920000-0000-7000-8000-0000000000f1", "01920000-0000-7000-8000-0000000000f2"
THIRD = "01920000-0000-7000-8000-0000000000f3"
IN_CALL: dict[str, Any] = {"state": "in_call", "call_id": CALL, "participant_id": SEAT, "admitted_at": NOW}


def mia(**changes: Any) -> Caller:
    return caller(**{**IN_CALL, "admitted_by_member_id": SMITH, "admitted_by_name": "Dr Smith", **changes})


def offered(**changes: Any) -> Handover:
    made = rules.offered(
        mia(),
        id="01920000-0000-7000-8000-0000000000ab",
        by=(SMITH, "Dr Smith"),
        to=(JONES, "Dr Jones", JONES_ROOM),
        note="Her rash has spread.",
        now=NOW,
    )
    return replace(made, **changes)


def after(change: rules.Decision) -> Handover:
    assert change is not None
    for event in change.events:
        assert not EVENTS[event.type]().validate(event.data)
        assert "rash" not in str(event.data)
        assert "Mia" not in str(event.data)
    return change.state


accept = partial(rules.accept, member_id=JONES, now=NOW)
gone = partial(rules.caller_is_gone, because="caller_left", now=LATER)


def completed() -> Handover:
    return after(rules.complete(after(accept(offered()))))


def test_it_goes_from_the_offer_over_the_answer_to_its_end() -> None:
    accepted = after(accept(offered()))
    assert (accepted.state, accepted.due_at) == ("accepted", NOW + COMPLETED_WITHIN)
    assert rules.lets_in(accepted)
    assert not rules.lets_in(offered())
    done = after(rules.complete(accepted))
    assert (done.state, done.open_caller_id, done.note) == ("completed", None, "Her rash has spread.")
    assert rules.lets_in(done)
    closed = after(gone(done))
    assert (closed.note, closed.caller_name, closed.listed, closed.over_at) == ("", "", False, LATER)
    assert not rules.lets_in(closed)
    assert not HandoverView().validate(HandoverView().dump(rules.handover_view(closed)))


def test_pressed_twice_nothing_more_happens() -> None:
    accepted = after(accept(offered()))
    assert accept(accepted) is None
    assert rules.complete(completed()) is None
    declined = after(rules.decline(offered(), member_id=JONES, message="In surgery", now=LATER))
    assert declined.decline_message == "In surgery"
    assert rules.decline(declined, member_id=JONES, message="", now=LATER) is None
    withdrawn = after(rules.withdraw(offered(), member_id=SMITH, now=LATER))
    assert rules.withdraw(withdrawn, member_id=SMITH, now=LATER) is None
    assert gone(withdrawn) is None


@pytest.mark.parametrize("who", [SMITH, THIRD])
def test_only_the_one_to_whom_it_is_offered_answers(who: str) -> None:
    with pytest.raises(NotFound):
        rules.accept(offered(), member_id=who, now=LATER)
    with pytest.raises(NotFound):
        rules.decline(offered(), member_id=who, message="", now=LATER)


def test_a_third_one_has_no_business_with_it() -> None:
    for act in (rules.withdraw, partial(rules.keep_note, kept=True)):
        with pytest.raises(NotFound):
            act(offered(), member_id=THIRD, now=LATER)
    with pytest.raises(NotFound):
        rules.check_completes(completed(), THIRD)


def test_nobody_is_brought_in_before_the_answer_or_after_its_end() -> None:
    with pytest.raises(Conflict, match="has not accepted yet"):
        rules.check_completes(offered(), SMITH)
    with pytest.raises(Conflict, match="withdrawn"):
        rules.check_completes(after(rules.withdraw(offered(), member_id=SMITH, now=LATER)), SMITH)
    rules.check_completes(completed(), JONES)


def test_what_was_declined_or_withdrawn_is_not_accepted_any_more() -> None:
    with pytest.raises(Conflict):
        accept(after(rules.withdraw(offered(), member_id=SMITH, now=LATER)))
    with pytest.raises(Conflict):
        accept(after(rules.decline(offered(), member_id=JONES, message="", now=LATER)))


@pytest.mark.parametrize(
    ("begun", "moment"),
    [(offered(), NOW + ANSWERED_WITHIN), (after(accept(offered())), NOW + COMPLETED_WITHIN)],
)
def test_it_runs_out_and_not_a_moment_before(begun: Handover, moment: Any) -> None:
    assert rules.run_out(begun, now=moment - timedelta(milliseconds=1)) is None
    out = after(rules.run_out(begun, now=moment))
    assert (out.state, out.withdrawn_because, out.note, out.open_caller_id) == ("withdrawn", "ran_out", "", None)
    assert rules.run_out(out, now=moment) is None


@pytest.mark.parametrize("because", ["caller_left", "moved", "held"])
def test_who_leaves_or_is_sent_elsewhere_takes_the_offer_along(because: str) -> None:
    withdrawn = after(rules.caller_is_gone(offered(), because=because, now=LATER))
    assert (withdrawn.state, withdrawn.withdrawn_because, withdrawn.note) == ("withdrawn", because, "")


def test_who_was_put_back_to_the_queue_by_the_colleague_is_still_theirs() -> None:
    assert rules.caller_is_gone(completed(), because="held", now=LATER) is None


def test_a_note_that_is_kept_outlasts_the_call_until_it_is_let_go() -> None:
    kept = after(rules.keep_note(completed(), member_id=JONES, kept=True, now=LATER))
    closed = after(gone(kept))
    assert (closed.note, closed.caller_name, closed.listed) == ("Her rash has spread.", "Mia Keller", True)
    let_go = after(rules.keep_note(closed, member_id=SMITH, kept=False, now=LATER))
    assert (let_go.note, let_go.caller_name, let_go.listed) == ("", "", False)


def test_a_note_that_is_gone_cannot_be_kept() -> None:
    with pytest.raises(Conflict, match="no note"):
        rules.keep_note(after(gone(completed())), member_id=JONES, kept=True, now=LATER)


@pytest.mark.parametrize(
    ("who", "to", "text"),
    [
        (mia(state="left"), JONES_ROOM, "has left"),
        (mia(state="waiting"), JONES_ROOM, "Transfer them"),
        (mia(state="admitted"), JONES_ROOM, "Transfer them"),
        (mia(), ROOM, "in this room already"),
    ],
)
def test_only_who_is_in_a_call_is_offered_to_somebody_elsewhere(who: Caller, to: str, text: str) -> None:
    with pytest.raises(Conflict, match=text):
        rules.offered(who, id="x", by=(SMITH, "S"), to=(JONES, "J", to), note="", now=NOW)


def test_nobody_offers_to_themselves() -> None:
    with pytest.raises(Conflict, match="yourself"):
        rules.offered(mia(), id="x", by=(SMITH, "S"), to=(SMITH, "S", JONES_ROOM), note="", now=NOW)


LEADING = Leading("01920000-0000-7000-8000-0000000000ab", Destination(JONES_ROOM, "Dr Jones"), (SMITH, "Dr Smith"), (JONES, "Dr Jones"))  # fmt: skip


def test_the_caller_is_out_of_one_call_and_let_into_the_next_in_one_and_waits_for_nobody() -> None:
    change = moving.hand_over(mia(), handover=LEADING, now=LATER)
    assert change is not None
    assert [event.type for event in change.events] == ["call.transferred", "caller.admitted"]
    away, let_in = (event.data for event in change.events)
    assert (away["handover_id"], away["from_room_id"], away["participant_id"]) == (LEADING.handover_id, ROOM, SEAT)
    assert (let_in["room_id"], let_in["member_id"]) == (JONES_ROOM, JONES)
    brought = change.state
    assert (brought.state, brought.room_id, brought.admitted_by_member_id) == ("admitted", JONES_ROOM, JONES)
    assert brought.transferred
    assert brought.transferred.previous_call_id == CALL
    assert path.end(brought, seat_reason="left", participant_id=SEAT, now=LATER) is None
    assert moving.hand_over(brought, handover=LEADING, now=LATER) is None


@pytest.mark.parametrize(("state", "text"), [("left", "has left"), ("waiting", "in the queue again")])
def test_who_is_in_no_call_any_more_is_not_brought_in(state: str, text: str) -> None:
    with pytest.raises(Conflict, match=text):
        moving.hand_over(mia(state=state), handover=LEADING, now=LATER)
