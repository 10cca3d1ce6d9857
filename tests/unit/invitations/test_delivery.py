"""What becomes of a mail."""

from dataclasses import replace
from datetime import timedelta

import pytest

from services.invitations import delivery
from services.invitations.delivery import AWAY, LATER, Outcome, record
from services.invitations.invitation import FAILED, QUEUED, REFUSED, TAKEN, Invitation
from tests.unit.invitations.things import MIA, NOW, OMAR, invitation, recipient, timed


def outcome(
    kind: str, id: str = MIA, code: int | None = None, sending: int = 1, attempts: int = 0, problem: str | None = None
) -> Outcome:
    return Outcome(invitation().id, id, sending, attempts, kind, code, problem)


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
    assert (person.delivery, person.attempts, events) == (QUEUED, 1, ["invitation.delayed"])
    assert state.due_at is not None
    assert person.next_try_at == state.due_at
    assert NOW + timedelta(seconds=5) <= state.due_at <= NOW + timedelta(seconds=6.25)
    assert delivery.due(state, state.due_at - timedelta(milliseconds=1)) == []
    assert delivery.due(state, state.due_at) == [person]


def test_those_who_wait_together_do_not_all_come_back_together() -> None:
    spreads = [delivery.spread(f"recipient {number}", attempts) for number in range(50) for attempts in (1, 2)]
    assert len(set(spreads)) == 100
    assert all(1 <= spread <= 1.25 for spread in spreads)
    assert max(spreads) - min(spreads) > 0.2


def test_what_is_in_the_way_is_said_once_until_it_is_something_else() -> None:
    state, events = after(AWAY, problem=delivery.NO_TLS)
    assert (state.recipients[0].delivery_problem, events) == ("no_tls", ["invitation.delayed"])
    again = record(state, [replace(outcome(AWAY, attempts=1), problem=delivery.NO_TLS)], NOW)
    assert again is not None
    assert again.events == ()
    other = record(again.state, [replace(outcome(LATER, attempts=2), problem=delivery.PUT_OFF)], NOW)
    assert other is not None
    assert [event.type for event in other.events] == ["invitation.delayed"]
    taken = record(other.state, [outcome(TAKEN, attempts=3)], NOW)
    assert taken is not None
    assert (taken.state.recipients[0].delivery_problem, taken.state.recipients[0].delivery_detail) == (None, None)


@pytest.mark.parametrize(
    ("code", "enhanced", "about", "problem"),
    [
        (550, "1.1", delivery.FULL, delivery.NO_MAILBOX),
        (550, "", delivery.FULL, delivery.NO_MAILBOX),
        (550, "7.1", delivery.FULL, delivery.UNWANTED),
        (554, "7.26", delivery.FULL, delivery.UNWANTED),
        (552, "", delivery.FULL, delivery.FULL),
        (552, "", delivery.TOO_BIG, delivery.TOO_BIG),
        (552, "3.4", delivery.FULL, delivery.TOO_BIG),
        (552, "2.2", delivery.TOO_BIG, delivery.FULL),
        (554, "", delivery.FULL, delivery.OTHER),
    ],
)
def test_a_refusal_is_read_by_its_enhanced_code_first(code: int, enhanced: str, about: str, problem: str) -> None:
    assert delivery.refusal(code, enhanced, about) == problem


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
    assert events == ["invitation.delayed", "invitation.bounced"]
    assert state.recipients[0].delivery_problem == delivery.GIVEN_UP
    assert tries > 40


def test_how_long_is_tried_can_be_set() -> None:
    change = record(invitation(), [outcome(LATER)], NOW, timedelta(seconds=4))
    assert change is not None
    assert change.state.recipients[0].delivery == FAILED


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
