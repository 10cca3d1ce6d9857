"""What is kept of a member's sign-in, and how its token is known again without being kept. Pure."""

import hashlib
import secrets
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from plumbing.store import Change, Event

LASTS = timedelta(hours=12)
STEP_LASTS = timedelta(minutes=5)
# after it, whoever sits at the screen may be somebody else
FRESH_FOR = timedelta(minutes=10)
TOKEN_BYTES = 32


@dataclass(frozen=True)
class SignIn:
    """One authenticated visit. `token_hash` is the SHA-256 of the only copy of the token, which the browser has.

    `must_add`: until they have added a second step it is good for that alone. `is_step`: only the password was right so far, and the token is good for nothing but to bring the code.
    """

    id: str
    organisation_id: str
    member_id: str
    token_hash: str
    created_at: datetime
    expires_at: datetime
    ended_at: datetime | None = None
    network: str | None = None
    browser: str | None = None
    is_step: bool = False
    must_add: bool = False


def new_token() -> str:
    """256 random bits in URL-safe text."""
    return secrets.token_urlsafe(TOKEN_BYTES)


def hash_of(token: str) -> str:
    """What is kept of a token. It has enough randomness of its own to need neither salt nor stretching."""
    return hashlib.sha256(token.encode()).hexdigest()


def begin(
    member_id: str,
    organisation_id: str,
    token: str,
    *,
    id: str,
    now: datetime,
    network: str | None = None,
    browser: str | None = None,
    must_add: bool = False,
) -> SignIn:
    """A sign-in that begins now, and is known by this token. `network` and `browser` are for its member to recognise it by."""
    until = now + LASTS
    return SignIn(
        id, organisation_id, member_id, hash_of(token), now, until, network=network, browser=browser, must_add=must_add
    )


def opened(sign_in: SignIn) -> Event:
    """What is said when a visit begins."""
    return Event("sign_in.opened", {"sign_in_id": sign_in.id, "member_id": sign_in.member_id})


def is_open(sign_in: SignIn, now: datetime) -> bool:
    """Neither ended nor expired, and no mere step."""
    return not sign_in.is_step and sign_in.ended_at is None and now < sign_in.expires_at


def is_fresh(sign_in: SignIn, now: datetime) -> bool:
    """Whether it began so short a while ago that nobody is asked again who they are."""
    return is_open(sign_in, now) and now < sign_in.created_at + FRESH_FOR


def begin_step(member_id: str, organisation_id: str, token: str, *, id: str, now: datetime) -> SignIn:
    """The first step of two: the code is awaited for five minutes."""
    return SignIn(id, organisation_id, member_id, hash_of(token), now, now + STEP_LASTS, is_step=True)


def awaits_code(sign_in: SignIn, now: datetime) -> bool:
    """Whether it is a step that a code may still finish."""
    return sign_in.is_step and sign_in.ended_at is None and now < sign_in.expires_at


def end(sign_in: SignIn, now: datetime) -> Change[SignIn] | None:
    """Signed out; unchanged when it was already."""
    if sign_in.ended_at is not None:
        return None
    said = {"sign_in_id": sign_in.id, "member_id": sign_in.member_id}
    return Change(replace(sign_in, ended_at=now), Event("sign_in.ended", said))
