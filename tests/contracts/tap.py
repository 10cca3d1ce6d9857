"""Listens on the bus of a running stack: every event, every report of nodes, every command with its reply."""

import base64
import json
import threading
from typing import Any

import amqp

from contracts import catalogue
from contracts.events import exchange_name
from contracts.media_node import REPORTS_EXCHANGE
from plumbing import rpc
from plumbing.amqp import parse_uri
from tests.contracts.scrub import scrubbed
from tests.contracts.shapes import Shape, every_shape, fields_of

_NODE = "media_node_"


class Tap:
    """Keeps, of each shape, the message that says most. Only commands that were carried out count."""

    def __init__(self, amqp_uri: str) -> None:
        self.kept: dict[Shape, dict[str, Any]] = {}
        self._shapes = {str(shape): shape for shape in every_shape()}
        self._asked: dict[tuple[str, str], tuple[str, dict[str, Any]]] = {}
        self._connection = amqp.Connection(**parse_uri(amqp_uri))
        self._connection.connect()
        self._channel = channel = self._connection.channel()
        queue = channel.queue_declare("", exclusive=True).queue
        for exchange in (rpc.EXCHANGE, REPORTS_EXCHANGE, *map(exchange_name, catalogue.SERVICES)):
            channel.exchange_declare(exchange, "topic", durable=True, auto_delete=False)
            channel.queue_bind(queue, exchange, "#")
        channel.basic_consume(queue, no_ack=True, callback=self._take)
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._listen, daemon=True)
        self._thread.start()

    def missing(self) -> list[str]:
        """The shapes of which nothing was heard yet."""
        return [name for name, shape in self._shapes.items() if shape not in self.kept]

    def close(self) -> None:
        """Listen no more."""
        self._stopping.set()
        self._thread.join(5)
        self._connection.close()

    def _listen(self) -> None:
        while not self._stopping.is_set():
            try:
                self._connection.drain_events(timeout=0.2)
            except TimeoutError:
                continue

    def _take(self, message: amqp.Message) -> None:
        exchange, key = message.delivery_info["exchange"], message.delivery_info["routing_key"]
        body = json.loads(message.body)
        if exchange == REPORTS_EXCHANGE:
            self._keep(f"media_node/event.{key}", body)
        elif exchange != rpc.EXCHANGE:
            self._keep(f"{exchange.removesuffix('.events')}/event.{key}", body)
        elif "kwargs" in body:
            service, _, method = key.partition(".")
            speaker = "media_node" if service.startswith(_NODE) else service
            asked = {"actor": _claims(message.headers[rpc.ACTOR]), "body": body}
            properties = message.properties
            self._asked[properties["reply_to"], properties["correlation_id"]] = f"{speaker}/command.{method}", asked
        else:
            self._answered(key, message.properties["correlation_id"], body)

    def _answered(self, reply_to: str, number: str, reply: dict[str, Any]) -> None:
        name, asked = self._asked.pop((reply_to, number), ("", {}))
        if name and not reply["error"]:
            self._keep(f"{name}.request", asked)
            self._keep(f"{name}.reply", reply)

    def _keep(self, name: str, message: dict[str, Any]) -> None:
        shape = self._shapes.get(name)
        if shape is None:
            return
        known = self.kept.get(shape)
        if known is None or len(fields_of(shape.content(message))) > len(fields_of(shape.content(known))):
            self.kept[shape] = scrubbed(message)


def _claims(token: str) -> dict[str, Any]:
    """Who asked, without the signature: a recording must not be able to speak for anybody."""
    payload = token.split(".")[1]
    claims = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    actor: dict[str, Any] = claims["actor"]
    return actor
