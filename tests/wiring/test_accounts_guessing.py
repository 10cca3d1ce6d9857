"""Guessing at sign-in, against two processes of accounts on a real broker and database."""

import datetime as dt
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Any

import pytest

from contracts import accounts, rooms
from contracts.actor import PUBLIC
from contracts.errors import NotSignedIn, TooMany
from plumbing.clock import now
from plumbing.ids import new_id
from services.accounts.guessing.bucket import OF_ADDRESS, OF_NETWORK, Bucket
from services.accounts.guessing.store import Guesses
from services.accounts.throttle import key_of
from tests.wiring.one_service import Stage
from tests.wiring.test_accounts import PASSWORD, address, get_plan, organisation
from tests.wiring.two_replicas import kept_by, two_replicas

CLINIC = "198.51.100.1"


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory, backing: dict[str, Any]) -> Iterator[Stage]:
    with two_replicas("accounts", tmp_path_factory.mktemp("guess"), backing, {rooms.GET_PLAN: get_plan}) as made:
        yield made


def outcome(stage: Stage, email: str, password: str, network: str, device: str | None = None) -> str:
    asked = {"email": email, "password": password, "network": network, "device": device}
    try:
        stage.ask(accounts.SIGN_IN, asked, PUBLIC, timeout=20.0)
    except (NotSignedIn, TooMany) as refused:
        return type(refused).__name__
    return "in"


def spend(stage: Stage, key: str, bucket: Bucket, left: int) -> None:
    """As if somebody had guessed so often that just so many tries are left; where none is, none comes back while the test runs."""
    with kept_by(stage, "accounts") as database:
        guesses, at = Guesses(database), now() + (dt.timedelta(hours=1) if left == 0 else dt.timedelta())
        for _ in range(bucket.size - left):
            with suppress(TooMany):
                guesses.spend(key, bucket, at)


def secured(stage: Stage) -> tuple[str, str]:
    """An owner's address, and the device that they sign in from in the clinic."""
    email, device = address(), new_id()
    organisation(stage, email=email)
    assert outcome(stage, email, PASSWORD, CLINIC, device) == "in"
    return email, device


def test_one_network_cannot_try_one_password_at_many_addresses(stage: Stage) -> None:
    email, device = secured(stage)
    network = "198.51.100.2"
    of_network = key_of("password of a network", network)
    spend(stage, of_network, OF_NETWORK, left=2)
    # one that succeeds is given back: neither does it use up the last one, nor win others
    assert outcome(stage, email, PASSWORD, network) == "in"
    assert [outcome(stage, address(), "Summer2024!!", network) for _ in range(2)] == ["NotSignedIn"] * 2
    spend(stage, of_network, OF_NETWORK, left=0)
    assert outcome(stage, address(), "Summer2024!!", network) == "TooMany"
    assert outcome(stage, email, PASSWORD, network) == "TooMany"
    assert outcome(stage, email, PASSWORD, "203.0.113.9") == "in"
    assert outcome(stage, email, PASSWORD, network, device) == "in"


def test_of_many_networks_that_guess_at_once_exactly_so_many_guesses_are_looked_at(stage: Stage) -> None:
    email, device = secured(stage)
    spend(stage, key_of("password of an address", email), OF_ADDRESS, left=7)
    with ThreadPoolExecutor(8) as crowd:
        tried = list(crowd.map(lambda n: outcome(stage, email, "not it at all", f"192.0.2.{n}"), range(24)))
    assert (tried.count("NotSignedIn"), tried.count("TooMany")) == (7, 17)
    assert outcome(stage, email, PASSWORD, CLINIC, device) == "in"


def test_a_stranger_in_the_same_network_does_not_slow_whom_their_device_is_known_of(stage: Stage) -> None:
    email, device = secured(stage)
    own, network = new_id(), "198.51.100.77"
    tried = [outcome(stage, email, f"wrong {n}", network, own) for n in range(7)]
    assert "TooMany" in tried
    assert outcome(stage, email, PASSWORD, network, own) == "TooMany"
    assert outcome(stage, email, PASSWORD, network, device) == "in"


def test_guessing_at_a_known_device_is_slowed_as_well(stage: Stage) -> None:
    email, device = secured(stage)
    tried = [outcome(stage, email, f"wrong {n}", CLINIC, device) for n in range(7)]
    assert tried[:5] == ["NotSignedIn"] * 5
    assert "TooMany" in tried


def test_a_device_is_known_only_to_who_signed_in_there(stage: Stage) -> None:
    (email, _), (_, neighbours) = secured(stage), secured(stage)
    spend(stage, key_of("password of an address", email), OF_ADDRESS, left=0)
    assert outcome(stage, email, PASSWORD, "192.0.2.200", neighbours) == "TooMany"
