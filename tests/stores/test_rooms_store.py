"""Where rooms and ledgers are kept: a limit that holds however many ask, over the twin in memory and MongoDB."""

import datetime as dt
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import pytest

from contracts.errors import Conflict, NotFound
from plumbing.ids import new_id
from plumbing.store import Change
from services.rooms.ledger import Ledger, Reservation, made, refused, reserve
from services.rooms.plans import Policy
from services.rooms.room import MEETING, created, rotate_link
from services.rooms.settings import Inherited, Level
from services.rooms.store import INDEXES, RoomsStore, Shelf
from tests.fakes import FakeOutbox
from tests.unit.rooms.things import NOW, POLICY, room

ALLOWED = 5
# Standard that begins with no rooms, so that there is something to run for.
STANDARD = replace(POLICY.plan("Standard"), meeting_rooms=ALLOWED, first_rooms=())
ROOMY = Policy(9, False, tuple(STANDARD if plan.name == "Standard" else plan for plan in POLICY.plans))
OURS, THEIRS = new_id(), new_id()


@pytest.fixture
def store(database: Any, outbox: FakeOutbox) -> RoomsStore:
    for name, indexes in INDEXES.items():
        database[name].create_indexes(indexes)
    return RoomsStore(database, outbox)


def test_of_two_hundred_at_once_over_two_stores_as_many_get_a_room_as_the_plan_has(
    store: RoomsStore, database: Any, outbox: FakeOutbox
) -> None:
    store.ledgers.create(Ledger(OURS, OURS, "Standard", ROOMY.version, ()))
    stores = (store, RoomsStore(database, outbox))

    def one(number: int) -> bool:
        wish = Reservation(new_id(), f"Room {number}", NOW)
        kept = stores[number % 2].ledgers.update(OURS, OURS, lambda ledger: reserve(ledger, wish, ROOMY))
        return refused(kept, wish, ROOMY) is None

    with ThreadPoolExecutor(20) as crowd:
        answers = list(crowd.map(one, range(200)))
    assert answers.count(True) == ALLOWED
    assert store.ledgers.get(OURS, OURS).used == ALLOWED
    assert outbox.types == ["quota.exceeded"] * (200 - ALLOWED)


def test_what_was_reserved_and_not_made_is_found_after_a_while(store: RoomsStore) -> None:
    wish = Reservation(new_id(), "Therapy", NOW)
    store.ledgers.create(Ledger(OURS, OURS, "Premium", 1, ()))
    store.ledgers.update(OURS, OURS, lambda ledger: reserve(ledger, wish, POLICY))
    second = dt.timedelta(seconds=1)
    assert store.ledgers_with_reservations(NOW) == []
    (found,) = store.ledgers_with_reservations(NOW + second)
    assert found.reservations == (wish,)
    store.ledgers.update(OURS, OURS, lambda ledger: made(ledger, wish.room_id))
    assert store.ledgers_with_reservations(NOW + second) == []


def test_a_link_belongs_to_one_room_of_all_organisations(store: RoomsStore) -> None:
    first = store.rooms.create(room(id=new_id(), organisation_id=OURS, link="reception-k3f9w2xh"))
    with pytest.raises(Conflict) as taken:
        store.rooms.create(room(id=new_id(), organisation_id=THEIRS, link=first.link))
    assert taken.value.extra["fields"] == ["link"]
    assert store.room_with_link(first.link) == store.room(first.id, OURS)


def test_a_rotated_link_opens_nothing_any_more(store: RoomsStore) -> None:
    first = store.rooms.create(room(id=new_id(), organisation_id=OURS, link="old"))
    store.rooms.update(first.id, OURS, lambda known: rotate_link(known, "new"))
    assert store.room_with_link("old") is None
    assert store.room_with_link("new") is not None


def test_a_room_knows_its_version(store: RoomsStore) -> None:
    first = store.rooms.create(room(id=new_id(), organisation_id=OURS))
    assert store.rooms.update(first.id, OURS, lambda known: rotate_link(known, "new")).version == first.version + 1


def test_a_removed_room_is_nowhere(store: RoomsStore) -> None:
    gone = store.rooms.create(room(id=new_id(), organisation_id=OURS, state="removed"))
    with pytest.raises(NotFound):
        store.room(gone.id, OURS)
    assert store.room_with_link(gone.link) is None
    assert store.rooms_of(OURS) == []


def test_rooms_are_of_their_organisation(store: RoomsStore) -> None:
    for organisation_id in (OURS, THEIRS):
        made_room = room(MEETING, id=new_id(), organisation_id=organisation_id, link=organisation_id)
        store.rooms.create(made_room, created(made_room))
    assert [found.organisation_id for found in store.rooms_of(OURS)] == [OURS]
    with pytest.raises(NotFound):
        store.room(store.rooms_of(THEIRS)[0].id, OURS)


def test_a_shelf_holds_the_rooms_of_one_organisation_with_all_that_decides_how_they_are_shown(
    real_database: Any, outbox: FakeOutbox
) -> None:
    store = RoomsStore(real_database, outbox)
    ours, other = (
        store.rooms.create(room(id=new_id(), organisation_id=OURS, link=link))
        for link in ("reception-k3", "therapy-k3")
    )
    theirs = store.rooms.create(room(id=new_id(), organisation_id=THEIRS, link="theirs-k3"))
    store.inherited.create(Inherited(THEIRS, THEIRS, Level(consent_text="Theirs")))
    store.ledgers.create(Ledger(THEIRS, THEIRS, "Premium", 1, ()))
    assert store.shelf(OURS, ours.id) == Shelf([ours], None, None)
    ledger = store.ledgers.create(Ledger(OURS, OURS, "Premium", 1, ()))
    inherited = store.inherited.create(Inherited(OURS, OURS, Level(consent_text="Ours")))
    assert store.shelf(OURS, ours.id) == Shelf([ours], ledger, inherited)
    assert store.shelf(OURS, theirs.id).rooms == []
    everything = store.shelf(OURS)
    assert {found.id for found in everything.rooms} == {ours.id, other.id}
    assert (everything.ledger, everything.inherited) == (ledger, inherited)
    store.rooms.update(ours.id, OURS, lambda known: Change(replace(known, state="removed")))
    assert store.shelf(OURS, ours.id).rooms == []
    assert [found.id for found in store.shelf(OURS).rooms] == [other.id]
