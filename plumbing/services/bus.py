"""The one connection by which a service process takes requests and events and sends replies.

nameko's own consumers open a connection for each handler and a producer for each reply, and pause for up to 30 s after the
broker was away; this extension stands in for them. The wire is nameko's.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import amqp
import eventlet
import structlog
from nameko.extensions import SharedExtension

from plumbing import wire
from plumbing.amqp import Connection, Link, LinkDown
from plumbing.rpc import EXCHANGE
from plumbing.services import runtime
from plumbing.services.reply import refusal_on_wire, reply_message

log = structlog.get_logger()

REQUESTS_AT_ONCE = 64
FINISH_SECONDS = 10.0


@dataclass(frozen=True)
class Intake:
    """One queue that is consumed: how it is declared, how many deliveries may be open, and who takes them.

    `take` runs in the reading greenlet: it must not block.
    """

    queue: str
    declare: Callable[[amqp.Channel], None]
    at_once: int
    take: Callable[[amqp.Message], None]


class Bus(SharedExtension):
    """Shared by all entrypoints of a container."""

    def __init__(self) -> None:
        self._methods: dict[str, Callable[[amqp.Message], None]] = {}
        self._intakes: list[Intake] = []
        self._channels: list[tuple[amqp.Channel, str]] = []
        self._link: Link | None = None
        self._stopping = False
        self._open: set[int] = set()
        super().__init__()

    def answer(self, method: str, take: Callable[[amqp.Message], None]) -> None:
        """Give requests for `method` to `take`."""
        self._methods[method] = take

    def consume(self, intake: Intake) -> None:
        """Consume one more queue."""
        self._intakes.append(intake)

    @property
    def up(self) -> bool:
        """Whether it is consuming at the moment."""
        return self._link is not None and self._link.up.is_set()

    def start(self) -> None:
        """Connect and consume; what comes is handled from now on."""
        current = runtime.current()
        if self._methods:
            service = self.container.service_name
            declare = _declare_requests(service)
            self._intakes.append(Intake(f"rpc-{service}", declare, REQUESTS_AT_ONCE, self._take_request))
        self._link = Link(current.settings.amqp_uri, f"{current.name} takes", self._prepare, soon=eventlet.spawn_n)
        self._link.start()

    def cancel(self) -> None:
        """Take nothing new; what is open goes on."""
        if self._stopping or self._link is None:
            return
        self._stopping = True
        try:
            with self._link.writing():
                for channel, tag in self._channels:
                    channel.basic_cancel(tag, nowait=True)
        except LinkDown:
            pass

    def finish(self) -> None:
        """Take nothing new, and wait until what was taken is settled; for at most as long as a stop may last."""
        self.cancel()
        with eventlet.Timeout(FINISH_SECONDS, False):
            while self._open:
                eventlet.sleep(0.01)

    def stop(self) -> None:
        """Close the connection; what was not acknowledged goes to others."""
        self.cancel()
        if self._link is not None:
            self._link.stop()

    def acknowledge(self, message: amqp.Message, reply: wire.Content | None = None, reply_to: str = "") -> None:
        """Take a delivery off its queue, after sending the reply if there is one.

        Does nothing where the connection by which it came is gone: the broker has given it to somebody else.
        """

        def send(channel: amqp.Channel) -> None:
            if reply is not None:
                wire.publish(channel, reply, EXCHANGE, reply_to)
            wire.acknowledge(channel, message.delivery_tag)

        self._on_channel(message, send)

    def reject(self, message: amqp.Message) -> None:
        """Send a delivery where its queue's dead letters go."""
        self._on_channel(message, lambda channel: channel.basic_reject(message.delivery_tag, requeue=False))

    def _on_channel(self, message: amqp.Message, act: Callable[[amqp.Channel], Any]) -> None:
        self._open.discard(id(message))
        channel = message.channel
        if self._link is None or channel is None or channel.connection is None:
            return
        try:
            with self._link.writing():
                if channel.connection is not None:
                    act(channel)
        except LinkDown:
            pass

    def _prepare(self, connection: Connection) -> None:
        channels = []
        for intake in self._intakes:
            channel = connection.channel()
            intake.declare(channel)
            channel.basic_qos(0, intake.at_once, False)
            channels.append((channel, channel.basic_consume(intake.queue, callback=self._taking(intake.take))))
        self._channels = channels

    def _taking(self, take: Callable[[amqp.Message], None]) -> Callable[[amqp.Message], None]:
        def taken(message: amqp.Message) -> None:
            if self._stopping:
                return  # it goes back to its queue when the connection closes
            self._open.add(id(message))
            try:
                take(message)
            except Exception:
                log.exception("delivery not understood", queue=message.delivery_info["routing_key"])
                self.reject(message)

        return taken

    def _take_request(self, message: amqp.Message) -> None:
        method = message.delivery_info["routing_key"].partition(".")[2]
        take = self._methods.get(method)
        if take is None:
            self._refuse_unknown(message, method)
        else:
            take(message)

    def _refuse_unknown(self, message: amqp.Message, method: str) -> None:
        error = {
            "exc_type": "MethodNotFound",
            "exc_path": "nameko.exceptions.MethodNotFound",
            "exc_args": [method],
            "value": method,
        }
        reply_to = message.properties.get("reply_to")
        answer = reply_message(message, refusal_on_wire(error)) if reply_to else None
        self.acknowledge(message, answer, reply_to or "")


def _declare_requests(service: str) -> Callable[[amqp.Channel], None]:
    def declare(channel: amqp.Channel) -> None:
        queue = f"rpc-{service}"
        channel.exchange_declare(EXCHANGE, "topic", durable=True, auto_delete=False)
        channel.queue_declare(queue, durable=True, auto_delete=False)
        channel.queue_bind(queue, EXCHANGE, f"{service}.*")

    return declare
