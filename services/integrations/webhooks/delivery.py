"""A delivery: one message for one webhook, its attempts, when it is tried again, and what an answer means. Pure but for chance."""

import json
import random
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from contracts.webhooks import CLOUDEVENTS, COVIU, SET_ASIDE, WAITING
from plumbing.ids import follow
from services.integrations.webhooks import coviu
from services.integrations.webhooks.webhook import Webhook

PAUSES = tuple(timedelta(seconds=seconds) for seconds in (5, 300, 1800, 7200, 18_000, 36_000, 50_400, 72_000, 86_400))
"""Between one try and the next, together a little more than three days."""
# tries that came early because the receiver was back do not count, so there is an end by time too
_LONGEST_TRIED = timedelta(days=4)
_SPREAD = 0.2
"""Pauses differ by so much of themselves, so that what failed together does not all come back together."""
LONGEST_ASKED_PAUSE = timedelta(hours=1)
MOST_ATTEMPTS_KEPT = 20
# more messages than one event can become
_RANKS = 10_000
GONE = 410
_BUSY = frozenset({429, 503})


@dataclass(frozen=True)
class Attempt:
    """One try. `status` None: there was no answer, and `problem` says why."""

    at: datetime
    seconds: float
    status: int | None
    problem: str | None
    answer: str | None
    sent_headers: dict[str, str]
    sent_bytes: int
    retry_after: str | None = None

    @property
    def was_taken(self) -> bool:
        """Whether the receiver has it."""
        return self.status is not None and 200 <= self.status < 300


def deliveries_of(
    webhook: Webhook, envelope: dict[str, Any], position: int, now: datetime, label: str = ""
) -> list[dict[str, Any]]:
    """The documents of what is sent for an event, none where the webhook's format has no word for it.

    Their ids follow from event and webhook (and `label`), so that an event heard twice makes them once.
    """
    if webhook.format == COVIU:
        bodies = coviu.messages(envelope)
        ids = [follow(envelope["id"], f"message {place}") for place in range(len(bodies))]
    else:
        bodies, ids = [envelope], [envelope["id"]]
    return [
        {
            "_id": follow(message_id, f"webhook {webhook.id}{label}"),
            "organisation_id": webhook.organisation_id,
            "webhook_id": webhook.id,
            "message_id": message_id,
            "event_id": envelope["id"],
            "type": envelope["type"],
            "subject": envelope["subject"],
            "rank": position * _RANKS + place,
            "body": json.dumps(body, separators=(",", ":"), ensure_ascii=False),
            "format": webhook.format,
            "state": WAITING,
            "tries": 0,
            "attempts": [],
            "made_at": now,
        }
        for place, (message_id, body) in enumerate(zip(ids, bodies, strict=True))
    ]  # fmt: skip


def test_of(webhook: Webhook, envelope: dict[str, Any], now: datetime) -> list[dict[str, Any]]:
    """The delivery of a test: in the webhook's place, whatever its format, tried once and in no order."""
    plain = replace(webhook, format=CLOUDEVENTS)
    return [{**each, "test": True} for each in deliveries_of(plain, envelope, 0, now)]


def next_try(tries: int, first_try: datetime, attempt: Attempt, chance: random.Random) -> datetime | None:
    """When it is tried again after so many tries; None when it was tried for long enough."""
    if tries > len(PAUSES) or attempt.at - first_try > _LONGEST_TRIED:
        return None
    pause = PAUSES[tries - 1] * chance.uniform(1 - _SPREAD, 1 + _SPREAD)
    asked = attempt.retry_after or ""
    if attempt.status in _BUSY and asked.isascii() and asked.isdigit() and len(asked) < 10:
        pause = max(pause, min(timedelta(seconds=int(asked)), LONGEST_ASKED_PAUSE))
    return attempt.at + pause


def after_last_try(webhook: Webhook, first_try: datetime) -> str:
    """What becomes of a delivery that was tried for long enough: where others were taken meanwhile it is set aside by itself."""
    others_taken = webhook.last_taken_at is not None and webhook.last_taken_at > first_try
    return SET_ASIDE if others_taken else WAITING


def delivery_view(document: dict[str, Any]) -> dict[str, Any]:
    """As contracts.webhooks.DeliveryView."""
    kept = ("webhook_id", "message_id", "event_id", "type", "subject", "state", "body", "attempts", "made_at")
    return {
        "id": document["_id"],
        **{name: document[name] for name in kept},
        "next_try_at": document.get("due_at"),
    }
