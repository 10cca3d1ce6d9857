"""What became of a session: told from who came when, never against the one who waited."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.errors import Conflict
from contracts.scheduler import EVENTS, OUTCOMES, SessionView
from services.scheduler import changing
from services.scheduler.outcomes import judging
from services.scheduler.outcomes.verdict import GRACE, Evidence, Presence, Visit, verdict
from services.scheduler.session import FINISHED, Session
from services.scheduler.views import session_view
from tests.unit.scheduler.things import NOW, SMITH, member, session

BOOKED = judging.to_be_judged(session(invitation_id="01920000-0000-7000-8000-0000000000e1"))
START, END = BOOKED.planned.starts_at, BOOKED.planned.ends_at
DUE = END + GRACE


def at(minutes: float) -> datetime:
    """Minutes after the planned start."""
    return START + timedelta(minutes=minutes)


def visit(
    came: float,
    left: float | None = 25,
    let_in: float | None = None,
    in_call: float | None = None,
    reason: str = "completed",
) -> Visit:
    return Visit(
        arrived_at=at(came),
        admitted_at=None if let_in is None else at(let_in),
        joined_at=None if in_call is None else at(in_call),
        left_at=None if left is None else at(left),
        reason=reason,
    )  # fmt: skip


HOST = Presence(at(-2), at(28))


@pytest.mark.parametrize(
    ("visits", "hosts", "expected"),
    [
        ([visit(-5, let_in=1, in_call=1)], [HOST], "completed"),
        ([visit(-5, let_in=1, in_call=1, reason="technical_failure")], [HOST], "technical_failure"),
        ([visit(-5, let_in=1, in_call=1, reason="technical_failure"), visit(6, let_in=7, in_call=7)], [HOST], "completed"),
        ([visit(-5, let_in=1, reason="expired")], [HOST], "technical_failure"),
        ([], [HOST], "patient_absent"),
        ([], [], "clinician_absent"),
        ([visit(-5, 14, reason="left_without_being_seen")], [], "clinician_absent"),
        ([visit(-5, None)], [], "clinician_absent"),
        ([visit(-5, 14, reason="left_without_being_seen")], [HOST], "left_without_being_seen"),
        ([visit(-30, -10, reason="left_without_being_seen")], [], "left_without_being_seen"),
        ([visit(-5, 3, reason="refused")], [HOST], "left_without_being_seen"),
    ],
)  # fmt: skip
def test_who_came_when_says_what_became_of_it(visits: list[Visit], hosts: list[Presence], expected: str) -> None:
    assert verdict(Evidence(tuple(visits), tuple(hosts)), START) == expected


MOMENTS = st.floats(-60, 120)
VISITS = st.builds(
    visit,
    MOMENTS,
    st.none() | MOMENTS,
    st.none() | MOMENTS,
    st.none() | MOMENTS,
    st.sampled_from(("completed", "technical_failure", "refused", "expired", "left_without_being_seen")),
)


@given(st.lists(VISITS, max_size=4), st.booleans())
def test_whatever_happened_there_is_one_outcome_and_a_guest_who_came_is_never_absent(
    visits: list[Visit], host: bool
) -> None:
    found = verdict(Evidence(tuple(visits), (HOST,) if host else ()), START)
    assert found in OUTCOMES
    assert not (visits and found == "patient_absent")
    if visits and not host and not any(each.joined_at or each.admitted_at for each in visits):
        waited = any(each.left_at is None or each.left_at > START for each in visits)
        assert found == ("clinician_absent" if waited else "left_without_being_seen")


def judged(evidence: Evidence, known: Session = BOOKED, now: datetime = DUE) -> Session:
    change = judging.judge(known, evidence, now)
    assert change is not None
    return change.state


def test_a_session_is_judged_a_quarter_of_an_hour_after_its_end_and_says_so_once() -> None:
    seen = Evidence((visit(-5, let_in=1, in_call=1),), (HOST,))
    assert judging.judge(BOOKED, seen, DUE - timedelta(seconds=1)) is None
    change = judging.judge(BOOKED, seen, DUE)
    assert change is not None
    (event,) = change.events
    assert (event.type, event.data["outcome"], event.data["decided_by"]) == (
        "session.outcome_recorded",
        "completed",
        "evidence",
    )
    assert EVENTS[event.type]().validate(EVENTS[event.type]().dump(event.data)) == {}
    assert (change.state.state, change.state.judge_at) == (FINISHED, None)
    assert judging.judge(change.state, seen, DUE) is None
    shown = SessionView().dump(session_view(change.state))["outcome"]
    assert (shown["outcome"], shown["arrived_at"], shown["correction"]) == (
        "completed",
        "2026-11-30T08:55:00.000Z",
        None,
    )


def test_while_a_guest_is_still_there_it_is_left_open() -> None:
    still = Evidence((visit(20, left=None, let_in=21, in_call=21),), (HOST,))
    later = judged(still)
    assert later.outcome is None
    assert later.judge_at is not None
    assert later.judge_at > DUE


def test_what_is_heard_late_is_judged_again_and_said_when_it_counts_otherwise() -> None:
    first = judged(Evidence((), (HOST,)))
    assert first.outcome is not None
    assert first.outcome.counts == "patient_absent"
    again = judging.judge_again(first, DUE + timedelta(minutes=2))
    assert again is not None
    came = Evidence((visit(-5, 20, let_in=1, in_call=1),), (HOST,))
    change = judging.judge(again.state, came, DUE + timedelta(minutes=2))
    assert change is not None
    assert [event.data["outcome"] for event in change.events] == ["completed"]
    same = judging.judge(replace(change.state, judge_at=DUE), came, DUE + timedelta(minutes=3))
    assert same is not None
    assert same.events == ()
    assert judging.judge_again(first, END + timedelta(days=3)) is None


def test_one_without_guests_is_finished_without_an_outcome() -> None:
    removed = judging.judge(BOOKED, Evidence((), (HOST,)), DUE, invited=False)
    assert removed
    assert removed.state.outcome is None
    change = judging.judge(replace(BOOKED, invitation_id=None), Evidence((), (HOST,)), DUE)
    assert change is not None
    assert (change.state.state, change.state.outcome, change.events) == (FINISHED, None, ())


def test_a_member_says_otherwise_with_a_reason_and_the_evidence_stays_beside_it() -> None:
    absent = judged(Evidence((), (HOST,)))
    change = judging.correct(absent, "completed", "We spoke by telephone.", SMITH, DUE)
    assert change is not None
    outcome = change.state.outcome
    assert outcome is not None
    assert (outcome.counts, outcome.by_evidence) == ("completed", "patient_absent")
    (event,) = change.events
    assert (event.data["outcome"], event.data["decided_by"]) == ("completed", "member")
    assert "telephone" not in str(event.data)
    assert judging.correct(change.state, "completed", "We spoke by telephone.", SMITH, DUE) is None
    # what is heard afterwards does not undo what a person said
    later = judging.judge(replace(change.state, judge_at=DUE), Evidence((visit(-5),), (HOST,)), DUE)
    assert later is not None
    assert later.state.outcome is not None
    assert (later.state.outcome.counts, later.events) == ("completed", ())


def test_before_anything_is_recorded_nothing_is_corrected() -> None:
    with pytest.raises(Conflict, match="quarter of an hour"):
        judging.correct(BOOKED, "completed", "It took place.", SMITH, NOW)


def test_a_session_that_moves_is_judged_at_its_new_time_and_a_cancelled_one_never() -> None:
    wanted = changing.Wanted(planned={"local_start": "2026-12-01T10:00", "zone": "Europe/Berlin", "minutes": 30})
    moved = changing.change(BOOKED, wanted, now=NOW)
    assert moved is not None
    assert moved.state.judge_at == DUE + timedelta(days=1)
    cancelled = changing.cancel(BOOKED, member("provider"), now=NOW)
    assert cancelled is not None
    assert cancelled.state.judge_at is None
