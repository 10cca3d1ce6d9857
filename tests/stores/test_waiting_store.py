"""Where callers are kept: one place per link, whoever arrives at once, over the twin in memory and MongoDB."""

import datetime as dt
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from contracts.actor import Actor
from contracts.errors import Conflict
from plumbing.ids import new_id
from plumbing.store import Change
from services.waiting import path
from services.waiting.caller import Caller
from services.waiting.store import INDEXES, WaitingStore
from tests.fakes import FakeOutbox
from tests.unit.waiting.people import NOW, ROOM, caller

GUEST = Actor("guest", "phone")


@pytest.fixture
def store(database: Any, outbox: FakeOutbox) -> WaitingStore:
    for name, indexes in INDEXES.items():
        database[name].create_indexes(indexes)
    return WaitingStore(database, outbox)


def arriving(**changes: Any) -> Caller:
    return caller(**{"id": new_id(), "connections": (), **changes})


def left(store: WaitingStore, gone: Caller) -> None:
    store.callers.update(gone.id, gone.organisation_id, lambda one: path.leave(one, now=NOW))


def test_many_arrivals_by_one_link_are_one_caller(store: WaitingStore, outbox: FakeOutbox) -> None:
    people = [arriving(device_id=f"device-{number % 3}") for number in range(12)]
    with ThreadPoolExecutor(12) as pool:
        kept = list(pool.map(lambda one: store.arrive(one, GUEST), people))
    assert len({one.id for one in kept}) == 1
    assert outbox.types.count("caller.waiting") == 1


def test_by_the_room_link_each_device_has_a_place(store: WaitingStore) -> None:
    first = store.arrive(arriving(recipient_id=None, device_id="one"), GUEST)
    second = store.arrive(arriving(recipient_id=None, device_id="two"), GUEST)
    again = store.arrive(arriving(recipient_id=None, device_id="one"), GUEST)
    assert (first.id == again.id, first.id == second.id) == (True, False)


def test_the_link_of_another_organisation_or_room_is_another_place(store: WaitingStore) -> None:
    ours = store.arrive(arriving(), GUEST)
    assert store.arrive(arriving(organisation_id=new_id()), GUEST).id != ours.id
    assert store.arrive(arriving(room_id=new_id()), GUEST).id != ours.id


def test_who_left_and_comes_again_is_a_new_caller(store: WaitingStore) -> None:
    first = store.arrive(arriving(), GUEST)
    left(store, first)
    assert store.arrive(arriving(), GUEST).id != first.id


def test_a_repeated_arrival_of_somebody_who_left_makes_nobody(store: WaitingStore, outbox: FakeOutbox) -> None:
    once = arriving()
    left(store, store.arrive(once, GUEST))
    assert store.arrive(once, GUEST).state == "left"
    assert outbox.types == ["caller.waiting", "caller.left"]


def test_the_queue_is_in_the_order_of_arrival_and_without_who_left(store: WaitingStore) -> None:
    people = [arriving(recipient_id=new_id(), waiting_since=NOW + dt.timedelta(minutes=number)) for number in (3, 1, 2)]
    for one in people:
        store.arrive(one, GUEST)
    left(store, people[2])
    queue = store.in_rooms(people[0].organisation_id, [ROOM])
    assert [one.id for one in queue] == [people[1].id, people[0].id]
    assert store.in_rooms(people[0].organisation_id, [new_id()]) == []
    assert len(store.in_rooms(people[0].organisation_id, None)) == 2


def test_of_many_hosts_one_wins(store: WaitingStore, outbox: FakeOutbox) -> None:
    waits = store.arrive(arriving(), GUEST)

    def press(number: int) -> bool:
        member = f"host-{number}"

        def rule(one: Caller) -> Change[Caller] | None:
            return path.accept(one, member_id=new_id(), member_name=member, now=NOW)

        try:
            return store.callers.update(waits.id, waits.organisation_id, rule).admitted_by_name == member
        except Conflict:
            return False

    with ThreadPoolExecutor(10) as pool:
        assert sum(pool.map(press, range(10))) == 1
    assert outbox.types.count("caller.admitted") == 1


def test_who_is_away_is_found_until_they_left(store: WaitingStore) -> None:
    away = store.arrive(arriving(away_since=NOW), GUEST)
    store.arrive(arriving(recipient_id=new_id(), away_since=None), GUEST)
    found = store.away_since(NOW + dt.timedelta(minutes=5), 10)
    assert [one.id for one in found] == [away.id]
    assert store.away_since(NOW - dt.timedelta(minutes=5), 10) == []
    left(store, away)
    assert store.away_since(NOW + dt.timedelta(minutes=5), 10) == []


def test_who_was_not_heard_of_for_long_is_found(store: WaitingStore) -> None:
    silent = store.arrive(arriving(connections=("ghost",), heard_at=NOW), GUEST)
    store.arrive(arriving(recipient_id=new_id()), GUEST)
    assert [one.id for one in store.silent_since(NOW, 10)] == [silent.id]
    assert store.silent_since(NOW - dt.timedelta(seconds=1), 10) == []


def test_an_event_about_nobody_here_changes_nothing(store: WaitingStore) -> None:
    waits = store.arrive(arriving(), GUEST)
    store.change_if_known(new_id(), waits.organisation_id, lambda one: path.leave(one, now=NOW))
    store.change_if_known(waits.id, new_id(), lambda one: path.leave(one, now=NOW))
    assert store.callers.get(waits.id, waits.organisation_id) == replace(waits, version=1)


def test_who_feels_worse_is_shown_however_many_wait_before_them(store: WaitingStore) -> None:
    area = new_id()
    for number in range(4):
        came = NOW + timedelta(minutes=number)
        somebody = arriving(id=new_id(), recipient_id=new_id(), room_id=area, area_id=area, waiting_since=came)
        store.callers.create(replace(somebody, display_name=f"{number}", worse_at=came if number in (0, 3) else None))
    shown = store.front_of(arriving().organisation_id, [area], 2)
    assert [caller.display_name for caller in shown] == ["0", "1", "3"]
