"""Looking for what is due, every second in every replica, reads an index and never a whole collection."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from services.accounts import store as accounts
from services.invitations import store as invitations
from services.media import store as media
from services.rooms import store as rooms
from services.scheduler import store as scheduler
from services.waiting import store as waiting
from tests.fakes import FakeOutbox

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)

# what each timer of a service asks of its store
LOOKS: dict[str, tuple[Any, type, Callable[[Any], Any]]] = {
    "mails to send": (invitations, invitations.InvitationsStore, lambda store: store.claim_due(NOW, "we", 10, 5)),
    "lost links": (invitations, invitations.InvitationsStore, lambda store: store.lost.waiting(5)),
    "reminders": (scheduler, scheduler.SchedulerStore, lambda store: store.claim_to_remind(NOW, "we", 5)),
    "outcomes": (scheduler, scheduler.SchedulerStore, lambda store: store.to_judge(NOW, 5)),
    "sessions by older rules of zones": (
        scheduler,
        scheduler.SchedulerStore,
        lambda store: store.to_rezone("2026a", NOW, 5),
    ),
    "seats to give up": (media, media.MediaStore, lambda store: store.due(NOW)),
    "chores of nodes": (media, media.MediaStore, lambda store: store.with_chores(NOW)),
    "calls to move": (media, media.MediaStore, lambda store: store.misplaced(["n1"])),
    "calls left on nodes": (media, media.MediaStore, lambda store: store.left_on(["n1"])),
    "places to give up": (waiting, waiting.WaitingStore, lambda store: store.away_since(NOW, 5)),
    "silent pages": (waiting, waiting.WaitingStore, lambda store: store.silent_since(NOW, 5)),
    "rooms to release": (rooms, rooms.RoomsStore, lambda store: store.rooms_to_release(NOW)),
    "ledgers to settle": (rooms, rooms.RoomsStore, lambda store: store.ledgers_unsettled(NOW)),
    "ledgers to clear": (rooms, rooms.RoomsStore, lambda store: store.ledgers_with_reservations(NOW)),
    "letters that directories owe": (accounts, accounts.AccountsStore, lambda store: store.directory.owed_letters(5)),
}


@pytest.mark.parametrize("look", LOOKS)
def test_what_is_due_is_found_by_an_index(look: str, real_database: Any) -> None:
    module, store, ask = LOOKS[look]
    for name, indexes in module.INDEXES.items():
        real_database[name].create_indexes(indexes)
    made = store(real_database, FakeOutbox())
    real_database.command({"profile": 1, "slowms": -1, "filter": {"planSummary": {"$regex": "COLLSCAN"}}})
    ask(made)
    real_database.command({"profile": 0})
    scans = [each["command"] for each in real_database["system.profile"].find({"ns": {"$not": {"$regex": "system"}}})]
    assert scans == []
