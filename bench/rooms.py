"""rooms.scale: listing one organisation's rooms among 100,000 in 1,000 organisations, beside the same where there is no other.

What the service does for `list_rooms`, without the bus: rooms, ledger and inherited settings are read and made into views.
The two databases lie in the same mongod and are read in turns.
"""

import time
from datetime import UTC, datetime
from statistics import median
from typing import Any

from bench.row import Row, at_most, compared, main
from bench.shelves import NoOutbox, databases
from contracts.actor import Actor
from contracts.rooms import RoomList
from plumbing.ids import new_id
from plumbing.mapping import to_document
from plumbing.services.dumping import dumper
from plumbing.services.reply import result_on_wire
from services.rooms.ledger import Ledger
from services.rooms.reading import in_menu_order, room_view, visible_to
from services.rooms.room import MEETING, Room
from services.rooms.store import INDEXES, RoomsStore

ORGANISATIONS, ROOMS_EACH = 1_000, 100
AT_ONCE = 10_000
ROUNDS, LISTS_IN_ROUND = 15, 20
GOAL = 1.5


class Shelf:
    """One database of rooms, and whom to list them for."""

    def __init__(self, database: Any, organisations: int) -> None:
        for name, indexes in INDEXES.items():
            database[name].create_indexes(indexes)
        self._store = RoomsStore(database, NoOutbox())
        self._organisation_ids = [new_id() for _ in range(organisations)]
        self._turn = 0
        self._dump = dumper(RoomList())
        rows: list[dict[str, Any]] = []
        # each organisation's rooms lie scattered among those of the others, as they do when all of them grow
        for number in range(ROOMS_EACH):
            for organisation_id in self._organisation_ids:
                rows.append(_room(organisation_id, number))
                if len(rows) == AT_ONCE:
                    database["rooms"].insert_many(rows)
                    rows = []
        if rows:
            database["rooms"].insert_many(rows)
        for organisation_id in self._organisation_ids:
            self._store.ledgers.create(Ledger(organisation_id, organisation_id, "Premium", 1, ()))

    def list(self) -> int:
        """What listing one organisation's rooms does, each time of another organisation; returns how many bytes it answers."""
        organisation_id = self._organisation_ids[self._turn % len(self._organisation_ids)]
        self._turn += 1
        owner = Actor("member", new_id(), organisation_id, roles=("owner",))
        shelf = self._store.shelf(organisation_id)
        found = in_menu_order(visible_to(shelf.rooms, owner), owner)
        views = [room_view(room, owner, shelf.ledger is not None, shelf.inherited) for room in found]
        if len(views) != ROOMS_EACH:
            raise RuntimeError(f"{len(views)} rooms were listed")
        return len(result_on_wire(self._dump({"items": views})))


def measure() -> list[Row]:
    """Milliseconds for one list, the median of rounds taken in turns."""
    with databases("many", "one") as (of_many, of_one):
        shelves = {"many": Shelf(of_many, ORGANISATIONS), "one": Shelf(of_one, 1)}
        taken: dict[str, list[float]] = {"many": [], "one": []}
        for number in range(ROUNDS + 1):
            for name in ("many", "one") if number % 2 else ("one", "many"):
                milliseconds = _round(shelves[name])
                # the first round fills caches
                if number:
                    taken[name].append(milliseconds)
    beside = "the same with one organisation"
    return [compared("rooms.scale", median(taken["many"]), "ms", beside, median(taken["one"]), at_most(GOAL))]


def _round(shelf: Shelf) -> float:
    began = time.perf_counter()
    for _ in range(LISTS_IN_ROUND):
        shelf.list()
    return (time.perf_counter() - began) * 1000 / LISTS_IN_ROUND


def _room(organisation_id: str, number: int) -> dict[str, Any]:
    id = new_id()
    room = Room(
        id=id,
        organisation_id=organisation_id,
        kind=MEETING,
        name=f"Room {number}",
        owner_member_id=None,
        link=f"room-{id}",
        created_at=datetime.now(UTC),
    )
    document = to_document(room)
    return {**document, "version": 1, "sequences": {}, "outbox": []}


if __name__ == "__main__":
    main(measure)
