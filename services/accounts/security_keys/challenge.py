"""What a security key is to sign: random, kept by us, good once and for five minutes, for whoever asked. Pure but for chance."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

LASTS = timedelta(minutes=5)
ADDING, SIGNING_IN = "adding", "signing in"
_BYTES = 32


@dataclass(frozen=True)
class Challenge:
    """`id` says what for and which sign-in, or step of one, asked: a later one takes the place of an earlier."""

    id: str
    organisation_id: str
    member_id: str
    value: bytes
    until: datetime


def id_of(purpose: str, sign_in_id: str) -> str:
    """Where the challenge of a sign-in, or of its step, is found again."""
    return f"{purpose} {sign_in_id}"


def new_challenge(purpose: str, sign_in_id: str, *, organisation_id: str, member_id: str, now: datetime) -> Challenge:
    """256 random bits."""
    return Challenge(id_of(purpose, sign_in_id), organisation_id, member_id, secrets.token_bytes(_BYTES), now + LASTS)
