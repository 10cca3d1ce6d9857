"""Where the event log is kept: nothing ever appears behind a reader. On a real MongoDB, whose order of writes it takes."""

import datetime as dt
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from plumbing.ids import new_id
from services.integrations.store import INDEXES, IntegrationsStore
from tests.fakes import FakeOutbox

OURS, THEIRS = new_id(), new_id()


@pytest.fixture
def stores(real_database: Any) -> list[IntegrationsStore]:
    """As many as there might be replicas."""
    for name, indexes in INDEXES.items():
        real_database[name].create_indexes(indexes)
    return [IntegrationsStore(real_database, FakeOutbox()) for _ in range(3)]


def event(
    organisation_id: str | None = OURS, type: str = "room.renamed", subject: str = "room/1", id: str | None = None
) -> dict[str, Any]:
    return {"id": id or new_id(), "type": type, "subject": subject, "organisationid": organisation_id}


def id_of(moment: dt.datetime) -> str:
    """An event's id as it would have been made then."""
    milliseconds = f"{int(moment.timestamp() * 1000):012x}"
    return f"{milliseconds[:8]}-{milliseconds[8:]}-{new_id()[14:]}"


def test_positions_have_no_gap_however_many_write_at_once(stores: list[IntegrationsStore]) -> None:
    with ThreadPoolExecutor(12) as crowd:
        list(crowd.map(lambda number: stores[number % 3].append(event()), range(120)))
    assert [position for position, _ in stores[0].after(OURS, 0, 1000)] == list(range(1, 121))


def test_a_reader_who_follows_while_many_write_sees_every_event_once(stores: list[IntegrationsStore]) -> None:
    done = threading.Event()
    seen: list[int] = []

    def follow() -> None:
        position = 0
        while True:
            last_look = done.is_set()
            found = stores[0].after(OURS, position, 5)
            seen.extend(each for each, _ in found)
            position = seen[-1] if seen else 0
            if last_look and not found:
                return

    reader = threading.Thread(target=follow)
    reader.start()
    with ThreadPoolExecutor(12) as crowd:
        list(crowd.map(lambda number: stores[number % 3].append(event()), range(120)))
    done.set()
    reader.join()
    assert seen == list(range(1, 121))


def test_an_event_is_kept_once_also_when_two_processes_hear_it_at_once(stores: list[IntegrationsStore]) -> None:
    heard = [event() for _ in range(20)]
    with ThreadPoolExecutor(12) as crowd:
        list(crowd.map(lambda number: stores[number % 3].append(heard[number % 20]), range(120)))
    kept = stores[0].after(OURS, 0, 1000)
    assert sorted(each["id"] for _, each in kept) == sorted(each["id"] for each in heard)
    assert [position for position, _ in kept] == list(range(1, 21))


def test_each_organisation_has_a_log_of_its_own(stores: list[IntegrationsStore]) -> None:
    for organisation_id in (OURS, THEIRS, OURS, None):
        stores[0].append(event(organisation_id))
    assert [position for position, _ in stores[0].after(OURS, 0, 10)] == [1, 2]
    assert [position for position, _ in stores[0].after(THEIRS, 0, 10)] == [1]
    assert stores[0].after(None, 0, 10) == []


def test_a_reader_of_some_types_or_of_one_subject_gets_those_in_order(stores: list[IntegrationsStore]) -> None:
    for type, subject in (("room.created", "room/1"), ("room.renamed", "room/2"), ("room.removed", "room/1")):
        stores[0].append(event(type=type, subject=subject))
    named = stores[0].after(OURS, 0, 10, ("room.removed", "room.created"))
    assert [position for position, _ in named] == [1, 3]
    assert [position for position, _ in stores[0].after(OURS, 0, 10, (), "room/2")] == [2]
    assert (stores[0].oldest(OURS), stores[0].newest(OURS), stores[0].newest(THEIRS)) == (1, 3, 0)


def test_what_is_past_its_time_goes_from_the_beginning_and_numbers_go_on(stores: list[IntegrationsStore]) -> None:
    store, now = stores[0], dt.datetime.now(dt.UTC)
    old, limit = now - dt.timedelta(days=31), now - dt.timedelta(days=30)
    # the fourth was said before the limit, and heard late: it stays, because the third does
    for id in (id_of(old), id_of(old), new_id(), id_of(old), new_id()):
        store.append(event(id=id))
    for _ in range(2):
        store.append(event(THEIRS, id=id_of(old)))
    assert store.let_go(limit) == 3
    assert store.let_go(limit) == 0
    assert [position for position, _ in store.after(OURS, 0, 10)] == [3, 4, 5]
    assert [position for position, _ in store.after(THEIRS, 0, 10)] == [2]
    store.append(event(THEIRS))
    assert (store.oldest(THEIRS), store.newest(THEIRS)) == (2, 3)
