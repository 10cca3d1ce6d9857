"""What becomes of a mail."""

from datetime import timedelta

import pytest

from services.invitations import delivery
from services.invitations.delivery import AWAY, LATER, Outcome, record
from services.invitations.invitation import FAILED, QUEUED, REFUSED, TAKEN, Invitation
from tests.unit.invitations.things import MIA, NOW, OMAR, invitation, recipient, timed


def outcome(kind: str, id: str = MIA, code: int | None = None, sending: int = 1, attempts: int = 0) -> Outcome:
    return Outcome(invitation().id, id, sending, attempts, kind, code)


def after(kind: str, **more) -> tuple[Invitation, list[str]]:
    change = record(invitation(), [outcome(kind, **more)], NOW)
    assert change is not None
    return change.state, [event.type for event in change.events]


def test_a_mail_that_was_taken_is_never_due_again() -> None:
    state, events = after(TAKEN, code=250)
    assert (state.recipients[0].delivery, state.due_at, events) == (TAKEN, None, ["invitation.sent"])
    assert delivery.due(state, NOW + timedelta(days=365)) == []


def test_a_refusal_is_final_and_says_what_to_do() -> None:
    state, events = after(REFUSED, code=550)
    assert (state.recipients[0].delivery, state.due_at, events) == (REFUSED, None, ["invitation.bounced"])
    assert state.recipients[0].delivery_detail == "There is no such mailbox. Check the address."


@pytest.mark.parametrize("kind", [LATER, AWAY])
def test_what_is_put_off_waits_and_is_due_again(kind: str) -> None:
    state, events = after(kind, code=451)
    person = state.recipients[0]
    assert (person.delivery, person.attempts, events) == (QUEUED, 1, [])
    assert person.next_try_at == state.due_at == NOW + timedelta(seconds=5)
    assert delivery.due(state, NOW) == []
    assert delivery.due(state, NOW + timedelta(seconds=5)) == [person]


def test_pauses_grow_to_an_hour_and_to_half_a_minute_when_our_own_server_is_away() -> None:
    seconds = [delivery.pause(attempts, LATER).total_seconds() for attempts in (1, 2, 3, 7, 8, 5_000)]
    assert seconds == [5, 15, 45, 3600, 3600, 3600]
    assert [delivery.pause(attempts, AWAY).total_seconds() for attempts in (1, 2, 3, 4, 9)] == [5, 10, 20, 30, 30]


@pytest.mark.parametrize("kind", [LATER, AWAY])
def test_trying_ends_after_two_days(kind: str) -> None:
    state, now, tries, events = invitation(), NOW, 0, list[str]()
    while state.due_at is not None:
        now = state.due_at
        change = record(state, [outcome(kind, attempts=state.recipients[0].attempts)], now)
        assert change is not None
        state, tries = change.state, tries + 1
        events += [event.type for event in change.events]
    assert state.recipients[0].delivery == FAILED
    assert timedelta(days=1, hours=22) < now - NOW <= timedelta(days=2)
    assert events == ["invitation.bounced"]
    assert tries > 50


def test_each_recipient_has_a_fate_of_their_own() -> None:
    sent = invitation(recipient(), recipient(OMAR, "omar@example.com"))
    change = record(sent, [outcome(TAKEN), outcome(REFUSED, OMAR, 550)], NOW)
    assert change is not None
    assert [one.delivery for one in change.state.recipients] == [TAKEN, REFUSED]
    assert [(event.type, event.data["recipient_id"]) for event in change.events] == [
        ("invitation.sent", MIA),
        ("invitation.bounced", OMAR),
    ]


@pytest.mark.parametrize("kind", [TAKEN, REFUSED, LATER, AWAY])
def test_recording_the_same_try_twice_changes_nothing_more(kind: str) -> None:
    state, _ = after(kind)
    assert record(state, [outcome(kind)], NOW) is None


def test_what_is_about_an_earlier_sending_is_dropped() -> None:
    assert record(invitation(recipient(sending=2)), [outcome(TAKEN, sending=1)], NOW) is None
    assert not delivery.still_waits(invitation(recipient(sending=2)), recipient())


def test_a_cancellation_that_is_sent_is_no_news_of_the_invitation() -> None:
    change = record(timed(cancelled_at=NOW), [outcome(TAKEN)], NOW)
    assert change is not None
    assert (change.state.recipients[0].delivery, change.events) == (TAKEN, ())
