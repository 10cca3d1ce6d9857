"""`@hears("accounts")`: a method of a service that hears everything another says: once each, in order per subject.

What fails comes again after a delay, a bounded number of times, and is then put aside in the `.dead` queue, where
`python -m plumbing.services.redrive` gives it back. What comes too early waits here for moments and then by way of `.retry`.
"""

import datetime as dt
import json
import time
from dataclasses import dataclass
from functools import partial
from typing import Any

import amqp
import eventlet
import structlog
from eventlet.event import Event as Signal
from nameko.exceptions import ContainerBeingKilled
from nameko.extensions import Entrypoint
from pymongo.errors import PyMongoError

from contracts.errors import Unavailable
from plumbing import traces
from plumbing.amqp import Message
from plumbing.health import HEARD
from plumbing.heard import Heard
from plumbing.outbox import Unconfirmed
from plumbing.services import runtime
from plumbing.services.bus import Bus, Intake
from plumbing.services.inbox import COLLECTION, LEASE_SECONDS, Held, Inbox, Verdict
from plumbing.services.lanes import FIRST_PAUSE_SECONDS, LONGEST_PAUSE_SECONDS, Lane, Lanes
from plumbing.services.queues import RETRY_SECONDS, Queues, rounds

log = structlog.get_logger()

AT_ONCE = 64
PATIENCE_SECONDS = 0.3
# rounds through .retry: an event of a subject of which nothing was handled yet waits this often for the ones before it
UNSEEN_ROUNDS = 3
# what failed because something else was away is no fault of the event: it is given this many rounds
AWAY_ROUNDS = 600


@dataclass(frozen=True)
class _Delivery:
    message: amqp.Message
    event: Heard
    round: int


