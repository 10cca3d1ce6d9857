"""A webhook: where events are posted, which, how, by which secrets, and how it stands. Pure."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from contracts.errors import Conflict, NotFound, Outdated
from contracts.webhooks import BY_HAND, FAILING, MOST_SECRETS, PARKED, WORKING
from plumbing.store import Change, Event

_NOTED_AGAIN_AFTER = timedelta(minutes=1)
_CHANGEABLE = ("url", "description", "types", "format", "order", "at_once", "per_second")


@dataclass(frozen=True)
class Secret:
    """`sealed`: see `signing.seal`."""

    id: str
    sealed: str
    made_at: datetime


@dataclass(frozen=True)
class Webhook:
    """`types` as they were asked for; `meant` the types that they stand for, none for all. `revision` counts what people changed."""

    id: str
    organisation_id: str
    url: str
    description: str
    types: tuple[str, ...]
    meant: tuple[str, ...]
    format: str
    order: str
    at_once: int
    per_second: int | None
    secrets: tuple[Secret, ...]
    created_at: datetime
    changed_state_at: datetime
    state: str = WORKING
    parked_because: str | None = None
    last_taken_at: datetime | None = None
    removed: bool = False
    revision: int = 1


def said(webhook: Webhook, what: str, **more: str) -> tuple[Event, ...]:
    """What is said of it."""
    return (Event(f"webhook.{what}", {"webhook_id": webhook.id, **more}),)


def wants(webhook: Webhook, type: str, subject: str) -> bool:
    """Whether such an event is for it; what it is itself about is not."""
    meant = not webhook.meant or type in webhook.meant
    return meant and not webhook.removed and subject != f"webhook/{webhook.id}"


def change(webhook: Webhook, wanted: dict[str, Any], meant: tuple[str, ...], now: datetime) -> Change[Webhook] | None:
    """As somebody wants it. What is so already is no change, also for an old version. Raises Outdated and NotFound."""
    check_lives(webhook)
    values = {name: wanted[name] for name in _CHANGEABLE if name in wanted}
    if "types" in values:
        values |= {"types": tuple(values["types"]), "meant": meant}
    after = replace(webhook, **values)
    told: tuple[Event, ...] = said(webhook, "changed") if after != webhook else ()
    parked = wanted.get("parked", webhook.state == PARKED)
    if parked and webhook.state != PARKED:
        after = replace(after, state=PARKED, parked_because=BY_HAND, changed_state_at=now)
        told += said(webhook, "parked", because=BY_HAND)
    elif not parked and webhook.state == PARKED:
        after = replace(after, state=WORKING, parked_because=None, changed_state_at=now)
        told += said(webhook, "resumed")
    if after == webhook:
        return None
    if wanted.get("version") is not None and wanted["version"] != webhook.revision:
        raise Outdated
    return Change(replace(after, revision=webhook.revision + 1), told)


def add_secret(webhook: Webhook, secret: Secret) -> Change[Webhook]:
    """One more, by which all is signed beside the other. Raises Conflict where there are as many as may be."""
    check_lives(webhook)
    if len(webhook.secrets) >= MOST_SECRETS:
        raise Conflict(f"There are {MOST_SECRETS} secrets already. Remove the old one first.")
    after = replace(webhook, secrets=(*webhook.secrets, secret), revision=webhook.revision + 1)
    return Change(after, said(webhook, "changed"))


def remove_secret(webhook: Webhook, secret_id: str) -> Change[Webhook] | None:
    """Nothing is signed by it from now on. Raises Conflict for the only one."""
    check_lives(webhook)
    left = tuple(each for each in webhook.secrets if each.id != secret_id)
    if len(left) == len(webhook.secrets):
        return None
    if not left:
        raise Conflict("This is its only secret. Make another one first.")
    return Change(replace(webhook, secrets=left, revision=webhook.revision + 1), said(webhook, "changed"))


def remove(webhook: Webhook) -> Change[Webhook] | None:
    """Nothing is sent to it from now on, and no secret of it is kept."""
    return None if webhook.removed else Change(replace(webhook, removed=True, secrets=()), said(webhook, "removed"))


def taken(webhook: Webhook, now: datetime) -> Change[Webhook] | None:
    """Its receiver took something; noted once a minute at most."""
    if webhook.removed:
        return None
    state = webhook if webhook.state != FAILING else replace(webhook, state=WORKING, changed_state_at=now)
    noted = webhook.last_taken_at
    if state is webhook and noted and now - noted < _NOTED_AGAIN_AFTER:
        return None
    return Change(replace(state, last_taken_at=now))


def failed(webhook: Webhook, now: datetime) -> Change[Webhook] | None:
    """Its receiver did not take something."""
    if webhook.removed or webhook.state != WORKING:
        return None
    return Change(replace(webhook, state=FAILING, changed_state_at=now))


def park(webhook: Webhook, because: str, now: datetime) -> Change[Webhook] | None:
    """Nothing is sent any more until somebody resumes it."""
    if webhook.removed or webhook.state == PARKED:
        return None
    after = replace(webhook, state=PARKED, parked_because=because, changed_state_at=now)
    return Change(after, said(webhook, "parked", because=because))


def check_lives(webhook: Webhook) -> None:
    """Raises NotFound for one that was removed."""
    if webhook.removed:
        raise NotFound


def webhook_view(webhook: Webhook, waiting: int) -> dict[str, Any]:
    """As contracts.webhooks.WebhookView."""
    kept = (
        "id", "url", "description", "types", "format", "order", "at_once", "per_second", "state", "parked_because",
        "changed_state_at", "last_taken_at", "created_at",
    )  # fmt: skip
    return {
        **{name: getattr(webhook, name) for name in kept},
        "secrets": [{"id": each.id, "made_at": each.made_at} for each in webhook.secrets],
        "waiting": waiting,
        "version": webhook.revision,
    }
