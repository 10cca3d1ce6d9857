"""What a store promises, over the twin in memory and over a real MongoDB alike."""

import datetime as dt
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import pytest

from contracts.actor import Actor
from contracts.errors import Conflict, Forbidden, NotFound
from plumbing.clock import now
from plumbing.ids import new_id
from plumbing.store import Change, Event
from tests.fakes import FakeOutbox
from tests.stores.shelf import Book, Page, Shelf, renamed

OURS, THEIRS = new_id(), new_id()
SMITH = Actor(kind="member", id=new_id(), organisation_id=OURS)


@pytest.fixture
def shelf(database: Any, outbox: FakeOutbox) -> Shelf:
    return Shelf(database, outbox)


def a_book(title: str = "Reception", **more: Any) -> Book:
    return Book(new_id(), OURS, title, now(), **more)


def made(book: Book) -> Event:
    return Event("room.created", {"room_id": book.id, "kind": "meeting"})


def test_a_state_comes_back_as_it_was_kept(shelf: Shelf) -> None:
    book = a_book(pages=(Page(1, now()), Page(2)), readers=frozenset({"b", "a"}))
    assert shelf.books.create(book) == book
    assert shelf.books.get(book.id, OURS) == book
    assert shelf.books.get(book.id, OURS).made_at.tzinfo == dt.UTC


def test_another_organisations_things_are_never_found(shelf: Shelf) -> None:
    book = shelf.books.create(a_book())
    with pytest.raises(NotFound):
        shelf.books.get(book.id, THEIRS)
    with pytest.raises(NotFound):
        shelf.books.get(new_id(), OURS)
    with pytest.raises(NotFound):
        shelf.books.update(book.id, THEIRS, lambda found: renamed(found, "Stolen"))
    assert shelf.books.get(book.id, OURS) == book


def test_creating_again_returns_the_first_and_says_nothing_more(shelf: Shelf, outbox: FakeOutbox) -> None:
    first = a_book("First")
    shelf.books.create(first, made(first), actor=SMITH)
    again = shelf.books.create(replace(first, title="Second"), made(first), actor=SMITH)
    assert again == first
    assert outbox.types == ["room.created"]


def test_an_id_that_another_organisation_has_is_refused_without_telling(shelf: Shelf) -> None:
    book = shelf.books.create(a_book())
    with pytest.raises(Conflict):
        shelf.books.create(replace(book, organisation_id=THEIRS))


def test_what_a_unique_index_holds_is_a_conflict_that_names_the_fields(shelf: Shelf) -> None:
    shelf.books.create(a_book("Reception"))
    other = shelf.books.create(a_book("Team Meeting"))
    with pytest.raises(Conflict) as created:
        shelf.books.create(a_book("Reception"))
    with pytest.raises(Conflict) as updated:
        shelf.books.update(other.id, OURS, lambda book: renamed(book, "Reception"))
    assert created.value.extra == updated.value.extra == {"fields": ["organisation_id", "title"]}
    assert shelf.books.create(a_book("Reception", state="closed")).state == "closed"


def test_a_change_is_kept_with_its_events_in_one_document(shelf: Shelf, outbox: FakeOutbox) -> None:
    book = a_book()
    shelf.books.create(book, made(book), actor=SMITH)
    kept = shelf.books.update(book.id, OURS, lambda found: renamed(found, "Front desk"), SMITH)
    assert kept.title == "Front desk"
    document = shelf.books.collection.find_one({"_id": book.id})
    assert document is not None
    assert document["version"] == 2
    assert [event["type"] for event in document["outbox"]] == ["room.created", "room.renamed"] == outbox.types
    assert document["pending_since"] is not None


def test_events_are_numbered_by_subject_without_a_gap(shelf: Shelf, outbox: FakeOutbox) -> None:
    book = a_book()
    shelf.books.create(book, made(book), actor=SMITH)

    def rule(found: Book) -> Change[Book]:
        page = Event("room.renamed", {"room_id": found.id}, subject="page/1")
        return Change(replace(found, title="x"), Event("room.renamed", {"room_id": found.id}), page)

    shelf.books.update(book.id, OURS, rule, SMITH)
    shelf.books.update(book.id, OURS, rule, SMITH)
    numbers: dict[str, list[int]] = {}
    for event in outbox.events:
        numbers.setdefault(event["subject"], []).append(int(event["sequence"]))
    assert numbers == {f"room/{book.id}": [1, 2, 3], "page/1": [1, 2]}


def test_many_are_changed_together_each_with_its_own_events(shelf: Shelf, outbox: FakeOutbox) -> None:
    ours, theirs = shelf.books.create(a_book("One")), shelf.books.create(replace(a_book("Two"), organisation_id=THEIRS))
    closed = shelf.books.create(a_book("Three", state="closed"))
    whose = {each.id: each.organisation_id for each in (ours, theirs, closed)} | {new_id(): OURS}

    def rule(book: Book) -> Change[Book] | None:
        return renamed(book, f"{book.title} again") if book.state == "open" else None

    kept = shelf.books.update_together(whose, rule)
    assert {id: each.title for id, each in kept.items()} == {
        ours.id: "One again", theirs.id: "Two again", closed.id: "Three",
    }  # fmt: skip
    assert shelf.books.get(theirs.id, THEIRS).title == "Two again"
    assert shelf.books.get(closed.id, OURS) == closed
    assert sorted(event["subject"] for event in outbox.events) == sorted(f"room/{each.id}" for each in (ours, theirs))
    assert {event["sequence"] for event in outbox.events} == {"00000000000000000001"}