class Hears(Entrypoint):
    """The entrypoint behind `@hears`. `retries` tries after the first, `retry_seconds` apart."""

    bus = Bus()

    def __init__(self, source: str, retries: int = 10, retry_seconds: float = RETRY_SECONDS) -> None:
        self.source = source
        self.retries = retries
        self.retry_seconds = retry_seconds
        super().__init__()

    def setup(self) -> None:
        """Consume the handler's queue."""
        self._runtime = current = runtime.current()
        self.queues = Queues(self.source, self.container.service_name, self.method_name, self.retry_seconds)
        self._inbox = Inbox(current.database[COLLECTION], self.method_name, self.retry_seconds * 3 + LEASE_SECONDS)
        self._gap_rounds = 2 * self.retries + 5
        self._lanes: Lanes[_Delivery] = Lanes(self._run_lane, self._spawn)
        self.bus.consume(Intake(self.queues.main, self.queues.declare, AT_ONCE, self._take))

    def stop(self) -> None:
        """Take no more, and finish what was taken."""
        self.bus.finish()

    def _spawn(self, work: Any) -> Any:
        return self.container.spawn_managed_thread(work, identifier=self.queues.main)

    def _take(self, message: amqp.Message) -> None:
        """In the reading greenlet: find its lane."""
        try:
            event = parse(message.body)
        except (ValueError, KeyError, TypeError, AttributeError):
            self._spawn(partial(self._put_aside, message, "Malformed"))
            return
        self._lanes.put(event.subject, event.sequence, _Delivery(message, event, rounds(message, self.queues.main)))

    def _run_lane(self, subject: str, lane: Lane[_Delivery]) -> None:
        """Handle what has its turn, until the lane is empty or its first has waited long enough here."""
        waited_since = time.monotonic()
        pause = FIRST_PAUSE_SECONDS
        while lane:
            delivery = lane.first()
            try:
                found = self._begin(delivery)
            except PyMongoError as error:
                log.warning("inbox away", queue=self.queues.main, error=type(error).__name__)
                self._send_back_all(lane, "away")
                return
            if isinstance(found, Held):
                lane.pop()
                self._handle(delivery, found)
            elif found is Verdict.REPEAT:
                lane.pop()
                self._done(delivery, "repeat")
            elif time.monotonic() - waited_since < PATIENCE_SECONDS:
                lane.wait(pause)
                pause = min(pause * 2, LONGEST_PAUSE_SECONDS)
                continue
            else:
                self._send_back_all(lane, found.value)
                return
            waited_since, pause = time.monotonic(), FIRST_PAUSE_SECONDS

    def _begin(self, delivery: _Delivery) -> Held | Verdict:
        event = delivery.event
        found = self._inbox.begin(event.subject, event.sequence)
        if (found is Verdict.EARLY and delivery.round >= self._gap_rounds) or (
            found is Verdict.UNSEEN and delivery.round >= UNSEEN_ROUNDS
        ):
            found = self._accept_gap(event)
        return found

    def _accept_gap(self, event: Heard) -> Held | Verdict:
        found = self._inbox.begin(event.subject, event.sequence, accept_gap=True)
        if isinstance(found, Held):
            log.warning(
                "gap accepted", queue=self.queues.main, subject=event.subject, last=found.last, sequence=event.sequence
            )
        return found

    def _handle(self, delivery: _Delivery, held: Held) -> None:
        """Run the method and wait for it; then settle, or count the failure."""
        error = self._run(delivery.event, held)
        try:
            if error is None:
                self._inbox.settle(held)
                self._done(delivery, "handled")
            elif self._has_another_try(delivery, held, error):
                self._inbox.fail(held, counts=not _is_away(error))
                self._send_back(delivery, "failed")
            else:
                self._put_aside(delivery.message, type(error).__name__)
                self._inbox.park(held)
        except PyMongoError as problem:
            log.warning("inbox away", queue=self.queues.main, error=type(problem).__name__)
            self._send_back(delivery, "away")

    def _run(self, event: Heard, held: Held) -> BaseException | None:
        done: Any = Signal()

        def finished(_ctx: Any, result: Any, exc_info: Any) -> tuple[Any, Any]:
            done.send(exc_info)
            return None, None

        renewal = eventlet.spawn_after(LEASE_SECONDS / 3, self._renew, held, done)
        context = {traces.HEADER: traces.begin(event.traceparent)}
        try:
            self.container.spawn_worker(self, (event,), {}, context_data=context, handle_result=finished)
            exc_info = done.wait()
        except ContainerBeingKilled:
            return Unavailable()
        finally:
            renewal.cancel()
        if exc_info is None:
            return None
        error: BaseException = exc_info[1]
        log.error(
            "event failed",
            queue=self.queues.main,
            type=event.type,
            subject=event.subject,
            event_id=event.id,
            sequence=event.sequence,
            tries=held.tries,
            exc_info=error,
        )
        return error

    def _renew(self, held: Held, done: Any) -> None:
        while not done.ready():
            try:
                self._inbox.extend(held)
            except PyMongoError as error:
                log.warning("lease not renewed", queue=self.queues.main, error=type(error).__name__)
            eventlet.sleep(LEASE_SECONDS / 3)

    def _has_another_try(self, delivery: _Delivery, held: Held, error: BaseException) -> bool:
        if _is_away(error):
            return delivery.round < AWAY_ROUNDS
        return held.tries < self.retries

    def _done(self, delivery: _Delivery, outcome: str) -> None:
        self.bus.acknowledge(delivery.message)
        HEARD.labels(self.queues.main, outcome).inc()

    def _send_back(self, delivery: _Delivery, outcome: str) -> None:
        self.bus.reject(delivery.message)
        HEARD.labels(self.queues.main, outcome).inc()

    def _send_back_all(self, lane: Lane[_Delivery], outcome: str) -> None:
        while lane:
            self._send_back(lane.pop(), outcome)

    def _put_aside(self, message: amqp.Message, error: str) -> None:
        """Keep it in `.dead` with the error's class as the only thing said about it."""
        body = message.body if isinstance(message.body, bytes) else message.body.encode()
        try:
            self._runtime.publisher.publish([Message("", self.queues.dead, body, {"x-error": error})])
        except Unconfirmed:
            self.bus.reject(message)
            return
        self.bus.acknowledge(message)
        HEARD.labels(self.queues.main, "dead").inc()
        log.error("event put aside", queue=self.queues.dead, error=error)


def parse(body: bytes | str) -> Heard:
    """An envelope (contracts.events) as it is handed to methods. Raises ValueError, KeyError or TypeError for what is none."""
    envelope = json.loads(body)
    subject = str(envelope["subject"])
    return Heard(
        id=str(envelope["id"]),
        type=str(envelope["type"]),
        subject=subject,
        subject_id=subject.partition("/")[2],
        organisation_id=envelope.get("organisationid"),
        sequence=int(envelope["sequence"]),
        time=dt.datetime.fromisoformat(envelope["time"]),
        data=dict(envelope["data"]),
        actor_id=envelope.get("actorid"),
        traceparent=envelope.get("traceparent"),
        origin_id=envelope.get("originid"),
    )


def _is_away(error: BaseException) -> bool:
    return isinstance(error, (Unavailable, PyMongoError))


hears = Hears.decorator
