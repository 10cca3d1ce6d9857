"""Publishing that is sure: messages leave in order and count when the broker has confirmed all of them."""

import threading
from collections.abc import Callable, Iterable

import amqp

from plumbing.amqp import Connection, Link, LinkDown, Message
from plumbing.outbox import Unconfirmed

_CONFIRM_SECONDS = 10.0


class Publisher:
    """A connection of its own with one channel in confirm mode; one batch at a time.

    `exchanges` are declared (topic, durable) on each connection, so that publishing to them cannot fail; `declare` makes
    whatever else has to be there.
    """

    def __init__(
        self, uri: str, name: str, exchanges: Iterable[str] = (), declare: Callable[[amqp.Channel], None] | None = None
    ) -> None:
        self._exchanges = tuple(exchanges)
        self._declare = declare
        self._link = Link(uri, name, self._prepare, self._forget)
        self._one_batch = threading.Lock()
        self._settled = threading.Condition()
        self._channel: amqp.Channel | None = None
        self._published = 0
        self._open: set[int] = set()
        self._failed = False

    @property
    def up(self) -> threading.Event:
        """Set while connected."""
        return self._link.up

    def start(self) -> None:
        """Begin to connect."""
        self._link.start()

    def stop(self) -> None:
        """Close the connection."""
        self._link.stop()

    def publish(self, messages: list[Message]) -> None:
        """Return when the broker has all of them.

        Raises Unconfirmed when the connection is away or is lost meanwhile: then any of them may have been published, and
        all are to be published again.
        """
        with self._one_batch:
            self._begin(len(messages))
            try:
                with self._link.writing():
                    for message in messages:
                        self._channel_now().basic_publish(message.to_amqp(), message.exchange, message.key)
            except LinkDown as error:
                raise Unconfirmed from error
            with self._settled:
                done = self._settled.wait_for(lambda: self._failed or not self._open, _CONFIRM_SECONDS)
                if self._failed or not done:
                    raise Unconfirmed

    def _begin(self, count: int) -> None:
        with self._settled:
            self._failed = not self._link.up.is_set()
            if self._failed:
                raise Unconfirmed
            self._open = set(range(self._published + 1, self._published + count + 1))
            self._published += count

    def _channel_now(self) -> amqp.Channel:
        if self._channel is None:
            raise Unconfirmed
        return self._channel

    def _prepare(self, connection: Connection) -> None:
        channel = connection.channel()
        for exchange in self._exchanges:
            channel.exchange_declare(exchange, "topic", durable=True, auto_delete=False)
        if self._declare:
            self._declare(channel)
        channel.confirm_select()
        channel.events["basic_ack"].add(self._on_ack)
        channel.events["basic_nack"].add(self._on_nack)
        with self._settled:
            self._published = 0
            self._open = set()
            self._channel = channel

    def _forget(self) -> None:
        with self._settled:
            self._channel = None
            self._failed = True
            self._settled.notify_all()

    def _on_ack(self, tag: int, multiple: bool) -> None:
        with self._settled:
            self._open = {one for one in self._open if one > tag} if multiple else self._open - {tag}
            if not self._open:
                self._settled.notify_all()

    def _on_nack(self, _tag: int, _multiple: bool) -> None:
        with self._settled:
            self._failed = True
            self._settled.notify_all()
