"""Where calls are kept: one open call per room, over the twin in memory and MongoDB; and nodes, by MongoDB's own clock."""

import datetime as dt
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

import pytest

from contracts.errors import Conflict
from plumbing.ids import new_id
from services.media import seats
from services.media.call import Call, Chore
from services.media.placement import node_key
from services.media.store import INDEXES, MediaStore
from tests.fakes import FakeOutbox
from tests.patience import eventually
from tests.unit.media.people import MIA, NOW, SMITH

ORGANISATION, ROOM = new_id(), new_id()
ALIVE = {"node_id": "a", "started_at": 1.5, "participants": 3, "capacity": 100, "cpu": 0.2, "draining": False}
KEY = node_key("a", 1.5)


@pytest.fixture
def store(database: Any, outbox: FakeOutbox) -> MediaStore:
    return _made(database, outbox)


@pytest.fixture
def real_store(real_database: Any, outbox: FakeOutbox) -> MediaStore:
    return _made(real_database, outbox)


def _made(database: Any, outbox: FakeOutbox) -> MediaStore:
    for name, indexes in INDEXES.items():
        database[name].create_indexes(indexes)
    return MediaStore(database, outbox)


def new_call(room_id: str = ROOM) -> Call:
    return seats.opened(new_id(), ORGANISATION, room_id, "a", KEY, NOW)


def enter(store: MediaStore, person: seats.Person = SMITH, room_id: str = ROOM) -> Call:
    rule = partial(seats.take, person=person, participant_id=new_id(), now=NOW)
    return store.change_in_room(ORGANISATION, room_id, partial(new_call, room_id), rule, None)


def change(store: MediaStore, call: Call, rule: seats.Rule) -> Call:
    return store.calls.update(call.id, ORGANISATION, rule)


def test_many_who_enter_at_once_are_in_one_call(store: MediaStore, outbox: FakeOutbox) -> None:
    people = [seats.Person(f"Dr {number}", "host", "desk", member_id=new_id()) for number in range(12)]
    with ThreadPoolExecutor(12) as pool:
        calls = list(pool.map(partial(enter, store), people))
    assert len({call.id for call in calls}) == 1
    assert outbox.types.count("call.started") == 1
    assert outbox.types.count("participant.joined") == 12


def test_of_fifty_let_in_at_once_as_many_get_a_seat_as_the_room_has_places(store: MediaStore) -> None:
    enter(store)

    def let_in(number: int) -> bool:
        person = seats.Person(f"Guest {number}", "guest", "phone", caller_id=new_id())
        rule = partial(seats.reserve, person=person, participant_id=new_id(), now=NOW, largest_number=5)
        try:
            store.change_in_room(ORGANISATION, ROOM, new_call, rule, None)
        except Conflict as conflict:
            return "largest_number" not in conflict.extra
        return True

    with ThreadPoolExecutor(10) as pool:
        assert list(pool.map(let_in, range(50))).count(True) == 4
    call = store.open_in(ORGANISATION, ROOM)
    assert call is not None
    assert len(call.held()) == 5


def test_a_new_call_begins_when_the_one_before_has_ended(store: MediaStore) -> None:
    first = enter(store)
    change(store, first, partial(seats.end, now=NOW))
    assert store.open_in(ORGANISATION, ROOM) is None
    assert enter(store).id != first.id


def test_rooms_have_calls_of_their_own_and_organisations_do_not_see_each_others(store: MediaStore) -> None:
    first, second = enter(store), enter(store, MIA, new_id())
    assert first.id != second.id
    assert store.open_in(new_id(), ROOM) is None
    assert store.by_id(first.id) == store.open_in(ORGANISATION, ROOM)


def test_a_call_with_a_seat_that_was_kept_too_long_is_due(store: MediaStore) -> None:
    call = enter(store)
    assert store.due(NOW) == []
    assert [one.id for one in store.due(NOW + seats.KEPT_UNCONNECTED)] == [call.id]
    change(store, call, partial(seats.end, now=NOW))
    assert store.due(NOW + seats.KEPT_UNCONNECTED) == []


def test_calls_of_nodes_that_do_not_live_are_found_until_they_end(store: MediaStore) -> None:
    call = enter(store)
    assert store.misplaced({KEY}) == []
    assert [one.id for one in store.misplaced({"b@1.000"})] == [call.id]
    change(store, call, partial(seats.end, now=NOW))
    assert store.misplaced({"b@1.000"}) == []


def test_what_a_node_must_still_drop_is_found_until_it_is_done(store: MediaStore) -> None:
    call = change(store, enter(store), partial(seats.end, now=NOW))
    assert call.chores == (Chore(KEY),)
    later = NOW + dt.timedelta(seconds=1)
    assert [one.id for one in store.with_chores(later)] == [call.id]
    silent = change(store, call, partial(seats.chores_done, done=(), silent=call.chores))
    assert (silent.chores, silent.left_keys) == ((), (KEY,))
    assert store.with_chores(later) == []
    assert [one.id for one in store.left_on({KEY})] == [call.id]
    back = change(store, silent, partial(seats.node_is_back, node_key=KEY, now=NOW))
    assert (back.chores, back.left_keys) == ((Chore(KEY),), ())
    assert store.left_on({KEY}) == []


def test_a_node_lives_from_its_first_report(real_store: MediaStore) -> None:
    assert real_store.nodes.census().live == ()
    assert real_store.nodes.alive(ALIVE) is True
    assert real_store.nodes.alive(ALIVE) is False
    (node,) = real_store.nodes.census().live
    assert (node.id, node.key, node.participants, node.placed) == ("a", KEY, 3, 0)


def test_what_was_placed_counts_until_the_next_report(real_store: MediaStore) -> None:
    real_store.nodes.alive(ALIVE)
    real_store.nodes.placed(KEY)
    assert [node.placed for node in real_store.nodes.census().live] == [1]
    real_store.nodes.alive(ALIVE)
    assert [node.placed for node in real_store.nodes.census().live] == [0]


def test_a_restarted_node_takes_the_place_of_the_one_before(real_store: MediaStore) -> None:
    real_store.nodes.alive(ALIVE)
    assert real_store.nodes.alive({**ALIVE, "started_at": 2.5}) is True
    census = real_store.nodes.census()
    assert census.keys == {node_key("a", 2.5)}
    assert census.gone("a", KEY)


def test_a_node_that_says_goodbye_is_gone_at_once(real_store: MediaStore) -> None:
    real_store.nodes.alive(ALIVE)
    real_store.nodes.stopped("a", None)
    assert real_store.nodes.census().live == ()


def test_silence_means_death_only_while_others_are_heard(real_store: MediaStore) -> None:
    real_store.nodes.alive(ALIVE)
    eventually(lambda: real_store.nodes.census().live, lambda live: live == (), seconds=6)
    assert not real_store.nodes.census().gone("a", KEY)

    def hear_b() -> bool:
        real_store.nodes.alive({**ALIVE, "node_id": "b"})
        return real_store.nodes.census().gone("a", KEY)

    assert not hear_b()
    eventually(hear_b, seconds=6)
