"""A node as a process of its own on a real RabbitMQ: called by the multiplexed client, heard through its signals and reports."""

import asyncio
import json
import os
import signal
import subprocess
import sys
import threading
import time
import uuid
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import amqp
import pytest

from contracts import media_node
from contracts.actor import Actor, system
from contracts.errors import Forbidden, Invalid, NotFound, NotSignedIn, Unavailable
from deploy.secrets import make_secrets
from plumbing.actor import Signer
from plumbing.rpc import RpcClient
from tests.media.participants import Participant, only_loopback, until
from tests.patience import eventually

ROOT = Path(__file__).resolve().parents[2]
CALL, ORGANISATION, ANNA, BEN = (str(uuid.uuid4()) for _ in range(4))
SERVICE = media_node.service_name("test-1")
GUEST = Actor(kind="guest", id=str(uuid.uuid4()), organisation_id=ORGANISATION)


class Ear(threading.Thread):
    """Keeps what is published on an exchange."""

    def __init__(self, uri: str, exchange: str) -> None:
        super().__init__(daemon=True)
        parts = urlsplit(uri)
        self._connection = amqp.Connection(
            f"{parts.hostname}:{parts.port}",
            unquote(parts.username or ""),
            unquote(parts.password or ""),
            virtual_host=unquote(parts.path[1:]),
        )
        self._connection.connect()
        channel = self._connection.channel()
        channel.exchange_declare(exchange, "topic", durable=True, auto_delete=False)
        queue = channel.queue_declare("", exclusive=True).queue
        channel.queue_bind(queue, exchange, "#")
        channel.basic_consume(queue, no_ack=True, callback=self._heard)
        self.heard: list[tuple[str, Any]] = []
        self._stopped = threading.Event()

    def _heard(self, message: amqp.Message) -> None:
        self.heard.append((message.delivery_info["routing_key"], json.loads(message.body)))

    def run(self) -> None:
        while not self._stopped.is_set():
            try:
                self._connection.drain_events(timeout=0.1)
            except TimeoutError:
                continue
            except OSError:
                return

    def stop(self) -> None:
        self._stopped.set()
        self.join()
        self._connection.close()

    def routing_keys(self) -> list[str]:
        return [key for key, _ in self.heard]


@dataclass
class Outside:
    """What the rest of Housecall has of the node: calls as media and as the gateway, and what it says."""

    process: subprocess.Popen[bytes]
    media: RpcClient
    gateway: RpcClient
    signals: Ear
    reports: Ear
    participants: dict[str, Participant] = field(default_factory=dict)

    def tell(self, command, **payload):
        return self.media.call(command, payload, system("media"), service=SERVICE)

    def ask(self, command, **payload):
        return self.gateway.call(command, payload, GUEST, service=SERVICE)


@pytest.fixture(params=["native", "python"])
def node(request, amqp_uri, tmp_path):
    make_secrets(tmp_path)
    environment = {
        **os.environ, "PYTHONPATH": str(ROOT), "AMQP_URI": amqp_uri, "NODE_ID": "test-1", "NODE_HOST": "127.0.0.1",
        "ACTOR_PUBLIC_KEYS": str(tmp_path / "media_node" / "actors.json"), "NODE_NATIVE": request.param, "ENVIRONMENT": "test",
    }  # fmt: skip
    signals, reports = Ear(amqp_uri, media_node.SIGNALS_EXCHANGE), Ear(amqp_uri, media_node.REPORTS_EXCHANGE)
    signals.start()
    reports.start()
    process = subprocess.Popen([sys.executable, "-m", "services.media.node"], cwd=ROOT, env=environment)
    media = RpcClient(amqp_uri, "media", Signer.from_file("media", str(tmp_path / "media" / "actor.pem")))
    gateway = RpcClient(amqp_uri, "gateway", Signer.from_file("gateway", str(tmp_path / "gateway" / "actor.pem")))
    try:
        eventually(lambda: "node.alive" in reports.routing_keys(), what="the node is alive")
        yield Outside(process, media, gateway, signals, reports)
    finally:
        process.terminate()
        process.wait(10)
        for each in (media, gateway, signals, reports):
            each.stop()


class OverTheBus:
    """What `Participant` uses of a node in the same process, done over the bus as gateway and media do it."""

    def __init__(self, outside: Outside) -> None:
        self.calls = self
        self.participants: dict[str, Participant] = {}
        self._outside = outside
        self._said = 0

    async def publish(self, call_id, participant_id, sdp, sources):
        tracks = [{"mid": mid, "source": source} for mid, source in sources.items()]
        return (await self._ask(media_node.PUBLISH, participant_id, sdp=sdp, tracks=tracks))["sdp"]

    def subscribe(self, call_id, participant_id):
        self._outside.ask(media_node.SUBSCRIBE, call_id=CALL, participant_id=participant_id)

    async def answer(self, call_id, participant_id, offer_id, sdp):
        await self._ask(media_node.ANSWER, participant_id, offer_id=offer_id, sdp=sdp)

    def seat(self, call_id, participant_id):
        self._outside.tell(media_node.SEAT, call_id=CALL, participant_id=participant_id)

    async def _ask(self, command, participant_id, **payload):
        return await asyncio.to_thread(
            self._outside.ask, command, call_id=CALL, participant_id=participant_id, **payload
        )

    def pass_on_signals(self) -> bool:
        """As a live worker does: each signal to the browser whose it is."""
        heard = self._outside.signals.heard
        while self._said < len(heard):
            key, body = heard[self._said]
            self._said += 1
            if key in self.participants:
                self.participants[key].hear(body)
        return True


