"""Where members, sign-ins and tries are kept, over the twin in memory and MongoDB."""

import datetime as dt
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

import pytest

from contracts.errors import Conflict, Invalid, TooMany
from plumbing.ids import new_id
from services.accounts.finding import NO_CLINIC, after, cursor_of, query_of
from services.accounts.member import EXPECTED, REMOVED, SUSPENDED, Member, activate, change
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


def listed(store: AccountsStore, **wishes: Any) -> list[Member]:
    asked: dict[str, Any] = dict.fromkeys(("words", "role", "clinic_id", "state")) | wishes
    return store.members_by_name(query_of(asked, OURS), 100)


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
    assert listed(store) == []
    assert store.expected_members(NOW) == []
    assert store.expected_members(NOW + SECOND) == [expected]
    store.members.update(expected.id, OURS, activate)
    assert store.expected_members(NOW + SECOND) == []
    assert [found.id for found in listed(store)] == [expected.id]


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
    assert [found.name for found in listed(store)] == ["Adam", "Zoe"]


def test_members_are_found_by_words_role_clinic_and_state_and_in_pages(store: AccountsStore) -> None:
    clinic = new_id()
    for name, changes in (
        ("Zoë Müller", {"role": "owner", "clinic_ids": ()}),
        ("ann of Müll", {"clinic_ids": (clinic,)}),
        ("Änne Smith", {"state": SUSPENDED}),
        ("Ann (gone)", {"state": REMOVED}),
    ):
        store.members.create(
            member(**{"id": new_id(), "organisation_id": OURS, "name": name, "email_key": f"{name}@x", **changes})
        )
    assert [each.name for each in listed(store)] == ["ann of Müll", "Änne Smith", "Zoë Müller"]
    for words, names in (
        ("mull", ["ann of Müll", "Zoë Müller"]),
        ("ZOE MÜLLER", ["Zoë Müller"]),
        ("ann m", ["ann of Müll"]),
        ("uller", []),
        ("(gone)", []),
        ("an.", []),
        ("zoë", ["Zoë Müller"]),
    ):
        assert [each.name for each in listed(store, words=words)] == names, words
    assert [each.name for each in listed(store, role="owner")] == ["Zoë Müller"]
    assert [each.name for each in listed(store, state=SUSPENDED)] == ["Änne Smith"]
    assert [each.name for each in listed(store, clinic_id=clinic)] == ["ann of Müll"]
    assert [each.name for each in listed(store, clinic_id=NO_CLINIC, role="owner")] == ["Zoë Müller"]
    everybody = query_of(dict.fromkeys(("words", "role", "clinic_id", "state")), OURS)
    (first,) = store.members_by_name(everybody, 1)
    rest = store.members_by_name(after(everybody, cursor_of(first)), 10)
    assert [each.name for each in rest] == ["Änne Smith", "Zoë Müller"]
    with pytest.raises(Invalid):
        after(everybody, "page 2")


def test_members_kept_before_there_were_keys_are_given_them(store: AccountsStore) -> None:
    kept = store.members.create(member(id=new_id(), organisation_id=OURS, name="Zoe"))
    store.members.collection.update_one({"_id": kept.id}, {"$unset": {"keys": ""}})
    assert listed(store, words="zoe") == []
    assert store.members.fill_in_keys() == 1
    assert store.members.fill_in_keys() == 0
    assert listed(store, words="zoe") == [kept]


def test_who_is_called_otherwise_is_found_by_the_new_name(store: AccountsStore) -> None:
    kept = store.members.create(member(id=new_id(), organisation_id=OURS, name="Zoe"))
    after_it = store.members.update(kept.id, OURS, partial(change, wanted={"name": "Adam"}))
    assert (listed(store, words="zoe"), listed(store, words="adam")) == ([], [after_it])


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
