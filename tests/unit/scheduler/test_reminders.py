"""When guests are reminded, and when it is too late to."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from contracts.scheduler import EVENTS, SessionView
from services.scheduler import changing, reminders
from services.scheduler.reminders import DEFAULT, ReminderSettings, chosen, plan, settle, to_send
from services.scheduler.session import DROPPED, DUE, SENT, Session
from services.scheduler.views import session_view
from tests.unit.scheduler.things import NOW, ORGANISATION, member, session

INVITED = session(invitation_id="01920000-0000-7000-8000-0000000000e1")
START = INVITED.planned.starts_at


def before(minutes: float) -> datetime:
    return START - timedelta(minutes=minutes)


def states(known: Session) -> dict[int, str]:
    return {each.minutes: each.state for each in known.reminders}


def at(known: Session, now: datetime) -> Session:
    """What the scheduler makes of it at that moment."""
    change = settle(known, to_send(known, now), now)
    return change.state if change else known


def test_a_session_is_reminded_of_a_day_an_hour_and_ten_minutes_before() -> None:
    known = plan(INVITED, DEFAULT, NOW)
    assert (states(known), known.remind_at) == ({1440: DUE, 60: DUE, 10: DUE}, before(1440))
    for minutes in DEFAULT:
        due = to_send(known, before(minutes))
        assert due is not None
        assert due.minutes == minutes
        assert to_send(known, before(minutes + 1)) in (None, *known.reminders[:-1])
        known = at(known, before(minutes))
    assert (states(known), known.remind_at) == ({1440: SENT, 60: SENT, 10: SENT}, None)
    shown = SessionView().dump(session_view(known))
    assert shown["reminders"][0] == {"minutes_before": 1440, "due_at": "2026-11-29T09:00:00.000Z", "state": "sent"}


def test_what_is_sent_is_said_once() -> None:
    known = plan(INVITED, DEFAULT, NOW)
    sent = to_send(known, before(60))
    change = settle(known, sent, before(60))
    assert change is not None
    (event,) = change.events
    assert (event.type, event.data["minutes_before"]) == ("session.reminder_sent", 60)
    assert not EVENTS[event.type]().validate(EVENTS[event.type]().dump(event.data))
    assert settle(change.state, sent, before(60)) is None


def test_nobody_is_reminded_of_what_nobody_was_invited_to() -> None:
    assert plan(session(), DEFAULT, NOW).reminders == ()


def test_what_would_have_been_due_before_the_booking_is_never_made() -> None:
    assert states(plan(INVITED, DEFAULT, before(120))) == {60: DUE, 10: DUE}


@pytest.mark.parametrize(("late", "sent"), [(0, True), (4, True), (6, False)])
def test_what_is_late_by_more_than_half_its_lead_is_dropped(late: int, sent: bool) -> None:
    known = plan(INVITED, (10,), NOW)
    assert states(at(known, before(10 - late))) == {10: SENT if sent else DROPPED}


def test_of_two_that_are_due_only_the_later_one_is_sent() -> None:
    assert states(at(plan(INVITED, DEFAULT, NOW), before(9))) == {1440: DROPPED, 60: DROPPED, 10: SENT}


def test_nothing_is_sent_once_it_has_begun() -> None:
    known = plan(INVITED, (24 * 60,), NOW)
    assert to_send(known, START) is None
    assert states(at(known, START)) == {1440: DROPPED}


def test_reminders_move_with_the_session() -> None:
    known = at(plan(INVITED, DEFAULT, NOW), before(1440))
    later = {"local_start": "2026-12-03T10:00", "zone": "Europe/Berlin", "minutes": 30}
    moved = changing.change(known, changing.Wanted(planned=later, remind=DEFAULT), now=before(1400))
    assert moved is not None
    assert states(moved.state) == {1440: DUE, 60: DUE, 10: DUE}
    assert moved.state.remind_at == moved.state.planned.starts_at - timedelta(days=1)
    stale = to_send(known, before(60))
    assert settle(moved.state, stale, before(60)) is None, "one of the old time settles nothing of the new"


def test_a_cancelled_session_reminds_nobody() -> None:
    cancelled = changing.cancel(plan(INVITED, DEFAULT, NOW), member("provider"), now=NOW)
    assert cancelled is not None
    assert cancelled.state.remind_at is None
    assert to_send(cancelled.state, before(60)) is None


def test_an_hour_before_is_an_hour_also_when_clocks_change() -> None:
    change = changing.change(
        INVITED,
        changing.Wanted(
            planned={"local_start": "2027-03-28T03:10", "zone": "Europe/Berlin", "minutes": 30}, remind=(60,)
        ),
        now=NOW,
    )
    assert change is not None
    (reminder,) = change.state.reminders
    assert change.state.planned.starts_at - reminder.due_at == timedelta(hours=1)


def test_an_organisation_chooses_when_and_choosing_the_same_is_no_change() -> None:
    change = chosen(ReminderSettings(ORGANISATION, ORGANISATION), [15, 2880, 15])
    assert change is not None
    assert change.state.minutes == (2880, 15)
    assert [event.type for event in change.events] == ["reminders.changed"]
    assert chosen(replace(change.state, version=2), [2880, 15]) is None
    assert ReminderSettings(ORGANISATION, ORGANISATION).minutes == reminders.DEFAULT
