"""The queues of a handler of events: the queue itself, `.retry` that gives back after a delay, `.dead` that keeps.

All are quorum queues, and what moves from one to another by itself moves at least once
(https://www.rabbitmq.com/docs/quorum-queues#activating-at-least-once-dead-lettering).
"""

from dataclasses import dataclass
from typing import Any

import amqp

from contracts.events import exchange_name

RETRY_SECONDS = 1.0
_SAFE = {
    "x-queue-type": "quorum",
    "x-dead-letter-exchange": "",
    "x-dead-letter-strategy": "at-least-once",
    "x-overflow": "reject-publish",
}


@dataclass(frozen=True)
class Queues:
    """The queues of `service.handler`, which hears `source`. Another `retry_seconds` needs `.retry` to be removed first."""

    source: str
    service: str
    handler: str
    retry_seconds: float

    @property
    def main(self) -> str:
        """What the service consumes."""
        return f"evt-{self.source}--{self.service}.{self.handler}"

    @property
    def retry(self) -> str:
        """Where rejected events wait."""
        return f"{self.main}.retry"

    @property
    def dead(self) -> str:
        """Where events are put aside that could not be handled."""
        return f"{self.main}.dead"

    def declare(self, channel: amqp.Channel) -> None:
        """Make all of it; safe to repeat."""
        _declare(channel, self.dead, {"x-queue-type": "quorum"})
        delay = {"x-message-ttl": int(self.retry_seconds * 1000)}
        _declare(channel, self.retry, {**_SAFE, **delay, "x-dead-letter-routing-key": self.main})
        _declare(channel, self.main, {**_SAFE, "x-dead-letter-routing-key": self.retry})
        exchange = exchange_name(self.source)
        channel.exchange_declare(exchange, "topic", durable=True, auto_delete=False)
        channel.queue_bind(self.main, exchange, "#")


# declared by whoever tells the audit log, so that what is told before accounts has ever been started is kept too
AUDIT = Queues("audit", "accounts", "on_audit", RETRY_SECONDS)


def rounds(message: amqp.Message, queue: str) -> int:
    """How often a delivery has been rejected from `queue` before."""
    deaths: Any = (message.headers or {}).get("x-death") or ()
    return sum(int(death.get("count", 0)) for death in deaths if death.get("queue") == queue)


def _declare(channel: amqp.Channel, queue: str, arguments: dict[str, Any]) -> None:
    channel.queue_declare(queue, durable=True, auto_delete=False, arguments=arguments)
