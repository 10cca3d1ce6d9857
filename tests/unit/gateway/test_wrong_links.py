"""Whoever tries links until one opens is asked to wait, and nobody else."""

import pytest

from contracts.errors import TooMany
from gateway.wrong_links import AT_ONCE, REFILL_SECONDS, WrongLinks, who_asks


class Clock:
    now = 1_000.0

    def __call__(self) -> float:
        return self.now


def spent(links: WrongLinks, who: str) -> int:
    """How many may be tried before one has to wait."""
    for number in range(2 * AT_ONCE):
        try:
            links.check(who)
        except TooMany:
            return number
        links.note(who)
    raise AssertionError("nobody was ever asked to wait")


def test_many_may_be_wrong_at_once_and_then_one_at_a_time() -> None:
    clock = Clock()
    links = WrongLinks(clock)
    assert spent(links, "network 192.0.2.1") == AT_ONCE
    with pytest.raises(TooMany) as refused:
        links.check("network 192.0.2.1")
    wait = refused.value.extra["retry_after_seconds"]
    assert 0 < wait <= REFILL_SECONDS
    clock.now += wait
    assert spent(links, "network 192.0.2.1") == 1
    clock.now += AT_ONCE * REFILL_SECONDS
    assert spent(links, "network 192.0.2.1") == AT_ONCE


def test_others_and_known_devices_behind_the_same_address_go_on() -> None:
    links = WrongLinks(Clock())
    spent(links, who_asks(None, "192.0.2.1"))
    links.check(who_asks("phone", "192.0.2.1"))
    links.check(who_asks(None, "192.0.2.2"))
    with pytest.raises(TooMany):
        links.check(who_asks(None, "192.0.2.1"))


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", True),
        ("2001:db8:1:2::1", "2001:db8:1:3::1", False),
        ("192.0.2.1", "192.0.2.2", False),
        (None, "", True),
    ],
)
def test_an_ipv6_network_is_its_first_64_bits(one: str | None, other: str, same: bool) -> None:
    assert (who_asks(None, one) == who_asks(None, other)) == same
