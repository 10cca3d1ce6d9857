"""One service under test: real processes of it on a real broker and database, and everybody else played by the test.

The test speaks as the gateway does, answers for neighbour services, says their events, and hears what the service says.
"""

import json
import os
import subprocess
import sys
import threading
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import amqp
from joserfc.jwk import OKPKey

from contracts.actor import Actor
from contracts.catalogue import SERVICES
from contracts.command import Command
from contracts.errors import Refused
from contracts.events import exchange_name, sequence_text
from deploy.local.ports import free_port
from plumbing import rpc
from plumbing.actor import Signer, Verifier
from plumbing.amqp import parse_uri
from plumbing.clock import now
from plumbing.ids import new_id
from plumbing.keys import public_keys
from plumbing.rpc import RpcClient
from tests.patience import eventually

ROOT = Path(__file__).parents[2]
KINDS = ("gateway", "media_node", *SERVICES)
Reply = Callable[[dict[str, Any], Actor], dict[str, Any]]


class Stage:
    """Keys, addresses and the processes of one test."""

    def __init__(self, folder: Path, amqp_uri: str, mongo_uri: str, database_prefix: str) -> None:
        self.amqp_uri, self.mongo_uri, self.database_prefix = amqp_uri, mongo_uri, database_prefix
        self._folder = folder
        self._keys = {kind: OKPKey.generate_key("Ed25519", {"kid": kind}) for kind in KINDS}
        for kind, key in self._keys.items():
            (folder / f"{kind}.pem").write_bytes(key.as_pem(private=True))
        (folder / "keys.json").write_text(json.dumps(public_keys(self._keys)))
        for service in ("accounts", "integrations"):
            (folder / f"{service}.key").write_text("k" * 40)
        self.verify = Verifier.from_file(str(folder / "keys.json"))
        self._gateway = RpcClient(amqp_uri, "gateway", Signer("gateway", self._keys["gateway"]))
        self._clients = {"gateway": self._gateway}

    def ask(self, command: Command, payload: dict[str, Any], actor: Actor, **options: Any) -> Any:
        """As the gateway asks for a person, or (`system`) as media asks for itself."""
        kind = "media" if actor.kind == "system" else "gateway"
        if kind not in self._clients:
            self._clients[kind] = RpcClient(self.amqp_uri, kind, Signer(kind, self._keys[kind]))
        return self._clients[kind].call(command, payload, actor, **options)

    def environment(self, kind: str, health_port: int, **more: str) -> dict[str, str]:
        """The settings of one process."""
        return {
            **os.environ,
            "PYTHONPATH": str(ROOT),
            "AMQP_URI": self.amqp_uri,
            "MONGO_URI": self.mongo_uri,
            "DATABASE_PREFIX": self.database_prefix,
            "ACTOR_PRIVATE_KEY": str(self._folder / f"{kind}.pem"),
            "ACTOR_PUBLIC_KEYS": str(self._folder / "keys.json"),
            "HEALTH_PORT": str(health_port),
            "ACCOUNTS_KEY": str(self._folder / "accounts.key"),
            "INTEGRATIONS_KEY": str(self._folder / "integrations.key"),
            # where tests receive
            "WEBHOOKS_INSIDE": "127.0.0.0/8",
            "ENVIRONMENT": "test",
            **more,
        }

    @contextmanager
    def running(self, module: str, kind: str, **more: str) -> Iterator[subprocess.Popen[bytes]]:
        """One process, ready; `module` as in `python -m`, with its arguments."""
        port = free_port()
        log_path = self._folder / f"{kind}-{port}.log"
        with log_path.open("wb") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", *module.split()],
                cwd=ROOT,
                env=self.environment(kind, port, **more),
                stdout=log,
                stderr=log,
            )
        try:
            eventually(lambda: _ready(port, process, log_path), what=f"{module} is ready, see {log_path}", seconds=90)
            yield process
        finally:
            process.terminate()
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()

    def migrate(self, service: str) -> None:
        """Make the service's indexes."""
        command = [sys.executable, "-m", f"services.{service}", "migrate"]
        subprocess.run(command, cwd=ROOT, env=self.environment(service, 0), check=True, capture_output=True)

    def close(self) -> None:
        """Close what the test itself has opened."""
        for client in self._clients.values():
            client.stop()


def _ready(port: int, process: subprocess.Popen[bytes], log_path: Path) -> bool:
    ended = process.poll()
    assert ended is None, f"it ended with status {ended}: {log_path.read_text()[-3000:]}"
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=2) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False


