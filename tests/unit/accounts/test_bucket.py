"""Tries that come back one by one: what a guesser gets in an hour, a day, a week."""

import datetime as dt

import pytest

from services.accounts.guessing.bucket import OF_ADDRESS, OF_NETWORK, Bucket, milliseconds
from services.accounts.throttle import network_of
from tests.unit.accounts.things import NOW


def tries_within(bucket: Bucket, span: dt.timedelta) -> int:
    """As many as somebody gets who tries whenever it is allowed."""
    spent, count, now = milliseconds(NOW), 0, NOW
    while now <= NOW + span:
        spent = max(spent, milliseconds(now))
        if spent <= bucket.latest(now):
            spent, count = spent + bucket.step, count + 1
        else:
            now += dt.timedelta(seconds=bucket.wait_seconds(spent, now))
    return count


def test_a_hundred_wrong_tries_at_one_address_take_more_than_two_days() -> None:
    # NIST SP 800-63B §5.2.2 sets the hundred
    assert tries_within(OF_ADDRESS, dt.timedelta(days=2)) < 100


def test_a_network_has_enough_for_a_hospital_and_too_few_to_spray() -> None:
    assert tries_within(OF_NETWORK, dt.timedelta(0)) == 100
    assert tries_within(OF_NETWORK, dt.timedelta(hours=1)) == 220


def test_who_waits_is_let_try_again() -> None:
    bucket = Bucket(1, dt.timedelta(seconds=30))
    spent = milliseconds(NOW) + bucket.step
    assert spent > bucket.latest(NOW)
    assert bucket.wait_seconds(spent, NOW) == 30
    assert spent <= bucket.latest(NOW + dt.timedelta(seconds=30))


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("203.0.113.7", "203.0.113.8", False),
        ("2001:db8:1:2::7", "2001:db8:1:2:ffff::9", True),
        ("2001:db8:1:2::7", "2001:db8:1:3::7", False),
        ("::ffff:203.0.113.7", "203.0.113.7", True),
        ("", None, True),
    ],
)
def test_whoever_has_an_ipv6_network_is_one_visitor(one: str, other: str | None, same: bool) -> None:
    assert (network_of(one) == network_of(other)) is same
