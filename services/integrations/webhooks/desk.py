"""Sends what is due, in every process: each delivery is claimed by lease and sent in a thread of its own.

A process that is killed in the middle leaves its claims until their lease is over; then another sends them again, under the
same `webhook-id`, by which receivers know what they have. A receiver that is slow or away takes up its own `at_once` places,
and all of an organisation no more than a share of the process's.
"""

import itertools
import random
import threading
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import structlog

from contracts.webhooks import BY_SUBJECT, DELIVERED, FAILING, PARKED, RECEIVER_GONE, SET_ASIDE, TRIED_LONG, WAITING
from plumbing import clock
from plumbing.outside import Outside
from services.integrations.webhooks import delivery as rules
from services.integrations.webhooks import webhook as states
from services.integrations.webhooks.delivery import Attempt
from services.integrations.webhooks.pace import Pace
from services.integrations.webhooks.posting import post
from services.integrations.webhooks.signing import unseal
from services.integrations.webhooks.store import Deliveries, Webhooks
from services.integrations.webhooks.webhook import Webhook

log = structlog.get_logger()

LEASE_SECONDS = 30.0
"""Twice as long as a try can take."""
LOOK_SECONDS = 0.25
CLAIMED_AT_ONCE = 32
_LOOK_AGAIN = timedelta(seconds=2)
_STOP_SECONDS = 10.0


