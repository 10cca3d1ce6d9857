"""waiting_area.*: arriving, accepting and looking at a Waiting Area in which 10,000 wait, beside the same with 100.

What the service does for each, without the bus: the document is kept with its event, and the front of the queue and the area's own view are
read and written as JSON. The two databases lie in the same mongod and are used in turns.
"""

import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from statistics import median
from typing import Any

from bench.row import Row, at_most, compared, main
from bench.shelves import NoOutbox, databases
from contracts.actor import Actor
from contracts.waiting import MOST_SHOWN_OF_AREAS, CallerList
from contracts.waiting_areas import MOST_COUNTED, AreaList
from plumbing.ids import new_id
from plumbing.mapping import to_document
from plumbing.services.dumping import dumper
from plumbing.services.reply import result_on_wire
from services.waiting import path
from services.waiting.areas.area import Area
from services.waiting.areas.reading import area_view, clinics_seen
from services.waiting.caller import Caller, place_of
from services.waiting.store import INDEXES, WaitingStore
from services.waiting.views import caller_view

MANY, FEW = 10_000, 100
AT_ONCE = 2_000
ROUNDS = 150
GOAL = 1.5


class Desk:
    """One Waiting Area with so many who wait; whoever is let in makes place for one who arrives."""

    def __init__(self, database: Any, waiting: int) -> None:
        for name, indexes in INDEXES.items():
            database[name].create_indexes(indexes)
        self._store = WaitingStore(database, NoOutbox())
        self._waiting = waiting
        began = datetime.now(UTC) - timedelta(hours=4)
        self.area = self._store.areas.documents.create(
            Area(new_id(), new_id(), new_id(), "Desk", new_id(), "Europe/Berlin", began)
        )
        self._staff = Actor(
            "member", new_id(), self.area.organisation_id, roles=("provider",), clinic_ids=(self.area.clinic_id,)
        )
        self._dumps = dumper(CallerList()), dumper(AreaList())
        callers = [self._caller(began + timedelta(seconds=number)) for number in range(waiting)]
        for start in range(0, waiting, AT_ONCE):
            rows = [to_document(caller) for caller in callers[start : start + AT_ONCE]]
            database["callers"].insert_many([{**row, "version": 1, "sequences": {}, "outbox": []} for row in rows])

    def arrive(self) -> None:
        """One more."""
        caller = self._caller(datetime.now(UTC))
        if self._store.is_here(caller) or self._store.arrive(caller, self._staff).state != "waiting":
            raise RuntimeError("the caller was here already")

    def accept(self) -> None:
        """Whoever waits longest, into a room."""
        longest = self._store.front_of(self.area.organisation_id, [self.area.id], 1)[0]
        now, room_id = datetime.now(UTC), new_id()

        def rule(caller: Caller) -> path.Decision:
            return path.accept(caller, member_id=self._staff.id, member_name="Dr Smith", now=now, room_id=room_id)

        began = time.perf_counter()
        self._store.callers.update(longest.id, longest.organisation_id, rule, self._staff)
        self.accepted = time.perf_counter() - began

    def look(self) -> None:
        """A member's snapshot: the areas, and the front of the queue."""
        now = datetime.now(UTC)
        areas = self._store.areas.of(self.area.organisation_id, clinics_seen(self._staff))
        ids = [area.id for area in areas]
        shown = self._store.front_of(self.area.organisation_id, ids, MOST_SHOWN_OF_AREAS)
        counted = [
            area_view(area, self._staff, self._store.waiting_in(area.organisation_id, area.id), now) for area in areas
        ]
        if len(shown) != MOST_SHOWN_OF_AREAS or counted[0]["waiting"] < min(self._waiting, MOST_COUNTED):
            raise RuntimeError(f"{len(shown)} were shown")
        callers, every_area = self._dumps
        result_on_wire(callers({"items": [caller_view(caller, self._staff) for caller in shown]}))
        result_on_wire(every_area({"items": counted}))

    def _caller(self, since: datetime) -> Caller:
        device, area = new_id(), self.area
        made = Caller(
            id=new_id(), organisation_id=area.organisation_id, room_id=area.id, state="waiting", display_name="Mia Keller",
            invited_name=None, name_differs=False, language="en", device_id=device, recipient_id=None, invitation_id=None,
            session_id=None, device_test=None, waiting_since=since, place=None, area_id=area.id, clinic_id=area.clinic_id,
        )  # fmt: skip
        return replace(made, place=place_of("waiting", area.id, None, device))


def measure() -> list[Row]:
    """The median of each, in turns."""
    with databases("many", "few") as (of_many, of_few):
        desks = (Desk(of_many, MANY), Desk(of_few, FEW))
        taken: dict[str, tuple[list[float], list[float]]] = {
            name: ([], []) for name in ("arrival", "accept", "snapshot")
        }
        for number in range(ROUNDS):
            for which in (0, 1) if number % 2 else (1, 0):
                desk = desks[which]
                taken["arrival"][which].append(_seconds(desk.arrive))
                desk.look()
                taken["snapshot"][which].append(_seconds(desk.look))
                desk.accept()
                taken["accept"][which].append(desk.accepted)
    return [
        compared(
            f"waiting_area.{name}", median(many) * 1000, "ms", f"the same with {FEW}", median(few) * 1000, at_most(GOAL)
        )
        for name, (many, few) in taken.items()
    ]


def _seconds(what: Callable[[], None]) -> float:
    began = time.perf_counter()
    what()
    return time.perf_counter() - began


if __name__ == "__main__":
    main(measure)
