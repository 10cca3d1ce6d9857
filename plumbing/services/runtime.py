"""What one service process has: its settings, database, outbox, connections and keys. Made once by `process.main`."""

import threading
from dataclasses import dataclass
from typing import Any

import structlog
from pymongo import MongoClient
from pymongo.database import Database
from pymongo.errors import PyMongoError

from contracts.events import exchange_name
from plumbing import clock, mongo
from plumbing.actor import Passport, Signer, Verifier
from plumbing.ids import new_id
from plumbing.outbox import Outbox
from plumbing.publisher import Publisher
from plumbing.records import Recorder
from plumbing.rpc import RpcClient
from plumbing.services.queues import AUDIT
from plumbing.settings import Settings

log = structlog.get_logger()

SWEEP_SECONDS = 2.0
_FLUSH_SECONDS = 3.0


@dataclass
class Runtime:
    """`owner` names this very process in leases."""

    name: str
    settings: Settings
    owner: str
    client: MongoClient[dict[str, Any]]
    database: Database[dict[str, Any]]
    publisher: Publisher
    outbox: Outbox
    verifier: Verifier
    calls: RpcClient
    recorder: Recorder

    @classmethod
    def make(cls, name: str, settings: Settings) -> "Runtime":
        """Nothing is connected yet. Raises KeyProblem."""
        verifier = Verifier.from_file(settings.actor_public_keys)
        passport = Passport(Signer.from_file(name, settings.actor_private_key), verifier)
        client = mongo.connect(settings.mongo_uri, name)
        publisher = Publisher(settings.amqp_uri, f"{name} publishes", [exchange_name(name)], AUDIT.declare)
        return cls(
            name=name,
            settings=settings,
            owner=new_id(),
            client=client,
            database=mongo.database(client, settings.database_prefix + name),
            publisher=publisher,
            outbox=Outbox(name, publisher),
            verifier=verifier,
            calls=RpcClient(settings.amqp_uri, name, passport),
            recorder=Recorder(name, publisher),
        )

    def start(self) -> None:
        """Connect, and begin to publish and to sweep."""
        clock.set_offset(self.settings.clock_offset_seconds)
        self._stopping = threading.Event()
        self.publisher.start()
        self.calls.start()
        threading.Thread(target=self.outbox.run, name="outbox", daemon=True).start()
        threading.Thread(target=self._sweep, name="sweeper", daemon=True).start()

    def stop(self) -> None:
        """Publish what waits, for at most 3 s, and close everything."""
        self._stopping.set()
        self.outbox.flush(_FLUSH_SECONDS)
        self.outbox.stop()
        self.calls.stop()
        self.publisher.stop()
        self.client.close()

    def _sweep(self) -> None:
        while not self._stopping.wait(SWEEP_SECONDS):
            try:
                found = self.outbox.sweep()
                if found:
                    log.info("swept", documents=found)
            except PyMongoError as error:
                log.warning("sweep put off", error=type(error).__name__)


_current: Runtime | None = None


def set_current(runtime: Runtime) -> None:
    """Make it this process's runtime, before the service's container starts."""
    global _current  # noqa: PLW0603 a process is one service
    _current = runtime


def current() -> Runtime:
    """This process's runtime."""
    if _current is None:
        raise RuntimeError("plumbing.services.process.main starts services.")
    return _current