def test_a_call_is_held_over_the_bus_alone(node, monkeypatch):
    only_loopback(monkeypatch)
    assert node.tell(media_node.OPEN_CALL, call_id=CALL, organisation_id=ORGANISATION) == {"ok": True}

    async def call():
        bus = OverTheBus(node)
        anna, ben = [await Participant(bus, name).join() for name in (ANNA, BEN)]
        both = lambda: bus.pass_on_signals() and anna.numbers(BEN, "camera") and ben.numbers(ANNA, "microphone")  # noqa: E731
        await until(both, 15, "each hears the other")
        report = await asyncio.to_thread(node.tell, media_node.REPORT)
        assert report["calls"][CALL]["participants"][ANNA]["receives"][0]["packets"] > 0
        assert report["node"]["sent"] > 0
        await until(lambda: node.reports.routing_keys().count("seat.first_packet") == 2)
        await asyncio.to_thread(node.tell, media_node.CLOSE_CALL, call_id=CALL)
        await until(lambda: [body["type"] for _, body in node.signals.heard].count("closed") == 2)
        for participant in (anna, ben):
            await participant.stop()

    asyncio.run(asyncio.wait_for(call(), 30))
    alive = [body for key, body in node.reports.heard if key == "node.alive"][-1]
    assert alive.keys() == {
        "node_id",
        "started_at",
        "calls",
        "participants",
        "packets_per_second",
        "cpu",
        "capacity",
        "draining",
    }


def test_who_may_not_is_refused_by_name(node, amqp_uri):
    with pytest.raises(Forbidden):
        node.ask(media_node.OPEN_CALL, call_id=CALL, organisation_id=ORGANISATION)
    with pytest.raises(Forbidden):
        node.tell(media_node.SUBSCRIBE, call_id=CALL, participant_id=ANNA)
    nobody = RpcClient(amqp_uri, "nobody", lambda actor: "not.a.token")
    with pytest.raises(NotSignedIn):
        nobody.call(media_node.REPORT, {}, system("media"), service=SERVICE)
    nobody.stop()


def test_what_does_not_fit_is_refused_and_the_node_lives(node):
    with pytest.raises(Invalid) as refused:
        node.tell(media_node.OPEN_CALL, call_id="x")
    assert {each["pointer"] for each in refused.value.extra["errors"]} == {"/call_id", "/organisation_id"}
    with pytest.raises(NotFound):
        node.tell(media_node.SEAT, call_id=CALL, participant_id=ANNA)
    node.tell(media_node.OPEN_CALL, call_id=CALL, organisation_id=ORGANISATION)
    with pytest.raises(NotFound):
        node.tell(media_node.HOLD, call_id=CALL, participant_id=ANNA)
    for sdp in (
        "nonsense",
        "v=0\r\nm=audio 9 UDP/TLS/RTP/SAVPF 0\r\na=fingerprint:sha-256 AA\r\n",
        "m=application 9 x y\r\na=fingerprint:x",
    ):
        with pytest.raises(Invalid):
            node.ask(media_node.PUBLISH, call_id=CALL, participant_id=ANNA, sdp=sdp, tracks=[])
    assert node.tell(media_node.SEAT, call_id=CALL, participant_id=ANNA) == {"ok": True}
    assert node.tell(media_node.SEAT, call_id=CALL, participant_id=ANNA) == {"ok": True}


def test_a_call_whose_deadline_has_passed_is_not_carried_out(node, monkeypatch):
    node.tell(media_node.OPEN_CALL, call_id=CALL, organisation_id=ORGANISATION)
    with monkeypatch.context() as late:
        late.setattr("plumbing.rpc.time.time", lambda now=time.time: now() - 60)
        with pytest.raises((Unavailable, NotSignedIn)):
            node.tell(media_node.SEAT, call_id=CALL, participant_id=ANNA)
    assert node.tell(media_node.REPORT)["calls"][CALL]["participants"] == {}
    with pytest.raises(NotFound):
        node.tell(media_node.HOLD, call_id=CALL, participant_id=ANNA)


def test_a_node_that_is_stopped_says_so_and_ends_well(node):
    node.process.send_signal(signal.SIGTERM)
    assert node.process.wait(10) == 0
    eventually(lambda: "node.stopped" in node.reports.routing_keys())


def test_a_node_without_its_settings_says_which_in_one_sentence():
    bare = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, "-m", "services.media.node"], cwd=ROOT, env=bare, capture_output=True, text=True, check=False
    )
    assert done.returncode == 2
    assert done.stderr.startswith("AMQP_URI is needed")
    assert done.stderr.count("\n") == 1
