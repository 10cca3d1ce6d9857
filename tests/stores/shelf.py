"""A small store to test stores with: books on shelves, which say `room.renamed` when their title changes."""

import datetime as dt
from dataclasses import dataclass, replace
from typing import Any

from pymongo import IndexModel

from plumbing.store import Change, Documents, Event

INDEXES = {
    "books": [
        IndexModel(
            [("organisation_id", 1), ("title", 1)],
            name="title",
            unique=True,
            partialFilterExpression={"state": "open"},
        )
    ]
}


@dataclass(frozen=True)
class Page:
    number: int
    read_at: dt.datetime | None = None


@dataclass(frozen=True)
class Book:
    id: str
    organisation_id: str
    title: str
    made_at: dt.datetime
    state: str = "open"
    pages: tuple[Page, ...] = ()
    readers: frozenset[str] = frozenset()


class Shelf:
    def __init__(self, database: Any, outbox: Any, **options: Any) -> None:
        self.books = Documents(database["books"], outbox, kind=Book, source="rooms", subject="room", **options)
        database["books"].create_indexes(INDEXES["books"])


def renamed(book: Book, title: str) -> Change[Book]:
    changed = replace(book, title=title)
    return Change(changed, Event("room.renamed", {"room_id": book.id}))
