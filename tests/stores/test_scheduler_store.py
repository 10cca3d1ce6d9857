"""Where sessions are kept: no room and no host is booked twice under any race. On a real MongoDB, for its transactions."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from itertools import combinations
from typing import Any

import pytest

from contracts.actor import system
from contracts.errors import Conflict
from plumbing.ids import new_id
from services.scheduler.changing import Wanted, cancel, change
from services.scheduler.listing import Place, Range
from services.scheduler.session import Session, book, in_the_way
from services.scheduler.store import INDEXES, SchedulerStore
from tests.fakes import FakeOutbox
from tests.unit.scheduler.things import JONES, NOW, ORGANISATION, OTHER_ROOM, ROOM, SMITH, member, session

WE = system("tests")


@pytest.fixture
def store(real_database: Any, outbox: FakeOutbox) -> SchedulerStore:
    for name, indexes in INDEXES.items():
        real_database[name].create_indexes(indexes)
    return SchedulerStore(real_database, outbox)


def keep(store: SchedulerStore, wish: Session, override: bool = False) -> Session:
    return store.book(wish, lambda others: book(wish, others, override=override), WE)


def tried(store: SchedulerStore, wish: Session) -> bool:
    try:
        keep(store, wish)
    except Conflict:
        return False
    return True


def move(store: SchedulerStore, known: Session, local_start: str, **wanted: Any) -> bool:
    wish = Wanted(planned={"local_start": local_start, "zone": "Europe/Berlin", "minutes": 30}, **wanted)
    try:
        store.rebook(
            known.id,
            ORGANISATION,
            lambda session: change(session, wish, now=NOW),
            lambda session, others: book(session, others, override=False),
            WE,
        )
    except Conflict:
        return False
    return True


def everything(store: SchedulerStore) -> list[Session]:
    return store.sessions.find({})


def test_of_a_hundred_at_once_over_two_stores_one_is_kept(
    store: SchedulerStore, real_database: Any, outbox: FakeOutbox
) -> None:
    stores = (store, SchedulerStore(real_database, outbox))
    with ThreadPoolExecutor(20) as crowd:
        answers = list(crowd.map(lambda number: tried(stores[number % 2], session(number + 1)), range(100)))
    assert answers.count(True) == 1
    assert len(everything(store)) == 1
    assert outbox.types == ["session.created"]


def test_whatever_is_kept_of_many_wishes_that_overlap_in_part_never_clashes(store: SchedulerStore) -> None:
    wishes = [
        session(
            number + 1,
            f"2026-11-30T{10 + number % 4}:{15 * (number % 3):02d}",
            minutes=(20, 45, 100)[number % 3],
            room_id=(ROOM, OTHER_ROOM)[number % 2],
            host_member_ids=((SMITH,), (JONES,), (SMITH, JONES))[number % 3],
        )
        for number in range(60)
    ]
    with ThreadPoolExecutor(20) as crowd:
        answers = list(crowd.map(lambda wish: tried(store, wish), wishes))
    kept = everything(store)
    assert len(kept) == answers.count(True) > 1
    assert not [pair for pair in combinations(kept, 2) if in_the_way(pair[0], [pair[1]])]
    refused = [wish for wish, answer in zip(wishes, answers, strict=True) if not answer]
    assert all(in_the_way(wish, kept) for wish in refused), "nobody was refused for a session that was not kept"


def test_of_many_that_move_to_one_time_one_gets_there_and_the_others_stay(store: SchedulerStore) -> None:
    booked = [
        keep(store, session(number + 1, f"2026-11-30T{8 + number // 2:02d}:{30 * (number % 2):02d}"))
        for number in range(16)
    ]
    with ThreadPoolExecutor(16) as crowd:
        moved = list(crowd.map(lambda one: move(store, one, "2026-12-01T10:00"), booked))
    assert moved.count(True) == 1
    after = {one.id: one for one in everything(store)}
    assert [after[one.id].planned == one.planned for one in booked] == [not gone for gone in moved]
    assert not [pair for pair in combinations(after.values(), 2) if in_the_way(pair[0], [pair[1]])]


def test_who_moves_and_who_books_meanwhile_never_clash(store: SchedulerStore) -> None:
    booked = keep(store, session(1))
    with ThreadPoolExecutor(12) as crowd:
        wishes = [crowd.submit(tried, store, session(number + 2, "2026-12-01T10:15")) for number in range(6)]
        moves = [crowd.submit(move, store, booked, f"2026-12-01T{9 + number % 3:02d}:50") for number in range(6)]
        assert any(one.result() for one in wishes + moves)
    kept = everything(store)
    assert not [pair for pair in combinations(kept, 2) if in_the_way(pair[0], [pair[1]])]


def test_who_wants_nothing_in_common_does_not_meet(store: SchedulerStore) -> None:
    wishes = [session(number + 1, room_id=new_id(), host_member_ids=(new_id(),)) for number in range(20)]
    with ThreadPoolExecutor(20) as crowd:
        assert all(crowd.map(lambda wish: tried(store, wish), wishes))


def test_the_same_session_again_is_the_one_that_was_kept(store: SchedulerStore, outbox: FakeOutbox) -> None:
    with ThreadPoolExecutor(8) as crowd:
        kept = list(crowd.map(lambda _: keep(store, session()), range(8)))
    assert len(set(kept)) == 1
    assert keep(store, replace(session(), title="Another")) == kept[0]
    assert outbox.types == ["session.created"]


def test_a_session_of_a_whole_day_is_in_the_way_until_its_end(store: SchedulerStore) -> None:
    keep(store, session(1, "2026-11-30T10:00", minutes=24 * 60))
    assert not tried(store, session(2, "2026-12-01T09:55", minutes=10))
    assert tried(store, session(3, "2026-12-01T10:00", minutes=10))


def test_another_organisation_has_its_own_time(store: SchedulerStore) -> None:
    keep(store, session(1))
    assert tried(store, session(2, organisation_id=new_id()))


def test_a_cancelled_session_is_in_nobodys_way(store: SchedulerStore) -> None:
    first = keep(store, session(1))
    store.sessions.update(first.id, ORGANISATION, lambda known: cancel(known, member("provider"), now=NOW))
    assert tried(store, session(2))


def test_an_override_is_kept_with_what_it_overrode(store: SchedulerStore) -> None:
    first = keep(store, session(1))
    assert keep(store, session(2), override=True).overrode == (first.id,)


def test_a_list_has_what_overlaps_soonest_first(store: SchedulerStore) -> None:
    late, early = keep(store, session(1, "2026-11-30T15:00")), keep(store, session(2, "2026-11-30T08:00"))
    whole = Range(early.planned.starts_at, late.planned.ends_at)
    assert store.overlapping(ORGANISATION, whole, None) == [early, late]
    assert store.overlapping(ORGANISATION, whole, OTHER_ROOM) == []
    assert store.overlapping(ORGANISATION, Range(early.planned.ends_at, late.planned.starts_at), None) == []
    assert store.overlapping(new_id(), whole, None) == []


def test_a_list_goes_on_after_a_place_and_of_one_start_by_id(store: SchedulerStore) -> None:
    times = ["2026-11-30T08:00", "2026-11-30T15:00", "2026-11-30T15:00", "2026-11-30T15:00", "2026-11-30T16:00"]
    kept = [keep(store, session(number, time), override=True) for number, time in enumerate(times, 1)]
    whole = Range(kept[0].planned.starts_at, kept[-1].planned.ends_at)
    listed: list[Session] = []
    while page := store.overlapping(
        ORGANISATION, whole, None, after=Place(listed[-1].planned.starts_at, listed[-1].id) if listed else None, most=2
    ):
        listed += page
    assert listed == sorted(kept, key=lambda each: (each.planned.starts_at, each.id))