def test_what_is_another_organisations_is_not_changed_together_with_ours(shelf: Shelf) -> None:
    theirs = shelf.books.create(replace(a_book(), organisation_id=THEIRS))
    assert shelf.books.update_together({theirs.id: OURS}, lambda book: renamed(book, "Stolen")) == {}
    assert shelf.books.get(theirs.id, THEIRS) == theirs


def test_what_somebody_changes_while_many_are_changed_together_is_not_lost(shelf: Shelf, outbox: FakeOutbox) -> None:
    one, two = shelf.books.create(a_book("One")), shelf.books.create(a_book("Two"))
    meanwhile = iter([True])

    def rule(book: Book) -> Change[Book] | None:
        if next(meanwhile, False):
            shelf.books.update(book.id, OURS, lambda found: Change(replace(found, readers=frozenset({"somebody"}))))
        return None if book.title.endswith("again") else renamed(book, f"{book.title} again")

    kept = shelf.books.update_together({one.id: OURS, two.id: OURS}, rule)
    assert sorted(each.title for each in kept.values()) == ["One again", "Two again"]
    assert [shelf.books.get(id, OURS) for id in (one.id, two.id)] == [kept[one.id], kept[two.id]]
    assert {"somebody"} in [set(each.readers) for each in kept.values()]
    assert sorted(event["subject"] for event in outbox.events) == sorted([f"room/{one.id}", f"room/{two.id}"])


def test_what_was_read_once_is_changed_again_and_again(shelf: Shelf, outbox: FakeOutbox) -> None:
    book = shelf.books.create(a_book("One"), made(a_book()))
    kept = shelf.books.find_kept({"_id": book.id})
    for title in ("Two", "Three"):
        kept = shelf.books.update_kept(kept, lambda found, title=title: renamed(found, title))  # type: ignore[misc]
    assert [each.state for each in kept] == [shelf.books.get(book.id, OURS)]
    stored = shelf.books.find_kept({"_id": book.id})[0].document
    # of microseconds MongoDB keeps none
    beside = {"pending_since": None}
    assert {**kept[0].document, **beside} == {**stored, **beside}
    assert [int(event["sequence"]) for event in outbox.events] == [1, 2, 3]


def test_a_change_to_what_was_read_long_ago_heeds_what_happened_since(shelf: Shelf, outbox: FakeOutbox) -> None:
    book = shelf.books.create(a_book("One"))
    read = shelf.books.find_kept({"_id": book.id})
    shelf.books.update(book.id, OURS, lambda found: Change(replace(found, state="closed")))
    kept = shelf.books.update_kept(read, lambda found: renamed(found, f"{found.title}, {found.state}"))
    assert [each.state.title for each in kept] == ["One, closed"]
    assert shelf.books.get(book.id, OURS) == kept[0].state
    assert len(outbox.events) == 1


def test_what_is_kept_beside_a_state_goes_with_its_last_change(shelf: Shelf) -> None:
    book = shelf.books.create(a_book("One"))
    shelf.books.collection.update_one({"_id": book.id}, {"$set": {"lease": {"owner": "me"}}})
    kept = shelf.books.find_kept({"_id": book.id})
    for title, left in (("Two", True), ("Last", False)):
        kept = shelf.books.update_kept(
            kept,
            lambda found, title=title: renamed(found, title),  # type: ignore[misc]
            lambda found: ["lease"] if found.title == "Last" else [],
        )
        found = shelf.books.collection.find_one({"_id": book.id})
        assert found
        assert ("lease" in found, "lease" in kept[0].document) == (left, left)


def test_an_event_says_who_when_and_for_whom(shelf: Shelf, outbox: FakeOutbox) -> None:
    book = a_book()
    shelf.books.create(book, made(book), actor=SMITH)
    event = outbox.events[0]
    assert event["source"] == "/rooms"
    assert event["organisationid"] == OURS
    assert event["actorid"] == SMITH.id
    assert event["sequence"] == "00000000000000000001"
    assert dt.datetime.fromisoformat(event["time"]) <= now()
    assert event["data"] == {"room_id": book.id, "kind": "meeting"}


@pytest.mark.parametrize(
    "event",
    [
        Event("room.exploded", {}),
        Event("room.created", {"kind": "meeting"}),
        Event("room.created", {"room_id": new_id(), "kind": "meeting", "patient": "Jo"}),
    ],
    ids=["unknown type", "field missing", "field too many"],
)
def test_an_event_that_no_contract_knows_is_a_defect_and_nothing_is_kept(shelf: Shelf, event: Event) -> None:
    with pytest.raises(ValueError, match=r"room\."):
        shelf.books.create(a_book(), event)
    assert shelf.books.count({}) == 0