class Desk:
    """One thread that claims, and one for each delivery under way. `owner` names the process in leases."""

    def __init__(self, webhooks: Webhooks, deliveries: Deliveries, outside: Outside, key: bytes, owner: str) -> None:
        self._webhooks = webhooks
        self._deliveries = deliveries
        self._outside = outside
        self._key = key
        self._owner = owner
        self._pace = Pace()
        self._chance = random.Random()  # noqa: S311, it only spreads pauses
        self._claims = itertools.count()
        self._woken = threading.Event()
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._work, name="webhooks", daemon=True)

    def start(self) -> None:
        """Begin to look for what is due."""
        self._thread.start()

    def stop(self) -> None:
        """Claim no more, and let what is under way end."""
        self._stopping.set()
        self._woken.set()
        self._thread.join(_STOP_SECONDS)
        until = time.monotonic() + _STOP_SECONDS
        while self._pace.under_way() and time.monotonic() < until:
            self._woken.wait(LOOK_SECONDS)
            self._woken.clear()

    def fan_out(self, envelope: dict[str, Any], position: int) -> None:
        """Keep a delivery of this event for each webhook that it is for; heard again, it changes nothing."""
        woken = False
        for webhook in self._webhooks.of(envelope.get("organisationid")):
            if states.wants(webhook, envelope["type"], envelope["subject"]):
                now = clock.now()
                made = rules.deliveries_of(webhook, envelope, position, now)
                self._deliveries.add(made, None if webhook.state == PARKED else now)
                woken = woken or bool(made)
        if woken:
            self.wake()

    def wake(self) -> None:
        """There is something to send."""
        self._woken.set()

    def _work(self) -> None:
        while not self._stopping.is_set():
            try:
                claimed = self._turn()
            except Exception:
                # the database is away, or a defect: what was claimed is free again when its lease is over
                log.exception("webhooks interrupted")
                claimed = False
            if not claimed:
                self._woken.wait(LOOK_SECONDS)
                self._woken.clear()

    def _turn(self) -> bool:
        """Claim a few and begin to send them; False where nothing was sent."""
        if not self._pace.has_place():
            return False
        owner, pace = f"{self._owner}/{next(self._claims)}", self._pace
        claimed = self._deliveries.claim_due(
            clock.now(), owner, LEASE_SECONDS, pace.busy(), CLAIMED_AT_ONCE, pace.busy_organisations()
        )
        webhooks = self._webhooks.among({each["webhook_id"] for each in claimed})
        left = []
        for each in claimed:
            webhook = webhooks.get(each["webhook_id"])
            if webhook is None or not self._pace.begin(webhook):
                left.append(each["_id"])
                continue
            threading.Thread(target=self._deliver, args=(webhook, each, owner), daemon=True).start()
        if left:
            self._deliveries.release(left, owner)
        return len(claimed) > len(left)

    def _deliver(self, webhook: Webhook, delivery: dict[str, Any], owner: str) -> None:
        try:
            if self._has_turn(webhook, delivery, owner):
                secrets = [unseal(self._key, webhook.id, each.sealed) for each in reversed(webhook.secrets)]
                attempt = post(self._outside, webhook.url, delivery, secrets, clock.now())
                self._keep(webhook, delivery, owner, attempt)
        except Exception:
            log.exception("delivery interrupted", delivery_id=delivery["_id"])
        finally:
            self._pace.end(webhook)
            self._woken.set()

    def _has_turn(self, webhook: Webhook, delivery: dict[str, Any], owner: str) -> bool:
        """Whether it is to be sent now; otherwise it is put off."""
        if webhook.removed:
            self._deliveries.forget(webhook.id)
            return False
        if delivery.get("test"):
            return True
        if webhook.state == PARKED:
            self._deliveries.put_off(delivery["_id"], owner, None)
            return False
        if webhook.order != BY_SUBJECT:
            return True
        earlier = self._deliveries.before(delivery)
        if earlier is None:
            return True
        again = clock.now() + _LOOK_AGAIN
        self._deliveries.put_off(delivery["_id"], owner, max(again, earlier.get("due_at") or again))
        if self._deliveries.before(delivery) is None:
            # it was taken in between, and who took it may have looked for the next one too early
            self._deliveries.next_of_subject(delivery, clock.now())
        return False

    def _keep(self, webhook: Webhook, delivery: dict[str, Any], owner: str, attempt: Attempt) -> None:
        log.info(
            "webhook",
            webhook_id=webhook.id,
            delivery_id=delivery["_id"],
            status=attempt.status,
            problem=attempt.problem,
        )
        begun_at = delivery.get("begun_at", attempt.at) if delivery["tries"] else attempt.at
        record = partial(self._deliveries.record, delivery["_id"], owner, attempt, begun_at=begun_at)
        if attempt.was_taken:
            record(state=DELIVERED, due_at=None)
            self._taken(webhook, delivery, attempt.at)
        elif delivery.get("test"):
            record(state=SET_ASIDE, due_at=None)
        elif attempt.status == rules.GONE:
            record(state=WAITING, due_at=None)
            self._park(webhook, RECEIVER_GONE)
        else:
            self._failed(webhook, delivery, attempt, begun_at, record)

    def _taken(self, webhook: Webhook, delivery: dict[str, Any], now: datetime) -> None:
        if states.taken(webhook, now):
            self._webhooks.update(webhook.id, webhook.organisation_id, partial(states.taken, now=now))
        if webhook.state == FAILING:
            self._deliveries.hurry(webhook.id, clock.now())
        elif webhook.order == BY_SUBJECT:
            self._deliveries.next_of_subject(delivery, clock.now())

    def _failed(
        self, webhook: Webhook, delivery: dict[str, Any], attempt: Attempt, begun_at: datetime, record: Callable[..., None]
    ) -> None:  # fmt: skip
        due_at = rules.next_try(delivery["tries"] + 1, begun_at, attempt, self._chance)
        state = WAITING if due_at else rules.after_last_try(webhook, begun_at)
        record(state=state, due_at=due_at)
        if due_at:
            if states.failed(webhook, attempt.at):
                self._webhooks.update(webhook.id, webhook.organisation_id, partial(states.failed, now=attempt.at))
        elif state == SET_ASIDE:
            self._deliveries.next_of_subject(delivery, clock.now())
        else:
            self._park(webhook, TRIED_LONG)

    def _park(self, webhook: Webhook, because: str) -> None:
        now = clock.now()
        self._webhooks.update(webhook.id, webhook.organisation_id, partial(states.park, because=because, now=now))
        self._deliveries.hold(webhook.id)
        log.warning("webhook parked", webhook_id=webhook.id, because=because)
