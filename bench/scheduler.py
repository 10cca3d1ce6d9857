"""scheduler.scale: claiming what is due, and reading a member's week, among 1,000,000 sessions, beside the same among 1,000.

What the service does for `list_sessions` and for its reminders, without the bus. The two databases lie in the same mongod and
are read in turns; in both the same number of sessions is due, and a member has as many in a week.
"""

import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import islice
from statistics import median
from typing import Any

from bench.row import Row, at_most, compared, main
from bench.shelves import NoOutbox, databases
from contracts.scheduler import SessionList
from plumbing.ids import new_id
from plumbing.mapping import to_document
from plumbing.services.dumping import dumper
from plumbing.services.reply import result_on_wire
from services.scheduler.listing import Range
from services.scheduler.outcomes.judging import to_be_judged
from services.scheduler.planned import Planned
from services.scheduler.session import Reminder, Session
from services.scheduler.store import INDEXES, SchedulerStore
from services.scheduler.views import session_view

# organisations, members in each, and for each member a session every other hour from Monday on
MANY, FEW = (100, 200), (1, 20)
SESSIONS_EACH = 50
DUE = 50
AT_ONCE = 10_000
ROUNDS, IN_ROUND = 15, 10
GOAL = 1.5
# a Monday; what is due is due at that moment
NOW = datetime(2030, 1, 7, tzinfo=UTC)
WEEK = Range(NOW, NOW + timedelta(days=7))


class Shelf:
    """One database of sessions, and whom to read a week of."""

    def __init__(self, database: Any, size: tuple[int, int]) -> None:
        for name, indexes in INDEXES.items():
            database[name].create_indexes(indexes)
        self._store = SchedulerStore(database, NoOutbox())
        organisations, members = size
        self._people = [(new_id(), [new_id() for _ in range(members)]) for _ in range(organisations)]
        self._turn = 0
        self._dump = dumper(SessionList())
        made = self._sessions()
        while some := list(islice(made, AT_ONCE)):
            database["sessions"].insert_many(some)
        database["sessions"].insert_many(
            _document(_session(*self._someone(), number, due=True)) for number in range(DUE)
        )

    def week(self) -> None:
        """One member's week, each time of another."""
        organisation_id, member_id = self._someone()
        found = self._store.overlapping(organisation_id, WEEK, None, member_id)
        if len(found) < SESSIONS_EACH:
            raise RuntimeError(f"{len(found)} sessions are in the week")
        result_on_wire(self._dump({"items": [session_view(each) for each in found]}))

    def claim(self) -> float:
        """Seconds that it takes to claim what is due; let go again afterwards."""
        owner = new_id()
        began = time.perf_counter()
        claimed = self._store.claim_to_remind(NOW, owner, DUE)
        took = time.perf_counter() - began
        if len(claimed) != DUE:
            raise RuntimeError(f"{len(claimed)} were claimed")
        self._store.release([each.id for each in claimed], owner)
        return took

    def _someone(self) -> tuple[str, str]:
        self._turn += 1
        organisation_id, members = self._people[self._turn % len(self._people)]
        return organisation_id, members[self._turn % len(members)]

    def _sessions(self) -> Iterator[dict[str, Any]]:
        """Those of all organisations by turns, as they come in."""
        for number in range(SESSIONS_EACH):
            for place in range(len(self._people[0][1])):
                for organisation_id, members in self._people:
                    yield _document(_session(organisation_id, members[place], number))


def measure() -> list[Row]:
    """Milliseconds, the medians of rounds taken in turns."""
    with databases("many", "few") as (of_many, of_few):
        shelves = {"many": Shelf(of_many, MANY), "few": Shelf(of_few, FEW)}
        works: dict[str, Callable[[Shelf], float]] = {"scheduler.claim": Shelf.claim, "scheduler.week": _timed_week}
        return [_row(name, shelves, work) for name, work in works.items()]


def _row(name: str, shelves: dict[str, Shelf], work: Callable[[Shelf], float]) -> Row:
    taken: dict[str, list[float]] = {each: [] for each in shelves}
    for number in range(ROUNDS + 1):
        for each in shelves if number % 2 else reversed(shelves):
            milliseconds = sum(work(shelves[each]) for _ in range(IN_ROUND)) * 1000 / IN_ROUND
            # the first round fills caches
            if number:
                taken[each].append(milliseconds)
    return compared(name, median(taken["many"]), "ms", "the same among 1,000", median(taken["few"]), at_most(GOAL))


def _timed_week(shelf: Shelf) -> float:
    began = time.perf_counter()
    shelf.week()
    return time.perf_counter() - began


def _session(organisation_id: str, member_id: str, number: int, due: bool = False) -> Session:
    starts_at = NOW + timedelta(hours=2 * number)
    planned = Planned(starts_at.strftime("%Y-%m-%dT%H:%M"), "UTC", 30, starts_at, starts_at + timedelta(minutes=30))
    remind_at = NOW if due else starts_at + timedelta(days=1)
    return to_be_judged(
        Session(
            id=new_id(),
            organisation_id=organisation_id,
            room_id=member_id,
            title="A review",
            planned=planned,
            host_member_ids=(member_id,),
            invitation_id=new_id(),
            created_by=member_id,
            created_at=NOW,
            reminders=(Reminder(60, remind_at),),
            remind_at=remind_at,
        )
    )


def _document(session: Session) -> dict[str, Any]:
    return {**to_document(session), "version": 1, "sequences": {}, "outbox": []}


if __name__ == "__main__":
    main(measure)
