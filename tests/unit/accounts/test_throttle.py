"""Guessing gets slower and slower, for whoever guesses."""

import datetime as dt

import pytest

from contracts.errors import TooMany
from services.accounts.throttle import FREE_TRIES, LONGEST_DELAY, delay, key_of, next_try
from tests.unit.accounts.things import NOW

SECOND = dt.timedelta(seconds=1)


def test_the_first_tries_are_free_and_then_each_waits_twice_as_long() -> None:
    waits = [delay(count) for count in range(1, FREE_TRIES + 5)]
    assert waits == [dt.timedelta()] * (FREE_TRIES - 1) + [SECOND, 2 * SECOND, 4 * SECOND, 8 * SECOND, 16 * SECOND]


def test_nobody_waits_longer_than_a_quarter_of_an_hour() -> None:
    assert delay(10_000) == LONGEST_DELAY == dt.timedelta(minutes=15)


def test_a_try_that_comes_too_soon_is_refused_with_the_time_to_wait_and_not_counted() -> None:
    tries = None
    for _ in range(FREE_TRIES + 1):
        tries = next_try(tries, tries.not_before if tries else NOW)
    assert tries is not None
    with pytest.raises(TooMany) as refusal:
        next_try(tries, tries.not_before - SECOND)
    assert refusal.value.extra["retry_after_seconds"] == 1
    assert next_try(tries, tries.not_before).count == tries.count + 1


def test_after_a_day_it_is_forgotten() -> None:
    tries = None
    for _ in range(FREE_TRIES):
        tries = next_try(tries, NOW)
    assert next_try(tries, NOW + dt.timedelta(days=1)).count == 1


def test_somebody_elsewhere_is_not_delayed() -> None:
    assert key_of("smith@example.com", "203.0.113.0/24") != key_of("smith@example.com", "198.51.100.0/24")


def test_the_key_says_neither_who_nor_where() -> None:
    key = key_of("smith@example.com", "203.0.113.0/24")
    assert "smith" not in key
    assert "203" not in key or len(key) == 64
