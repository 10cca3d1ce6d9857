"""What a gateway process hears: one exclusive queue for events and signals, made anew on each connection to the broker.

What is said while the broker is away is missed; `on_up` is told each time it is back, so that screens can be read afresh.
"""

import json
import uuid
from collections.abc import Callable
from typing import Any

import amqp
import structlog

from contracts.events import exchange_name
from plumbing.amqp import Connection, Link, LinkDown

log = structlog.get_logger()


class Hearing:
    """Runs `on_event(body)` for every event of `services` whose type is under one of `types`, in the order of arrival.

    Callbacks run in the reading thread and must not wait for anything.
    """

    def __init__(
        self,
        uri: str,
        name: str,
        services: tuple[str, ...],
        on_event: Callable[[dict[str, Any]], None],
        types: tuple[str, ...] = ("#",),
        on_up: Callable[[], None] = lambda: None,
    ) -> None:
        self._name = name
        self._services = services
        self._types = types
        self._on_event = on_event
        self._on_up = on_up
        self._link = Link(uri, f"{name} hears", self._prepare)

    @property
    def up(self) -> Any:
        """Set while the broker is there and the queue is bound."""
        return self._link.up

    def start(self) -> None:
        self._link.start()

    def stop(self) -> None:
        self._link.stop()

    def _prepare(self, connection: Connection) -> None:
        channel = connection.channel()
        queue = f"live-{self._name}-{uuid.uuid4()}"
        channel.queue_declare(queue, durable=False, exclusive=True, auto_delete=True)
        for service in self._services:
            exchange = exchange_name(service)
            channel.exchange_declare(exchange, "topic", durable=True, auto_delete=False)
            for pattern in self._types:
                channel.queue_bind(queue, exchange, pattern)
        channel.basic_consume(queue, no_ack=True, callback=lambda message: _pass_on(message, self._on_event))
        self._on_up()


class Signals:
    """Runs `on_signal(key, body)` for what is said on a topic exchange under the keys that are listened to at the moment."""

    def __init__(self, uri: str, name: str, exchange: str, on_signal: Callable[[str, dict[str, Any]], None]) -> None:
        self._name = name
        self._exchange = exchange
        self._on_signal = on_signal
        self._keys: set[str] = set()
        self._queue = ""
        self._channel: amqp.Channel | None = None
        self._link = Link(uri, f"{name} signals", self._prepare, self._forget)

    @property
    def up(self) -> Any:
        """Set while the broker is there."""
        return self._link.up

    def start(self) -> None:
        self._link.start()

    def stop(self) -> None:
        self._link.stop()

    def listen_to(self, key: str) -> None:
        """From now on; while the broker is away, from its return on."""
        self._keys.add(key)
        self._tell(lambda channel: channel.queue_bind(self._queue, self._exchange, key, nowait=True))

    def leave(self, key: str) -> None:
        self._keys.discard(key)
        self._tell(lambda channel: channel.queue_unbind(self._queue, self._exchange, key, nowait=True))

    def _tell(self, what: Callable[[amqp.Channel], Any]) -> None:
        try:
            with self._link.writing():
                if self._channel is not None:
                    what(self._channel)
        except LinkDown:
            return  # the next connection binds what is wanted then

    def _prepare(self, connection: Connection) -> None:
        channel = connection.channel()
        channel.exchange_declare(self._exchange, "topic", durable=True, auto_delete=False)
        self._queue = f"live-{self._name}-signals-{uuid.uuid4()}"
        channel.queue_declare(self._queue, durable=False, exclusive=True, auto_delete=True)
        channel.basic_consume(self._queue, no_ack=True, callback=self._on_message)
        self._channel = channel
        for key in list(self._keys):
            channel.queue_bind(self._queue, self._exchange, key)

    def _forget(self) -> None:
        self._channel = None

    def _on_message(self, message: amqp.Message) -> None:
        key = str(message.delivery_info["routing_key"])
        _pass_on(message, lambda body: self._on_signal(key, body))


def _pass_on(message: amqp.Message, hear: Callable[[dict[str, Any]], None]) -> None:
    """One bad message, or one defect of ours, must not end the hearing."""
    try:
        body = json.loads(message.body)
        if not isinstance(body, dict):
            raise TypeError
        hear(body)
    except Exception:
        log.exception("not heard", exchange=message.delivery_info.get("exchange"))
