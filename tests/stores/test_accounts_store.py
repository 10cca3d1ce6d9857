"""Where members, sign-ins and tries are kept, over the twin in memory and MongoDB."""

import datetime as dt
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from contracts.errors import Conflict, TooMany
from plumbing.ids import new_id
from services.accounts.member import EXPECTED, activate
from services.accounts.sign_in import begin, hash_of
from services.accounts.store import INDEXES, AccountsStore
from services.accounts.throttle import FREE_TRIES
from tests.fakes import FakeOutbox
from tests.unit.accounts.things import NOW, member

OURS, THEIRS = new_id(), new_id()
SECOND = dt.timedelta(seconds=1)


@pytest.fixture
def store(database: Any, outbox: FakeOutbox) -> AccountsStore:
    for name, indexes in INDEXES.items():
        database[name].create_indexes(indexes)
    return AccountsStore(database, outbox)


def test_of_many_who_take_an_address_at_once_one_gets_it(store: AccountsStore) -> None:
    def one(_: int) -> bool:
        try:
            store.members.create(member(id=new_id(), organisation_id=new_id()))
        except Conflict as taken:
            assert taken.extra["fields"] == ["email_key"]  # noqa: PT017 a refusal is as good as the other outcome
            return False
        return True

    with ThreadPoolExecutor(12) as crowd:
        assert list(crowd.map(one, range(12))).count(True) == 1
    assert store.member_with_address("smith@example.com") is not None


def test_an_expected_member_is_found_after_a_while_and_is_no_member_yet(store: AccountsStore) -> None:
    expected = store.members.create(member(id=new_id(), organisation_id=OURS, state=EXPECTED))
    assert store.members_of(OURS) == []
    assert store.expected_members(NOW) == []
    assert store.expected_members(NOW + SECOND) == [expected]
    store.members.update(expected.id, OURS, activate)
    assert store.expected_members(NOW + SECOND) == []
    assert [found.id for found in store.members_of(OURS)] == [expected.id]


def test_only_who_is_still_expected_is_forgotten(store: AccountsStore) -> None:
    expected = store.members.create(member(id=new_id(), organisation_id=OURS, state=EXPECTED))
    store.members.update(expected.id, OURS, activate)
    store.forget_expected(expected)
    assert store.member_with_address(expected.email_key) is not None
    other = store.members.create(member(id=new_id(), organisation_id=OURS, email_key="other", state=EXPECTED))
    store.forget_expected(other)
    assert store.member_with_address("other") is None


def test_members_are_listed_by_name_and_by_organisation(store: AccountsStore) -> None:
    for name, organisation_id in (("Zoe", OURS), ("Adam", OURS), ("Eve", THEIRS)):
        store.members.create(member(id=new_id(), organisation_id=organisation_id, name=name, email_key=name))
    assert [found.name for found in store.members_of(OURS)] == ["Adam", "Zoe"]


def test_a_sign_in_is_found_by_the_hash_of_its_token_only(store: AccountsStore) -> None:
    sign_in = store.sign_ins.create(begin(new_id(), OURS, "token", id=new_id(), now=NOW))
    assert store.sign_in_with_token(hash_of("token")) == sign_in
    assert store.sign_in_with_token("token") is None


def test_many_tries_at_once_are_no_way_round_the_limit(store: AccountsStore) -> None:
    def one(_: int) -> bool:
        try:
            store.count_try("key", NOW)
        except TooMany:
            return False
        return True

    with ThreadPoolExecutor(10) as crowd:
        assert list(crowd.map(one, range(60))).count(True) == FREE_TRIES
    store.count_try("key", NOW + SECOND)
    with pytest.raises(TooMany):
        store.count_try("key", NOW + 2 * SECOND)


def test_tries_of_another_key_and_forgotten_ones_do_not_count(store: AccountsStore) -> None:
    for _ in range(FREE_TRIES):
        store.count_try("key", NOW)
    store.count_try("other", NOW)
    store.forget_tries("key")
    store.count_try("key", NOW)
