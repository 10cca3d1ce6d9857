"""Where series are kept: all of one or nothing of it, under races and failures. On a real MongoDB, for its transactions."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial
from typing import Any

import pytest
from pymongo.errors import BulkWriteError

from contracts.actor import system
from contracts.errors import Conflict, Outdated
from plumbing.ids import new_id
from services.scheduler.changing import Wanted
from services.scheduler.series import changing
from services.scheduler.series.rule import Recurrence, expand
from services.scheduler.series.series import Series, book_all, occurrences, series_of
from services.scheduler.session import CANCELLED, Session
from services.scheduler.store import INDEXES, SchedulerStore
from tests.fakes import FakeOutbox
from tests.unit.scheduler.things import NOW, ORGANISATION, SMITH, member, session

WE = system("tests")
US = member("coordinator")
TUESDAYS = Recurrence("weekly", weekdays=("tu",), count=4)


@pytest.fixture
def store(real_database: Any, outbox: FakeOutbox) -> SchedulerStore:
    for name, indexes in INDEXES.items():
        real_database[name].create_indexes(indexes)
    return SchedulerStore(real_database, outbox)


def book(store: SchedulerStore, id: str = "", at: str = "2026-12-01T09:00") -> tuple[Series, list[Session]]:
    expanded = expand(TUESDAYS, {"local_start": at, "zone": "Europe/Berlin", "minutes": 30}, now=NOW)
    first = replace(session(at=at), id=id or new_id())
    series, wanted = series_of(first, TUESDAYS, expanded), occurrences(first, expanded)

    def rule(others: Any) -> tuple[Series, list[Session]]:
        return series, book_all(wanted, others, override=False, leave_out=False)

    return store.series.book(series, first, rule, WE)


def change(store: SchedulerStore, target: Session, scope: str, wanted: Wanted) -> list[Session]:
    def decide(series: Series, sessions: list[Session]) -> changing.Decided | None:
        return changing.change(series, sessions, target.id, scope, wanted, US, now=NOW)

    place = partial(changing.place, override=False)
    return store.series.change(str(target.series_id), ORGANISATION, decide, place, (), WE)


def to(at: str) -> dict[str, Any]:
    return {"local_start": at, "zone": "Europe/Berlin", "minutes": 30}


def test_a_series_and_its_sessions_are_kept_and_each_says_so(store: SchedulerStore) -> None:
    series, sessions = book(store)
    assert store.series.of(series.id, ORGANISATION) == (series, sessions)
    kept = list(store.sessions.collection.find({"series_id": series.id}))
    assert [one["outbox"][0]["type"] for one in kept] == ["session.created"] * 4
    assert {one["outbox"][0]["data"]["series_id"] for one in kept} == {series.id}
    assert book(store, id=series.id) == (series, sessions)


def test_of_series_that_want_the_same_time_one_is_booked_whole(store: SchedulerStore) -> None:
    def tried(number: int) -> bool:
        try:
            book(store, at=f"2026-12-{1 + 7 * (number % 3):02d}T09:{number:02d}")
        except Conflict:
            return False
        return True

    with ThreadPoolExecutor(8) as several:
        won = list(several.map(tried, range(12)))
    assert won.count(True) == 1
    assert store.sessions.collection.count_documents({}) == 4
    assert store.series.documents.collection.count_documents({}) == 1


def test_what_fails_in_the_middle_leaves_nothing(store: SchedulerStore) -> None:
    series, sessions = book(store)
    expanded = expand(TUESDAYS, to("2027-02-02T09:00"), now=NOW)
    first = replace(session(at="2027-02-02T09:00"), id=new_id())
    # the last of them is there already, as nothing but a defect would have it
    broken = [*occurrences(first, expanded)[:3], sessions[0]]
    wanted = series_of(first, TUESDAYS, expanded)
    assert store.series.documents.find_one({"_id": wanted.id, "organisation_id": ORGANISATION}) is None
    with pytest.raises(BulkWriteError):
        store.series.book(wanted, first, lambda others: (wanted, broken), WE)
    assert store.sessions.collection.count_documents({}) == 4
    assert store.series.documents.collection.count_documents({}) == 1
    assert store.series.of(series.id, ORGANISATION) == (series, sessions)


def test_of_two_who_change_all_at_once_one_is_outdated_and_nothing_is_mixed(store: SchedulerStore) -> None:
    series, sessions = book(store)

    def tried(hour: int) -> int | None:
        try:
            wanted = Wanted(planned=to(f"2026-12-01T{hour}:00"), version=sessions[0].version)
            change(store, sessions[0], "all", wanted)
        except Outdated:
            return None
        return hour

    with ThreadPoolExecutor(4) as several:
        won = [hour for hour in several.map(tried, (12, 13, 14, 15)) if hour]
    assert len(won) == 1
    kept, after = store.series.of(series.id, ORGANISATION)
    assert {each.planned.local_start[11:] for each in after} == {f"{won[0]}:00"}
    assert kept.sequence == 1


def test_a_change_onto_a_taken_date_changes_none(store: SchedulerStore) -> None:
    _, sessions = book(store)
    store.book(session(99, at="2026-12-15T11:00"), lambda others: session(99, at="2026-12-15T11:00"), WE)
    with pytest.raises(Conflict) as refused:
        change(store, sessions[0], "all", Wanted(planned=to("2026-12-01T11:00")))
    assert [each["local_start"] for each in refused.value.extra["conflicts"]] == ["2026-12-15T11:00"]
    assert store.series.of(str(sessions[0].series_id), ORGANISATION)[1] == sessions


def test_an_occurrence_is_in_the_way_of_others_until_it_is_cancelled(store: SchedulerStore) -> None:
    series, sessions = book(store)
    assert [each.id for each in store.at_the_same_time(sessions[2], None)] == [sessions[2].id]

    def decide(series: Series, sessions: list[Session]) -> changing.Decided | None:
        return changing.cancel(series, sessions, sessions[1].id, "following", None, US, now=NOW)

    after = store.series.change(series.id, ORGANISATION, decide, lambda decided, *_: decided, (), WE)
    assert [each.state for each in after] == ["planned", CANCELLED, CANCELLED, CANCELLED]
    assert store.at_the_same_time(sessions[2], None) == []
    assert sessions[0].host_member_ids == (SMITH,)
