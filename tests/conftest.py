"""What every suite may use: its own virtual host and its own databases on the shared broker and mongod.

Nothing here imports pymongo before a fixture asks for it, because the eventlet suites patch the standard library first.
"""

import uuid
from collections.abc import Iterator
from typing import Any

import pytest

from tests.backing import VirtualHost, find_or_start_backing, make_virtual_host, remove_virtual_host


@pytest.fixture(scope="session")
def backing() -> dict[str, Any]:
    """Return the addresses of the shared broker and database (deploy.local.backing)."""
    return find_or_start_backing()


@pytest.fixture
def vhost(backing: dict[str, Any]) -> Iterator[VirtualHost]:
    """Give the test a virtual host of its own."""
    host = make_virtual_host(backing)
    yield host
    remove_virtual_host(host)


@pytest.fixture
def amqp_uri(vhost: VirtualHost) -> str:
    """Return the AMQP address of the test's own virtual host."""
    return vhost.uri


@pytest.fixture(scope="session")
def mongo_uri(backing: dict[str, Any]) -> str:
    """Return the address of the shared replica set; combine it with `database_prefix`."""
    return str(backing["mongo_uri"])


@pytest.fixture
def database_prefix(mongo_uri: str) -> Iterator[str]:
    """Give the test a prefix for database names that nobody else has; what is under it goes when the test ends."""
    prefix = f"test_{uuid.uuid4().hex[:12]}_"
    yield prefix
    from pymongo import MongoClient

    with MongoClient[dict[str, Any]](mongo_uri) as client:
        for name in client.list_database_names():
            if name.startswith(prefix):
                client.drop_database(name)
