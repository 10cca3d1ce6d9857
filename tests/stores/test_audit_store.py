"""The audit log's entries and origins, over the twin in memory and MongoDB."""

import datetime as dt
from typing import Any

import pytest

from contracts.audit import ListAudit
from plumbing.ids import new_id
from services.accounts.audit import search
from services.accounts.audit.entry import Entry
from services.accounts.audit.origin import origin
from services.accounts.audit.store import INDEXES, AuditStore
from tests.unit.accounts.things import NOW

OURS, THEIRS, SMITH, JONES = (new_id() for _ in range(4))
DAY = dt.timedelta(days=1)


@pytest.fixture
def store(database: Any) -> AuditStore:
    for name, indexes in INDEXES.items():
        database[name].create_indexes(indexes)
    return AuditStore(database)


def entry(**changes: Any) -> Entry:
    known: dict[str, Any] = {
        "id": new_id(), "organisation_id": OURS, "at": NOW, "who": SMITH, "how": "did", "what": "caller.admitted",
        "subject": "caller/a", "subjects": ("caller/a", "room/r"), "data": {"caller_id": "a"},
    }  # fmt: skip
    return Entry(**{**known, **changes})


def found(store: AuditStore, organisation_id: str = OURS, **asked: Any) -> list[str]:
    return [each.id for each in store.find(search.filter_of(organisation_id, ListAudit().load(asked)), 100)]


def test_an_entry_told_again_is_kept_once_and_as_it_was(store: AuditStore) -> None:
    first = entry()
    store.add(first)
    store.add(entry(id=first.id, who=JONES))
    assert store.find({"organisation_id": OURS}, 10) == [first]


def test_nothing_of_the_store_changes_an_entry() -> None:
    public = {name for name in vars(AuditStore) if not name.startswith("_")}
    assert public == {"add", "add_origin", "find", "origins", "let_go"}


def test_it_is_found_by_who_what_how_subject_and_time(store: AuditStore) -> None:
    one = entry(at=NOW - DAY)
    other = entry(who=JONES, what="room.renamed", how="saw", subjects=("room/r",))
    for each in (one, other, entry(organisation_id=THEIRS)):
        store.add(each)
    assert found(store) == [other.id, one.id]
    assert found(store, who=JONES) == [other.id]
    assert found(store, what="caller.admitted") == found(store, what="caller") == [one.id]
    assert found(store, how="saw") == [other.id]
    assert found(store, subject="room/r") == [other.id, one.id]
    assert found(store, after=NOW.isoformat()) == [other.id]
    assert found(store, before=NOW.isoformat()) == [one.id]


def test_pages_lead_through_all_of_it_while_more_comes(store: AuditStore) -> None:
    kept = [entry(at=NOW + dt.timedelta(seconds=each // 3)) for each in range(20)]
    for each in kept:
        store.add(each)
    seen: list[str] = []
    cursor = None
    while True:
        page = store.find(search.filter_of(OURS, ListAudit().load({"cursor": cursor})), 6)
        if not page:
            break
        seen += [each.id for each in page]
        cursor = search.cursor_after(page[-1])
        store.add(entry(at=NOW + DAY))
    newest_first = sorted(kept, key=lambda each: (each.at, each.id), reverse=True)
    assert seen == [each.id for each in newest_first]


def test_what_is_past_its_time_goes_in_batches_and_nothing_else(store: AuditStore) -> None:
    old = [entry(at=NOW - 40 * DAY) for _ in range(5)]
    young, theirs = entry(at=NOW - 29 * DAY), entry(organisation_id=THEIRS, at=NOW - 400 * DAY)
    for each in (*old, young, theirs):
        store.add(each)
    bounds = (NOW - 30 * DAY, NOW - 37 * DAY)
    assert [store.let_go(OURS, *bounds, 3) for _ in range(3)] == [3, 2, 0]
    assert found(store) == [young.id]
    assert found(store, THEIRS) == [theirs.id]


def test_an_origin_is_kept_once_and_is_its_organisations(store: AuditStore) -> None:
    where = origin(b"k" * 40, OURS, "s", "s", ("203.0.113.9", "Firefox"), NOW)
    assert store.add_origin(where) == store.add_origin(where) == where.id
    assert store.origins([where.id], OURS) == {where.id: where}
    assert store.origins([where.id], THEIRS) == {}
