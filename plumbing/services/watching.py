"""`@watches(exchange, kinds)`: a method that is shown passing reports, each at most once, in no order, and none that is old.

For what is said again anyway (a node that lives says so every second): nothing is stored, retried or parked. What must not
be lost is an event, and `@hears` is for that.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import amqp
import structlog
from marshmallow import Schema, ValidationError
from nameko.exceptions import ContainerBeingKilled
from nameko.extensions import Entrypoint

from plumbing import traces
from plumbing.services.bus import Bus, Intake

log = structlog.get_logger()

REPORTS_AT_ONCE = 16
GOOD_FOR_MS = 3_000
_MOST_KEPT = 10_000
# the queue goes when no replica has watched for this long
_OUTLIVES_SERVICE_MS = 600_000


@dataclass(frozen=True)
class Reported:
    """One report: its routing key, and its body as its schema loads it."""

    type: str
    data: dict[str, Any]


class Watches(Entrypoint):
    """The entrypoint behind `@watches`. The replicas of a service share one queue, named like those of events."""

    bus = Bus()

    def __init__(self, exchange: str, kinds: Mapping[str, type[Schema]]) -> None:
        self._exchange = exchange
        self._kinds = {key: schema() for key, schema in kinds.items()}
        super().__init__()

    def queue_of(self, service: str, method: str) -> str:
        """Return the name of the queue that the replicas share."""
        return f"evt-{self._exchange.removesuffix('.events')}--{service}.{method}"

    def setup(self) -> None:
        """Consume the shared queue."""
        queue = self.queue_of(self.container.service_name, self.method_name)
        self.bus.consume(Intake(queue, lambda channel: self._declare(channel, queue), REPORTS_AT_ONCE, self._take))

    def stop(self) -> None:
        """Take no more, and finish what was taken."""
        self.bus.finish()

    def _declare(self, channel: amqp.Channel, queue: str) -> None:
        channel.exchange_declare(self._exchange, "topic", durable=True, auto_delete=False)
        limits = {"x-message-ttl": GOOD_FOR_MS, "x-max-length": _MOST_KEPT, "x-expires": _OUTLIVES_SERVICE_MS}
        channel.queue_declare(queue, durable=True, auto_delete=False, arguments=limits)
        for key in self._kinds:
            channel.queue_bind(queue, self._exchange, key)

    def _take(self, message: amqp.Message) -> None:
        """In the reading greenlet: whatever needs no waiting."""
        kind = message.delivery_info["routing_key"]
        try:
            report = Reported(kind, self._kinds[kind].load(json.loads(message.body)))
        except (KeyError, ValueError, ValidationError) as error:
            log.warning("report not understood", exchange=self._exchange, kind=kind, error=type(error).__name__)
            self.bus.acknowledge(message)
            return
        traces.begin()

        def done(_worker_ctx: Any, result: Any, exc_info: Any) -> tuple[Any, Any]:
            if exc_info is not None:
                log.error("report not followed", kind=kind, method=self.method_name, exc_info=exc_info)
            self.bus.acknowledge(message)
            return result, None

        try:
            self.container.spawn_worker(self, (report,), {}, handle_result=done)
        except ContainerBeingKilled:
            return  # not acknowledged: another replica gets it


watches = Watches.decorator
