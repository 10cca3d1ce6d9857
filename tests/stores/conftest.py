"""Stores over both databases: `database` is the fake one and a real MongoDB in turn."""

from collections.abc import Iterator
from typing import Any

import pytest

from plumbing import mongo
from tests.fakes import FakeDatabase, FakeOutbox


@pytest.fixture
def real_database(mongo_uri: str, database_prefix: str) -> Iterator[Any]:
    """A database of its own on the shared replica set, dropped when the test ends."""
    client = mongo.connect(mongo_uri, "tests")
    yield mongo.database(client, f"{database_prefix}store")
    client.close()


@pytest.fixture(params=["fake", "real"])
def database(request: pytest.FixtureRequest) -> Any:
    """What a store is made on: the twin in memory, and MongoDB."""
    return FakeDatabase() if request.param == "fake" else request.getfixturevalue("real_database")


@pytest.fixture
def outbox() -> FakeOutbox:
    return FakeOutbox()
