"""Two reminders of one series that are due at the same moment: two mails, one after the other, each of its own session."""

import datetime as dt
from dataclasses import replace

import pytest

from services.invitations import delivery, following
from services.invitations.delivery import Outcome
from services.invitations.invitation import REFUSED, TAKEN, Invitation, Recipient
from tests.unit.invitations.mails import body, read
from tests.unit.invitations.test_series import cancelled, invited, moved, tuesdays
from tests.unit.invitations.things import NOW, taken

SERIES = tuesdays()
FIRST, SECOND = (each.planned for each in SERIES.occurrences[:2])


def reminded_of_both(known: Invitation) -> Invitation:
    for planned, minutes in ((FIRST, 60), (SECOND, 24 * 60)):
        change = following.remind(known, minutes, planned.starts_at, NOW)
        assert change
        known = change.state
    return known


def both(**changes: object) -> Invitation:
    return reminded_of_both(invited(SERIES, recipients=(replace(taken(told=SERIES.first), **changes),)))  # type: ignore[arg-type]


def tried(known: Invitation, kind: str = TAKEN, now: dt.datetime = NOW) -> tuple[Invitation, list[str]]:
    one = person(known)
    change = delivery.record(known, [Outcome(known.id, one.id, one.sending, one.attempts, kind)], now)
    assert change
    return change.state, [event.type for event in change.events]


def person(known: Invitation) -> Recipient:
    return known.recipients[0]


def test_each_is_a_mail_that_says_its_own_time() -> None:
    known = both()
    assert "Tuesday, 9 March 2027" in body(read(known), "plain")
    known, said = tried(known)
    assert said == ["invitation.sent", "invitation.resent"]
    assert (person(known).reminding, person(known).sending) == (24 * 60, 3)
    assert "Tuesday, 16 March 2027" in body(read(known), "plain")
    known, said = tried(known)
    assert said == ["invitation.sent"]
    assert (person(known).delivery, person(known).reminding, known.due_at) == (TAKEN, None, None)


def test_asked_for_again_neither_comes_again() -> None:
    known = both()
    for planned, minutes in ((FIRST, 60), (SECOND, 24 * 60)):
        assert following.remind(known, minutes, planned.starts_at, NOW) is None


@pytest.mark.parametrize(
    "meanwhile",
    [
        lambda known: replace(known, series=moved(SERIES, 1, "2027-03-18T14:00")),
        lambda known: replace(known, series=cancelled(SERIES, 1)),
        lambda known: replace(known, recipients=(replace(person(known), link_hash=None),)),
        lambda known: replace(known, recipients=(replace(person(known), arrived_at=SECOND.starts_at),)),
    ],
    ids=["moved", "cancelled", "revoked", "arrived"],
)  # fmt: skip
def test_the_second_is_not_sent_when_it_is_no_longer_wanted(meanwhile: object) -> None:
    known, said = tried(meanwhile(both()))  # type: ignore[operator]
    assert (person(known).delivery, person(known).to_remind, said) == (TAKEN, (), ["invitation.sent"])


def test_a_second_that_comes_too_late_is_not_sent() -> None:
    known, said = tried(both(), now=SECOND.starts_at)
    assert (person(known).to_remind, said) == ((), ["invitation.sent"])


def test_after_a_refusal_nothing_more_is_sent_there() -> None:
    known, _ = tried(both(), REFUSED)
    assert (person(known).delivery, known.due_at) == (REFUSED, None)


def test_the_first_mail_of_all_says_the_time_itself_and_needs_no_reminder_after_it() -> None:
    known = both(delivery="queued", next_try_at=NOW)
    assert person(known).to_remind == ()
