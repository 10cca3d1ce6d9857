"""Events leave their documents when, and only when, the broker has them: on a real MongoDB, with a broker played here."""

import json
import threading
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from plumbing.amqp import Message
from plumbing.clock import now
from plumbing.ids import new_id
from plumbing.outbox import Outbox, Unconfirmed
from plumbing.store import Change, Event
from tests.patience import eventually
from tests.stores.shelf import Book, Shelf

OURS = new_id()


class Broker:
    """Takes what is published, or is away."""

    def __init__(self) -> None:
        self.away = False
        self.tries = 0
        self.taken: list[dict[str, Any]] = []

    def publish(self, messages: list[Message]) -> None:
        self.tries += 1
        if self.away:
            raise Unconfirmed
        self.taken += [json.loads(message.body) for message in messages]

    def sequences(self, id: str) -> list[int]:
        return [int(one["sequence"]) for one in self.taken if one["subject"] == f"room/{id}"]


@pytest.fixture
def broker() -> Broker:
    return Broker()


@pytest.fixture
def outbox(broker: Broker) -> Iterator[Outbox]:
    made = Outbox("rooms", broker)
    thread = threading.Thread(target=made.run, daemon=True)
    thread.start()
    yield made
    made.stop()
    thread.join(5)
    assert not thread.is_alive()


@pytest.fixture
def shelf(real_database: Any, outbox: Outbox) -> Shelf:
    return Shelf(real_database, outbox)


def a_book(shelf: Shelf) -> Book:
    book = Book(new_id(), OURS, new_id(), now())
    return shelf.books.create(book, Event("room.renamed", {"room_id": book.id}))


def turn(shelf: Shelf, book: Book) -> None:
    def rule(found: Book) -> Change[Book]:
        return Change(replace(found, title=new_id()), Event("room.renamed", {"room_id": found.id}))

    shelf.books.update(book.id, OURS, rule)


def document(shelf: Shelf, book: Book) -> dict[str, Any]:
    return shelf.books.collection.find_one({"_id": book.id}) or {}


def test_events_are_published_in_order_and_leave_the_document(shelf: Shelf, outbox: Outbox, broker: Broker) -> None:
    book = a_book(shelf)
    for _ in range(20):
        turn(shelf, book)
    assert outbox.flush(10)
    assert broker.sequences(book.id) == list(range(1, 22))
    assert document(shelf, book)["outbox"] == []
    assert "pending_since" not in document(shelf, book)


def test_nothing_is_lost_or_said_twice_when_many_change_at_once(shelf: Shelf, outbox: Outbox, broker: Broker) -> None:
    books = [a_book(shelf) for _ in range(3)]

    def turn_all() -> None:
        for book in books:
            turn(shelf, book)

    threads = [threading.Thread(target=turn_all) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert outbox.flush(10)
    for book in books:
        assert broker.sequences(book.id) == list(range(1, 10))


def test_events_wait_while_the_broker_is_away_and_nobody_waits_with_them(
    shelf: Shelf, outbox: Outbox, broker: Broker
) -> None:
    broker.away = True
    book = a_book(shelf)
    eventually(lambda: broker.tries, lambda tries: tries >= 2)
    turn(shelf, book)
    assert [int(event["sequence"]) for event in document(shelf, book)["outbox"]] == [1, 2]
    assert document(shelf, book)["pending_since"] is not None
    broker.away = False
    assert outbox.flush(10)
    assert broker.sequences(book.id) == [1, 2]


def test_what_a_dead_process_left_is_swept_by_another(real_database: Any, broker: Broker) -> None:
    dead = Outbox("rooms", broker)  # nobody runs it
    book = a_book(Shelf(real_database, dead))
    other = Outbox("rooms", broker)
    shelf = Shelf(real_database, other)
    assert other.sweep() == 0, "it may be published at this very moment"
    assert other.sweep(older_than_seconds=0) == 1
    threading.Thread(target=other.run, daemon=True).start()
    assert other.flush(10)
    other.stop()
    assert broker.sequences(book.id) == [1]
    assert document(shelf, book)["outbox"] == []


def test_what_was_swept_is_left_alone_by_other_sweepers_for_a_while(real_database: Any, broker: Broker) -> None:
    outboxes = [Outbox("rooms", broker) for _ in range(2)]
    shelves = [Shelf(real_database, outbox) for outbox in outboxes]
    a_book(shelves[0])
    real_database["books"].update_one({}, {"$set": {"pending_since": now().replace(year=2020)}})
    assert [outbox.sweep() for outbox in outboxes] == [1, 0]


def test_events_that_join_while_others_are_published_stay(shelf: Shelf, outbox: Outbox, broker: Broker) -> None:
    book = a_book(shelf)
    published = broker.publish

    def slow(messages: list[Message]) -> None:
        broker.publish = published  # type: ignore[method-assign]
        turn(shelf, book)
        published(messages)

    assert outbox.flush(10)
    broker.publish = slow  # type: ignore[method-assign]
    turn(shelf, book)
    assert outbox.flush(10)
    assert broker.sequences(book.id) == [1, 2, 3]
    assert document(shelf, book)["outbox"] == []
