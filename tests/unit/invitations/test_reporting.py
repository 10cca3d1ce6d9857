"""What becomes of a message after it was taken: said once, and never of another sending."""

from dataclasses import replace

import pytest

from services.invitations.delivery import FULL, NO_MAILBOX, ON_ITS_WAY, Outcome, record
from services.invitations.invitation import QUEUED, REFUSED, TAKEN, Invitation, Recipient
from services.invitations.reporting import BOUNCED, DELAYED, DELIVERED, Report, note
from services.invitations.reports import Sending
from tests.unit.invitations.things import MIA, NOW, OMAR, invitation, recipient, taken


def of(made: Invitation, kind: str, problem: str | None = None, place: int = 0, number: int = 1) -> Report:
    return Report(Sending(made.id, place, number), kind, problem)


def after(made: Invitation, *reports: Report) -> tuple[Recipient, list[str]]:
    said: list[str] = []
    for report in reports:
        change = note(made, report)
        if change:
            made = change.state
            said += [event.type for event in change.events]
    return made.recipients[report.sending.place], said


def test_what_bounced_is_refused_from_then_on_with_the_reason_in_words() -> None:
    made = invitation(taken())
    person, said = after(made, of(made, BOUNCED, NO_MAILBOX))
    assert (person.delivery, person.reported, person.delivery_problem) == (REFUSED, BOUNCED, NO_MAILBOX)
    assert person.delivery_detail == "There is no such mailbox. Check the address."
    assert said == ["invitation.bounced"]


def test_a_delay_is_said_and_ends_with_the_delivery() -> None:
    made = invitation(taken())
    person, said = after(made, of(made, DELAYED, ON_ITS_WAY), of(made, DELIVERED))
    assert (person.delivery, person.reported, person.delivery_problem) == (TAKEN, DELIVERED, None)
    assert said == ["invitation.delayed", "invitation.delivered"]


@pytest.mark.parametrize("kind", [DELIVERED, DELAYED, BOUNCED])
def test_what_is_reported_again_or_says_less_changes_nothing(kind: str) -> None:
    made = invitation(taken())
    bounced = note(made, of(made, BOUNCED, FULL))
    assert bounced
    assert note(bounced.state, of(made, kind)) is None
    first = note(made, of(made, kind))
    assert first
    assert note(first.state, of(made, kind)) is None


@pytest.mark.parametrize(
    ("made", "place", "number"),
    [
        (invitation(taken(sending=2)), 0, 1),
        (invitation(taken()), 0, 2),
        (invitation(taken()), 1, 1),
        (invitation(taken(removed_at=NOW)), 0, 1),
        (invitation(replace(taken(), delivery=REFUSED)), 0, 1),
    ],
)
def test_of_an_earlier_sending_of_nobody_and_of_who_was_removed_nothing_is_kept(
    made: Invitation, place: int, number: int
) -> None:
    assert note(made, of(made, BOUNCED, FULL, place, number)) is None


def test_a_report_is_about_one_recipient_only() -> None:
    made = invitation(taken(), taken(OMAR, address="omar@example.com"))
    change = note(made, of(made, BOUNCED, FULL, place=1))
    assert change
    assert [one.delivery for one in change.state.recipients] == [TAKEN, REFUSED]


@pytest.mark.parametrize(
    ("kind", "delivery", "said"),
    [
        (DELIVERED, TAKEN, ["invitation.delivered", "invitation.sent"]),
        (BOUNCED, REFUSED, ["invitation.bounced"]),
    ],
)
def test_a_report_that_is_quicker_than_our_own_record_counts(kind: str, delivery: str, said: list[str]) -> None:
    made = invitation(recipient())
    early = note(made, of(made, kind, NO_MAILBOX if kind == BOUNCED else None))
    assert early
    assert early.state.recipients[0].delivery == QUEUED
    recorded = record(early.state, [Outcome(made.id, MIA, 1, 0, TAKEN, 201)], NOW)
    assert recorded
    person = recorded.state.recipients[0]
    assert (person.delivery, person.reported, person.next_try_at) == (delivery, kind, None)
    assert [event.type for change in (early, recorded) for event in change.events] == said


def test_the_fate_of_a_cancellation_is_kept_and_not_said() -> None:
    made = invitation(taken(), cancelled_at=NOW)
    person, said = after(made, of(made, BOUNCED, FULL))
    assert (person.delivery, said) == (REFUSED, [])


def test_another_sending_begins_without_what_was_reported_of_the_last() -> None:
    from services.invitations.invitation import resend
    from tests.unit.invitations.things import hash_of_link

    made = invitation(taken())
    bounced = note(made, of(made, BOUNCED, FULL))
    assert bounced
    again = resend(bounced.state, MIA, NOW, hash_of_link)
    assert again
    assert (again.state.recipients[0].delivery, again.state.recipients[0].reported) == (QUEUED, None)
