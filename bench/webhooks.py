"""webhooks.p50 and webhooks.p99: from an event to the request at a receiver, at 50 events a second to one webhook, by one process.

The event is published as a service publishes it, with the moment of its change as `time`; the receiver is on the same machine.
Beside it the same bodies are posted by a bare loop at the same pace.
"""

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import amqp
import requests

from bench.row import Row, at_most, compared, main
from bench.stack import Running, running
from contracts import webhooks
from contracts.actor import Actor
from contracts.events import exchange_name, sequence_text
from contracts.fields import instant_text
from plumbing import clock
from plumbing.actor import GATEWAY, Signer
from plumbing.amqp import parse_uri
from plumbing.ids import new_id
from plumbing.rpc import RpcClient

EVENTS, PER_SECOND, WARM_UP = 500, 50.0, 50
MOST_SECONDS = 120.0
GOALS = {50: 60.0, 99: 250.0}


def measure() -> list[Row]:
    """Milliseconds."""
    with running("integrations", organisation=False) as where, _receiver() as (url, took):
        owner = Actor("member", new_id(), new_id(), roles=("owner",), name="Olive Owner")
        _subscribe(where, owner, url)
        say = _speaker(where, str(owner.organisation_id))
        _pace(WARM_UP, say)
        _until(took, WARM_UP)
        took.clear()
        _pace(EVENTS, say)
        ours = _until(took, EVENTS)
        took.clear()
        session = requests.Session()
        _pace(EVENTS, lambda: session.post(url, data=json.dumps(_event(str(owner.organisation_id), 1)), timeout=10))
        bare = _until(took, EVENTS)
    return [_row(percent, ours, bare) for percent in GOALS]


def _row(percent: int, ours: list[float], bare: list[float]) -> Row:
    value, floor = (sorted(each)[len(each) * percent // 100] for each in (ours, bare))
    row = compared(f"webhooks.p{percent}", value, "ms", "bare loop", floor, at_most(GOALS[percent]))
    words, met = at_most(GOALS[percent])(value)
    return Row(row.id, row.value, row.unit, row.beside, row.ratio, f"{words} ms", met)


def _event(organisation_id: str, number: int) -> dict[str, Any]:
    room_id = new_id()
    return {
        "specversion": "1.0", "id": new_id(), "source": "/rooms", "type": "room.renamed", "subject": f"room/{room_id}",
        "time": instant_text(clock.now()), "datacontenttype": "application/json", "organisationid": organisation_id,
        "sequence": sequence_text(number), "data": {"room_id": room_id},
    }  # fmt: skip


def _speaker(where: Running, organisation_id: str) -> Callable[[], None]:
    connection = amqp.Connection(**parse_uri(where.amqp_uri))
    connection.connect()
    channel = connection.channel()

    def say() -> None:
        event = _event(organisation_id, 1)
        message = amqp.Message(json.dumps(event), content_type="application/json", delivery_mode=2)
        channel.basic_publish(message, exchange_name("rooms"), event["type"])

    return say


def _subscribe(where: Running, owner: Actor, url: str) -> None:
    settings = where.settings(GATEWAY)
    client = RpcClient(settings["AMQP_URI"], "gateway", Signer.from_file(GATEWAY, settings["ACTOR_PRIVATE_KEY"]))
    client.start()
    client.call(webhooks.CREATE_WEBHOOK, {"url": url, "types": ["room.*"]}, owner, timeout=20.0)
    client.stop()


def _pace(count: int, do: Callable[[], object]) -> None:
    began = time.monotonic()
    for number in range(count):
        time.sleep(max(0.0, began + number / PER_SECOND - time.monotonic()))
        do()


def _until(took: list[float], count: int) -> list[float]:
    give_up = time.monotonic() + MOST_SECONDS
    while len(took) < count:
        if time.monotonic() > give_up:
            raise RuntimeError(f"only {len(took)} of {count} came in {MOST_SECONDS:.0f} s")
        time.sleep(0.05)
    return list(took)


@contextmanager
def _receiver() -> Iterator[tuple[str, list[float]]]:
    """Its address, and how old each event was when it came, in milliseconds."""
    took: list[float] = []

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            event = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            took.append((clock.now() - datetime.fromisoformat(event["time"])).total_seconds() * 1000)
            self.send_response(204)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            """Not to the table."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}/hook", took
        finally:
            server.shutdown()


if __name__ == "__main__":
    main(measure)