def test_a_rule_that_decides_nothing_changes_nothing(shelf: Shelf, outbox: FakeOutbox) -> None:
    book = shelf.books.create(a_book())
    assert shelf.books.update(book.id, OURS, lambda _: None) == book
    assert shelf.books.update(book.id, OURS, Change) == book
    document = shelf.books.collection.find_one({"_id": book.id})
    assert document is not None
    assert document["version"] == 1
    assert outbox.events == []


def test_a_rule_that_refuses_leaves_all_as_it_was(shelf: Shelf) -> None:
    book = shelf.books.create(a_book())

    def refuse(_: Book) -> Change[Book]:
        raise Forbidden("Not you.")

    with pytest.raises(Forbidden):
        shelf.books.update(book.id, OURS, refuse)
    assert shelf.books.get(book.id, OURS) == book


def test_a_rule_may_not_change_whose_a_thing_is(shelf: Shelf) -> None:
    book = shelf.books.create(a_book())
    with pytest.raises(ValueError, match="whose"):
        shelf.books.update(book.id, OURS, lambda found: Change(replace(found, organisation_id=THEIRS)))


def test_a_rule_sees_what_somebody_else_has_just_changed(shelf: Shelf) -> None:
    book = shelf.books.create(a_book())
    seen: list[str] = []

    def rule(found: Book) -> Change[Book]:
        seen.append(found.title)
        if len(seen) == 1:
            shelf.books.update(book.id, OURS, lambda other: renamed(other, "theirs"))
        return renamed(found, f"{found.title} and ours")

    assert shelf.books.update(book.id, OURS, rule).title == "theirs and ours"
    assert seen == ["Reception", "theirs"]


def test_no_change_is_lost_when_many_change_one_thing_at_once(shelf: Shelf, outbox: FakeOutbox) -> None:
    book = shelf.books.create(a_book())

    def turn(number: int) -> None:
        def rule(found: Book) -> Change[Book]:
            more = (*found.pages, Page(number))
            return Change(replace(found, pages=more), Event("room.renamed", {"room_id": found.id}))

        shelf.books.update(book.id, OURS, rule)

    with ThreadPoolExecutor(6) as many:
        list(many.map(turn, range(30)))
    assert {page.number for page in shelf.books.get(book.id, OURS).pages} == set(range(30))
    document = shelf.books.collection.find_one({"_id": book.id})
    assert document is not None
    assert [int(event["sequence"]) for event in document["outbox"]] == list(range(1, 31))
    assert {int(event["sequence"]) for event in outbox.events} == set(range(1, 31))


def test_a_field_that_is_new_takes_its_default_and_one_that_went_is_ignored(shelf: Shelf) -> None:
    book = shelf.books.create(a_book())
    shelf.books.collection.update_one({"_id": book.id}, {"$unset": {"readers": "", "state": ""}, "$set": {"gone": 1}})
    assert shelf.books.get(book.id, OURS) == book


@pytest.mark.parametrize(
    ("query", "titles"),
    [
        ({}, ["a", "b", "c"]),
        ({"title": {"$in": ["a", "c"]}}, ["a", "c"]),
        ({"title": {"$gt": "a"}}, ["b", "c"]),
        ({"title": {"$ne": "b"}}, ["a", "c"]),
        ({"$or": [{"title": "a"}, {"state": "closed"}]}, ["a", "c"]),
        ({"$and": [{"title": {"$lte": "b"}}, {"state": "open"}]}, ["a", "b"]),
        ({"pages.number": 2}, ["b", "c"]),
        ({"pages": {"$elemMatch": {"number": 2, "read_at": None}}}, ["b"]),
        ({"readers": "jo"}, ["c"]),
        ({"readers": {"$exists": False}}, []),
        ({"pages": {"$size": 2}}, ["c"]),
        ({"title": {"$regex": "^[AB]", "$options": "i"}}, ["a", "b"]),
        ({"pages.0.number": 2}, ["b"]),
        ({"title": {"$not": {"$gte": "b"}}}, ["a"]),
    ],
)
def test_find_reads_mongodbs_filters(shelf: Shelf, query: dict[str, Any], titles: list[str]) -> None:
    shelf.books.create(a_book("a"))
    shelf.books.create(a_book("b", pages=(Page(2),)))
    third = a_book("c", state="closed", pages=(Page(1), Page(2, now())), readers=frozenset({"jo"}))
    shelf.books.create(third)
    assert [book.title for book in shelf.books.find(query, [("title", 1)])] == titles
    assert shelf.books.count(query) == len(titles)


def test_find_sorts_and_stops_at_its_limit(shelf: Shelf) -> None:
    for title, state in (("a", "open"), ("b", "closed"), ("c", "open")):
        shelf.books.create(a_book(title, state=state))
    found = shelf.books.find({}, [("state", -1), ("title", -1)], limit=2)
    assert [book.title for book in found] == ["c", "a"]
    assert shelf.books.find_one({"title": "nobody"}) is None
