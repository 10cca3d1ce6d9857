"""Spent tries and known devices, over the twin in memory and MongoDB."""

import datetime as dt
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from contracts.errors import TooMany
from services.accounts.guessing.bucket import Bucket
from services.accounts.guessing.store import INDEXES, KNOWN_FOR, Guesses
from tests.unit.accounts.things import NOW

MINUTE = dt.timedelta(minutes=1)
BUCKET = Bucket(20, MINUTE)


@pytest.fixture
def guesses(database: Any) -> Guesses:
    for name, indexes in INDEXES.items():
        database[name].create_indexes(indexes)
    return Guesses(database)


def spent(guesses: Guesses, times: int, now: dt.datetime = NOW) -> int:
    """How many of so many at once are let."""

    def one(_: int) -> bool:
        try:
            guesses.spend("key", BUCKET, now)
        except TooMany:
            return False
        return True

    with ThreadPoolExecutor(16) as crowd:
        return list(crowd.map(one, range(times))).count(True)


def test_of_many_at_once_exactly_as_many_as_are_left_are_let(guesses: Guesses) -> None:
    assert spent(guesses, 60) == 20
    assert spent(guesses, 10, NOW + 3 * MINUTE) == 3
    assert spent(guesses, 60, NOW + 24 * 60 * MINUTE) == 20


def test_a_refused_try_is_not_counted_and_says_how_long_to_wait(guesses: Guesses) -> None:
    spent(guesses, 50)
    with pytest.raises(TooMany) as refusal:
        guesses.spend("key", BUCKET, NOW + MINUTE / 2)
    assert refusal.value.extra["retry_after_seconds"] == 30


def test_each_that_is_given_back_lets_one_more(guesses: Guesses) -> None:
    spent(guesses, 20)
    for _ in range(2):
        guesses.give_back("key", BUCKET)
    assert spent(guesses, 5) == 2


def test_a_device_is_known_to_whom_it_was_used_by_and_for_so_long(guesses: Guesses) -> None:
    guesses.know_device("device", NOW)
    assert guesses.knows_device("device", NOW + KNOWN_FOR - MINUTE)
    assert not guesses.knows_device("device", NOW + KNOWN_FOR)
    assert not guesses.knows_device("other", NOW)
