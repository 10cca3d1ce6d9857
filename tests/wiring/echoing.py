"""The small service on a virtual host and a database of its own: started, killed and looked into by the bus's tests."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import amqp
from pymongo import MongoClient

from contracts.actor import Actor
from contracts.events import exchange_name, sequence_text
from plumbing.amqp import parse_uri
from plumbing.clock import now
from plumbing.ids import new_id
from tests.backing import VirtualHost, make_virtual_host, remove_virtual_host
from tests.patience import eventually
from tests.wiring.one_service import ROOT, Stage

OURS = new_id()
SMITH = Actor("member", new_id(), OURS, roles=("owner",), name="Dr Smith")
JONES = Actor("member", new_id(), OURS, roles=("owner",))
MODULE = "tests.wiring.echo"


class Echoing:
    """The service's processes, what it wrote down, and its logs."""

    def __init__(self, folder: Path, host: VirtualHost, mongo_uri: str) -> None:
        self.host = host
        self.stage = Stage(folder, host.uri, mongo_uri, f"test_{new_id()[-12:]}_")
        self.folder = folder
        self._client: MongoClient[dict[str, Any]] = MongoClient(mongo_uri, tz_aware=True)
        self.database = self._client[f"{self.stage.database_prefix}rooms"]
        self.ask = self.stage.ask

    def migrate(self) -> None:
        """Make indexes and queues."""
        command = [sys.executable, "-W", "ignore", "-m", MODULE, "migrate"]
        environment = self.stage.environment("rooms", 0)
        subprocess.run(command, cwd=ROOT, env=environment, check=True, capture_output=True)

    def replica(self) -> Any:
        """A process of the service, ready; a context manager."""
        return self.stage.running(MODULE, "rooms")

    @contextmanager
    def replicas(self) -> Iterator[tuple[subprocess.Popen[bytes], ...]]:
        """Two processes of the service, started side by side."""
        managers = [self.replica() for _ in range(2)]
        with ThreadPoolExecutor(len(managers)) as starting, ExitStack() as running:
            processes = starting.map(lambda manager: manager.__enter__(), managers)
            for manager in managers:
                running.push(manager.__exit__)
            yield tuple(processes)

    def written(self, what: str, **more: Any) -> list[dict[str, Any]]:
        """What the service wrote down, in the order of writing."""
        return list(self.database["done"].find({"what": what, **more}).sort("$natural", 1))

    def heard(self, subject: str) -> list[int]:
        """The sequences of one subject that were handled, in the order of handling."""
        return [one["sequence"] for one in self.written("heard", subject=subject)]

    def logs(self) -> str:
        """Everything that its processes have logged."""
        return "".join(path.read_text() for path in sorted(self.folder.glob("*.log")))

    def close(self) -> None:
        """Leave nothing behind."""
        self.stage.close()
        self._client.drop_database(self.database.name)
        self._client.close()


@contextmanager
def echoing(folder: Path, backing: dict[str, Any]) -> Iterator[Echoing]:
    """Set up, without a process of the service yet."""
    host = make_virtual_host(backing)
    made = Echoing(folder, host, backing["mongo_uri"])
    try:
        made.migrate()
        yield made
    finally:
        made.close()
        remove_virtual_host(host)


def kill(process: subprocess.Popen[bytes]) -> None:
    """kill -9, and wait until it is gone."""
    os.kill(process.pid, signal.SIGKILL)
    process.wait(10)


class Speaker:
    """Says events of accounts with whatever sequence the test wants, and reads queues."""

    def __init__(self, uri: str) -> None:
        self._connection = amqp.Connection(**parse_uri(uri))
        self._connection.connect()
        self.channel = self._connection.channel()

    def say(self, subject: str, sequence: int, **data: Any) -> str:
        """One event; returns its id."""
        return self.say_again(event(subject, sequence, **data))

    def say_again(self, envelope: dict[str, Any]) -> str:
        """This very event."""
        self.publish(exchange_name("accounts"), envelope["type"], json.dumps(envelope))
        return str(envelope["id"])

    def publish(self, exchange: str, key: str, body: str, **properties: Any) -> None:
        """One message as it is."""
        message = amqp.Message(body, content_type="application/json", delivery_mode=2, **properties)
        self.channel.basic_publish(message, exchange, key)

    def count(self, queue: str) -> int:
        """How many messages are ready in a queue."""
        return int(self.channel.queue_declare(queue, passive=True).message_count)

    def take(self, queue: str) -> amqp.Message:
        """The first message of a queue, as soon as there is one."""
        found = eventually(lambda: self.channel.basic_get(queue, no_ack=True), what=f"a message in {queue}")
        assert found is not None
        return found

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()


def event(subject: str, sequence: int, **data: Any) -> dict[str, Any]:
    """An event of accounts."""
    return {
        "specversion": "1.0",
        "id": new_id(),
        "source": "/accounts",
        "type": "member.added",
        "subject": subject,
        "time": now().isoformat(),
        "datacontenttype": "application/json",
        "organisationid": OURS,
        "sequence": sequence_text(sequence),
        "data": data,
    }


def seconds_since(begin: float) -> float:
    """By the monotonic clock."""
    return time.monotonic() - begin