class Neighbours:
    """Answers, in a thread, the commands of services that are not under test; keeps what was asked, in order."""

    def __init__(self, amqp_uri: str, verify: Verifier) -> None:
        self.asked: list[tuple[str, dict[str, Any], Actor]] = []
        # by the command's id, which is how a service knows that it is asked for the same thing again
        self.wishes: dict[str, tuple[str, dict[str, Any]]] = {}
        self._verify = verify
        self._replies: dict[str, Reply] = {}
        self._connection = _connect(amqp_uri)
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def answer(self, command: Command, reply: Reply, service: str | None = None) -> None:
        """`reply(payload, actor)` returns the reply or raises a contract error. All before `start`."""
        self._replies[f"{service or command.service}.{command.method}"] = reply

    def start(self) -> None:
        """Declare and consume."""
        channel = self._connection.channel()
        channel.exchange_declare(rpc.EXCHANGE, "topic", durable=True, auto_delete=False)
        for service in {key.partition(".")[0] for key in self._replies}:
            queue = f"rpc-{service}"
            channel.queue_declare(queue, durable=True, auto_delete=False)
            channel.queue_bind(queue, rpc.EXCHANGE, f"{service}.*")
            channel.basic_consume(queue, no_ack=True, callback=self._on_request)
        self._channel = channel
        self._thread.start()

    def methods(self) -> list[str]:
        """What was asked so far, as `service.method`."""
        return [name for name, _, _ in self.asked]

    def stop(self) -> None:
        """Answer no more."""
        self._stopping.set()
        self._thread.join(5)
        self._connection.close()

    def _run(self) -> None:
        while not self._stopping.is_set():
            try:
                self._connection.drain_events(timeout=0.1)
            except TimeoutError:
                continue

    def _on_request(self, message: amqp.Message) -> None:
        key = message.delivery_info["routing_key"]
        payload, actor = json.loads(message.body)["kwargs"], self._verify(message.headers[rpc.ACTOR])
        self.asked.append((key, payload, actor))
        self.wishes.setdefault(str(message.headers[rpc.COMMAND_ID]), (key, payload))
        try:
            body = {"result": self._replies[key](payload, actor), "error": None}
        except Refused as refusal:
            body = {"result": None, "error": rpc.error_on_wire(refusal)}
        properties = message.properties
        reply = amqp.Message(
            json.dumps(body), content_type="application/json", correlation_id=properties["correlation_id"]
        )
        self._channel.basic_publish(reply, rpc.EXCHANGE, properties["reply_to"])


class Events:
    """Says events as another service would, and hears what the service under test says."""

    def __init__(self, amqp_uri: str, heard_from: str) -> None:
        self._connection = _connect(amqp_uri)
        self._channel = self._connection.channel()
        self._channel.exchange_declare(exchange_name(heard_from), "topic", durable=True, auto_delete=False)
        self._queue = self._channel.queue_declare("", exclusive=True).queue
        self._channel.queue_bind(self._queue, exchange_name(heard_from), "#")
        self._heard: list[dict[str, Any]] = []
        self._said: dict[str, int] = {}

    def say(self, source: str, kind: str, subject: str, organisation_id: str, data: dict[str, Any]) -> None:
        """One event, numbered per subject."""
        self._said[subject] = self._said.get(subject, 0) + 1
        envelope = {
            "specversion": "1.0",
            "id": new_id(),
            "source": f"/{source}",
            "type": kind,
            "subject": subject,
            "time": now().isoformat(),
            "datacontenttype": "application/json",
            "organisationid": organisation_id,
            "sequence": sequence_text(self._said[subject]),
            "data": data,
        }
        self.publish(exchange_name(source), kind, envelope)

    def publish(self, exchange: str, key: str, body: dict[str, Any]) -> None:
        """One message as it is."""
        self._channel.exchange_declare(exchange, "topic", durable=True, auto_delete=False)
        message = amqp.Message(json.dumps(body), content_type="application/json", delivery_mode=2)
        self._channel.basic_publish(message, exchange, key)

    def heard(self) -> list[dict[str, Any]]:
        """Every event that the service has said so far, oldest first; one that was said again is heard once."""
        known = {event["id"] for event in self._heard}
        while message := self._channel.basic_get(self._queue, no_ack=True):
            event = json.loads(message.body)
            if event["id"] not in known:
                known.add(event["id"])
                self._heard.append(event)
        return self._heard

    def types(self, subject: str | None = None) -> list[str]:
        """The types of what was heard, of one subject or of all."""
        return [event["type"] for event in self.heard() if subject in {None, event["subject"]}]

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()


def _connect(uri: str) -> amqp.Connection:
    connection = amqp.Connection(**parse_uri(uri))
    connection.connect()
    return connection
