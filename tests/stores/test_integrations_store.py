"""Where the event log is kept: nothing ever appears behind a reader. On a real MongoDB, whose order of writes it takes."""

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


def event(organisation_id: str | None = OURS) -> dict[str, Any]:
    return {"id": new_id(), "type": "room.renamed", "organisationid": organisation_id}


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
