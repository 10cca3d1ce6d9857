"""Two processes of one service on a virtual host and databases of their own, for as long as a test module runs."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from contracts.actor import Actor, system
from contracts.command import Command
from contracts.errors import Refused
from plumbing import mongo
from plumbing.ids import new_id
from tests.backing import make_virtual_host, remove_virtual_host
from tests.wiring.one_service import Neighbours, Reply, Stage


@contextmanager
def two_replicas(
    service: str, folder: Path, backing: dict[str, Any], replies: Mapping[Command, Reply] | None = None
) -> Iterator[Stage]:
    """The stage on which both run; `replies` are the commands that the test answers for neighbour services."""
    host = make_virtual_host(backing)
    prefix = f"test_{new_id()[-12:]}_"
    stage = Stage(folder, host.uri, backing["mongo_uri"], prefix)
    neighbours = Neighbours(host.uri, stage.verify) if replies else None
    try:
        if neighbours:
            for command, reply in (replies or {}).items():
                neighbours.answer(command, reply)
            neighbours.start()
        stage.migrate(service)
        with stage.running(f"services.{service}", service), stage.running(f"services.{service}", service):
            yield stage
    finally:
        if neighbours:
            neighbours.stop()
        stage.close()
        _drop(backing["mongo_uri"], f"{prefix}{service}")
        remove_virtual_host(host)


def member(organisation_id: str, role: str = "provider", id: str | None = None) -> Actor:
    """A member, signed in."""
    return Actor("member", id or new_id(), organisation_id, roles=(role,), name="Dr Smith")


def ourselves(organisation_id: str | None = None) -> Actor:
    """One of our own processes."""
    return Actor("system", system("media").id, organisation_id)


def refusal(kind: type[Refused], stage: Stage, command: Command, payload: dict[str, Any], actor: Actor) -> Refused:
    """The refusal of that kind that a command gets."""
    with pytest.raises(kind) as refused:
        stage.ask(command, payload, actor)
    return refused.value


@contextmanager
def kept_by(stage: Stage, service: str) -> Iterator[Any]:
    """The service's database, to leave in it what a process leaves that dies half-way."""
    client = mongo.connect(stage.mongo_uri, "tests")
    yield mongo.database(client, f"{stage.database_prefix}{service}")
    client.close()


def _drop(mongo_uri: str, name: str) -> None:
    from pymongo import MongoClient

    with MongoClient[dict[str, Any]](mongo_uri) as client:
        client.drop_database(name)
