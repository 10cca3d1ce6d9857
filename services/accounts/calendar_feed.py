"""The address by which a member's calendar program reads their sessions: one each, replaced by a new one. Pure but for chance."""

import hashlib
import secrets
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from plumbing.store import Change

_SECRET_BYTES = 24


@dataclass(frozen=True)
class CalendarFeed:
    """`id` is the member's. Of the secret only its SHA-256 is kept, and nothing of one that was ended."""

    id: str
    organisation_id: str
    secret_hash: str | None = None
    made_at: datetime | None = None
    titles: bool = False


def new_secret() -> str:
    """192 bits in URL-safe text."""
    return secrets.token_urlsafe(_SECRET_BYTES)


def hash_of(secret: str) -> str:
    """What is kept of a secret; it has chance enough in it that nothing slower is needed."""
    return hashlib.sha256(secret.encode()).hexdigest()


def make(known: CalendarFeed, secret: str, *, titles: bool, now: datetime) -> Change[CalendarFeed]:
    """A new address; the one before opens nothing from now on."""
    return Change(replace(known, secret_hash=hash_of(secret), made_at=now, titles=titles))


def end(known: CalendarFeed) -> Change[CalendarFeed] | None:
    """No address opens it any more."""
    return None if known.secret_hash is None else Change(CalendarFeed(known.id, known.organisation_id))


def feed_view(known: CalendarFeed) -> dict[str, Any]:
    """As contracts.calendar_feed.CalendarFeedView."""
    return {"made_at": known.made_at, "titles": known.titles}
