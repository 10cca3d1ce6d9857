"""What a handler has heard: one document per subject, the order, the gaps and the leases, on a real MongoDB."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from plumbing.services.inbox import Held, Inbox, Verdict

SUBJECT = "room/1"


@pytest.fixture
def inbox(real_database: Any) -> Inbox:
    return Inbox(real_database["inbox"], "on_rooms", failing_seconds=0.2)


def held(found: Held | Verdict) -> Held:
    assert isinstance(found, Held)
    return found


def settle(inbox: Inbox, sequence: int, **options: Any) -> None:
    inbox.settle(held(inbox.begin(SUBJECT, sequence, **options)))


def test_events_have_their_turn_one_after_the_other(inbox: Inbox) -> None:
    for sequence in (1, 2, 3):
        settle(inbox, sequence)
    assert inbox.begin(SUBJECT, 2) is Verdict.REPEAT
    assert inbox.begin(SUBJECT, 3) is Verdict.REPEAT
    assert inbox.begin(SUBJECT, 5) is Verdict.EARLY
    assert isinstance(inbox.begin(SUBJECT, 4), Held)


def test_who_holds_an_event_holds_its_subject(inbox: Inbox) -> None:
    first = held(inbox.begin(SUBJECT, 1))
    assert inbox.begin(SUBJECT, 1) is Verdict.BUSY
    assert inbox.begin(SUBJECT, 2) is Verdict.BUSY
    assert isinstance(inbox.begin("room/2", 1), Held)
    inbox.settle(first)
    assert inbox.begin(SUBJECT, 1) is Verdict.REPEAT


def test_of_many_who_try_at_once_one_handles(inbox: Inbox) -> None:
    with ThreadPoolExecutor(8) as many:
        found = list(many.map(lambda _: inbox.begin(SUBJECT, 1), range(8)))
    assert sum(isinstance(one, Held) for one in found) == 1


def test_a_subject_met_in_the_middle_is_accepted_on_request_and_its_past_stays_welcome(inbox: Inbox) -> None:
    assert inbox.begin(SUBJECT, 7) is Verdict.UNSEEN
    settle(inbox, 7, accept_gap=True)
    assert inbox.begin(SUBJECT, 7) is Verdict.REPEAT
    settle(inbox, 6)
    assert inbox.begin(SUBJECT, 6) is Verdict.REPEAT
    settle(inbox, 8)


def test_of_several_that_wait_the_first_is_accepted_first(inbox: Inbox) -> None:
    for sequence in (9, 8):
        assert inbox.begin(SUBJECT, sequence) is Verdict.UNSEEN
    assert inbox.begin(SUBJECT, 9, accept_gap=True) is Verdict.UNSEEN
    settle(inbox, 8, accept_gap=True)
    settle(inbox, 9)


def test_a_failed_event_keeps_its_turn_and_counts_its_tries(inbox: Inbox) -> None:
    for tries in (0, 1, 2):
        now = held(inbox.begin(SUBJECT, 1))
        assert now.tries == tries
        inbox.fail(now, counts=True)
        assert inbox.begin(SUBJECT, 2) is Verdict.EARLY
        assert inbox.begin(SUBJECT, 2, accept_gap=True) is Verdict.EARLY, "the one before has only just failed"
    now = held(inbox.begin(SUBJECT, 1))
    inbox.fail(now, counts=False)
    assert held(inbox.begin(SUBJECT, 1)).tries == 3


def test_what_is_put_aside_lets_the_others_go_on_and_is_welcome_later(inbox: Inbox) -> None:
    inbox.park(held(inbox.begin(SUBJECT, 1)))
    settle(inbox, 2)
    settle(inbox, 1)
    assert inbox.begin(SUBJECT, 1) is Verdict.REPEAT
    settle(inbox, 3)


def test_who_has_lost_the_lease_changes_nothing_any_more(inbox: Inbox, real_database: Any) -> None:
    slow = held(inbox.begin(SUBJECT, 1))
    real_database["inbox"].update_one({}, {"$unset": {"until": ""}})
    fast = held(inbox.begin(SUBJECT, 1))
    inbox.fail(slow, counts=True)
    inbox.settle(slow)
    assert inbox.begin(SUBJECT, 1) is Verdict.BUSY
    inbox.settle(fast)
    assert inbox.begin(SUBJECT, 1) is Verdict.REPEAT


def test_handlers_hear_independently(inbox: Inbox, real_database: Any) -> None:
    other = Inbox(real_database["inbox"], "on_others", 1.0)
    settle(inbox, 1)
    assert isinstance(other.begin(SUBJECT, 1), Held)
