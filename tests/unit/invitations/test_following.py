"""Invitations follow their sessions: moved, renamed, cancelled."""

from dataclasses import replace
from datetime import timedelta

import pytest

from contracts.errors import Conflict, Gone
from services.invitations import following
from services.invitations import invitation as rules
from services.invitations.delivery import Outcome, record
from tests.unit.invitations.things import MIA, NOW, OMAR, hash_of_link, invitation, planned, recipient, taken, timed

LATER = NOW + timedelta(hours=1)
ELSEWHEN = planned("2027-03-30T15:00", "Europe/London")


def moved(sent: rules.Invitation, when: rules.Planned = ELSEWHEN, revision: int = 1) -> rules.Invitation:
    change = following.change(sent, sent.title, when, revision, LATER)
    assert change is not None
    return change.state


def test_who_had_a_mail_gets_one_with_the_new_time_and_a_rising_revision() -> None:
    change = following.change(timed(taken()), "Physiotherapy", ELSEWHEN, 1, LATER)
    assert change is not None
    (mia,) = change.state.recipients
    assert (mia.delivery, mia.sending, mia.next_try_at, change.state.due_at) == (rules.QUEUED, 2, LATER, LATER)
    assert (change.state.planned, change.state.calendar_revision, change.state.title) == (ELSEWHEN, 1, "Physiotherapy")
    assert [event.type for event in change.events] == ["invitation.resent"]
    assert rules.opened_by(change.state, hash_of_link(MIA, 1), LATER).id == MIA


def test_a_mail_on_its_way_at_that_moment_does_not_pass_for_the_new_one() -> None:
    before = timed(recipient())
    after = moved(before)
    (mia,) = before.recipients
    assert record(after, [Outcome(before.id, mia.id, mia.sending, mia.attempts, "taken", 250)], LATER) is None
    assert after.recipients[0].delivery == rules.QUEUED


def test_what_the_last_mail_said_is_kept() -> None:
    before = timed(recipient())
    (mia,) = before.recipients
    change = record(before, [Outcome(before.id, mia.id, mia.sending, mia.attempts, "taken", 250)], LATER)
    assert change is not None
    assert change.state.recipients[0].told == before.planned
    assert moved(change.state).recipients[0].told == before.planned


def test_who_has_no_link_or_no_mailbox_is_left_alone() -> None:
    revoked, refused = (
        replace(taken(), link_hash=None),
        replace(recipient(OMAR), delivery=rules.REFUSED, next_try_at=None),
    )
    assert moved(timed(revoked, refused)).recipients == (revoked, refused)


def test_another_title_alone_sends_nothing() -> None:
    sent = timed(taken())
    assert sent.planned
    change = following.change(sent, "Physiotherapy", sent.planned, 0, LATER)
    assert change is not None
    assert (change.state.title, change.state.due_at, change.events) == ("Physiotherapy", None, ())


def test_what_is_known_or_older_or_cancelled_changes_nothing() -> None:
    twice = moved(timed(taken()), revision=2)
    assert twice.planned
    assert following.change(twice, twice.title, twice.planned, 2, LATER) is None
    assert following.change(twice, twice.title, planned("2027-03-31T09:00", "Europe/London"), 1, LATER) is None
    cancelled = following.cancel(twice, LATER)
    assert cancelled is not None
    assert following.change(cancelled.state, twice.title, ELSEWHEN, 9, LATER) is None


def test_a_link_lives_as_long_after_the_new_time() -> None:
    after = moved(timed(taken()))
    assert after.planned
    assert rules.opened_by(after, hash_of_link(MIA, 1), after.planned.ends_at + timedelta(hours=23))


def test_a_cancelled_session_ends_the_links_and_tells_only_who_had_a_mail() -> None:
    change = following.cancel(timed(taken(), recipient(OMAR)), LATER)
    assert change is not None
    mia, omar = change.state.recipients
    assert (mia.delivery, mia.sending, mia.next_try_at) == (rules.QUEUED, 2, LATER)
    assert (omar.delivery, omar.next_try_at) == (rules.FAILED, None)
    assert change.state.calendar_revision == 1
    with pytest.raises(Gone):
        rules.opened_by(change.state, hash_of_link(MIA, 1), LATER)
    with pytest.raises(Conflict):
        rules.resend(change.state, OMAR, LATER, hash_of_link)
    assert following.cancel(change.state, LATER) is None


def test_after_a_move_the_cancellation_has_the_highest_revision() -> None:
    cancelled = following.cancel(moved(timed(taken()), revision=3), LATER)
    assert cancelled is not None
    assert cancelled.state.calendar_revision == 4
    assert invitation().calendar_revision == 0


def test_a_reminder_goes_once_to_who_has_a_link_and_a_mail_and_has_not_arrived() -> None:
    arrived = replace(taken(OMAR), arrived_at=NOW)
    sent = timed(taken(), arrived, replace(taken("m3"), link_hash=None), recipient("m4"))
    assert sent.planned
    change = following.remind(sent, 60, sent.planned.starts_at, LATER)
    assert change is not None
    reminding = [(one.reminding, one.delivery) for one in change.state.recipients]
    assert reminding == [(60, rules.QUEUED), (None, rules.TAKEN), (None, rules.TAKEN), (None, rules.QUEUED)]
    assert following.remind(change.state, 60, sent.planned.starts_at, LATER) is None
    assert following.remind(change.state, 10, sent.planned.starts_at, LATER) is not None


def test_a_reminder_for_a_time_that_is_not_known_here_yet_has_to_wait() -> None:
    with pytest.raises(Conflict):
        following.remind(timed(taken()), 60, ELSEWHEN.starts_at, LATER)


def test_nobody_is_reminded_of_what_was_cancelled() -> None:
    cancelled = following.cancel(timed(taken()), LATER)
    assert cancelled is not None
    assert cancelled.state.planned
    assert following.remind(cancelled.state, 60, cancelled.state.planned.starts_at, LATER) is None


def test_a_reminder_that_was_taken_is_no_reminder_when_it_is_sent_again() -> None:
    sent = timed(taken())
    assert sent.planned
    change = following.remind(sent, 60, sent.planned.starts_at, LATER)
    assert change is not None
    (mia,) = change.state.recipients
    after = record(change.state, [Outcome(sent.id, mia.id, mia.sending, mia.attempts, "taken", 250)], LATER)
    assert after is not None
    assert after.state.recipients[0].reminding is None
