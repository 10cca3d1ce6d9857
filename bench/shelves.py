"""Databases of a bench's own, for what is measured without the bus."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from pymongo import MongoClient

from deploy.local.backing import find_or_start
from plumbing import mongo
from plumbing.ids import new_id


class NoOutbox:
    """Nothing is said here."""

    def register(self, collection: Any) -> None:
        """Nothing to sweep."""

    def send_soon(self, collection: Any, document: Any) -> None:
        """Nothing to publish."""


@contextmanager
def databases(*names: str) -> Iterator[list[Any]]:
    """Databases on the shared mongod, dropped in the end."""
    backing = find_or_start()
    client: MongoClient[dict[str, Any]] = mongo.connect(backing["mongo_uri"], "bench")
    made = {name: f"bench_{new_id()[-12:]}_{name}" for name in names}
    try:
        yield [mongo.database(client, name) for name in made.values()]
    finally:
        for name in made.values():
            client.drop_database(name)
        client.close()
