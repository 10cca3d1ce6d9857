"""Links by mail: how a member accepts an invitation, and how one who forgot the password chooses a new one. Pure.

A letter is what is still to be sent. Its link's token follows from its id by a key, so that a letter sent again, by whichever
process, is the same; what is kept with the member is the token's SHA-256.
"""

import base64
import hashlib
import hmac
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from contracts.errors import Conflict, Gone
from plumbing.store import Change, Event
from services.accounts.member import ACTIVE, INVITED, Member, added

MEMBER_INVITED, PASSWORD_RESET, PASSWORD_CHANGED = "member_invited", "password_reset", "password_changed"
SECOND_STEP_ADDED, SECOND_STEP_REMOVED, SECOND_STEP_RESET = (
    "second_step_added",
    "second_step_removed",
    "second_step_reset",
)
RECOVERY_CODE_USED, RECOVERY_CODES_USED_UP = "recovery_code_used", "recovery_codes_used_up"
LASTS = {MEMBER_INVITED: timedelta(days=7), PASSWORD_RESET: timedelta(hours=1)}
_STATE = {MEMBER_INVITED: INVITED, PASSWORD_RESET: ACTIVE}
_PAGES = {MEMBER_INVITED: "welcome", PASSWORD_RESET: "new-password"}
_TOKEN_BYTES = 24


@dataclass(frozen=True)
class Letter:
    """Something to be written to whom `email_key` is, if they are a member. `by` is the name of who had it sent."""

    id: str
    kind: str
    email_key: str
    at: datetime
    by: str | None = None


def token_of(key: bytes, letter_id: str) -> str:
    """192 bits in URL-safe text: always the same for the same letter."""
    digest = hmac.new(key, f"housecall letter {letter_id}".encode(), hashlib.sha256).digest()
    return base64.urlsafe_b64encode(digest[:_TOKEN_BYTES]).decode()


def hash_of(token: str) -> str:
    """What is kept of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


def address_of(base_url: str, kind: str, token: str) -> str:
    """The link in the letter. The token is behind the #, so that it reaches neither servers nor their logs."""
    return f"{base_url.rstrip('/')}/{_PAGES[kind]}#{token}"


def may_be_written(member: Member, letter: Letter, now: datetime) -> bool:
    """Whether the letter is still of use: its member is as it supposes, and its link would not be over."""
    if letter.kind not in LASTS:
        return member.state == ACTIVE
    return member.state == _STATE[letter.kind] and now < letter.at + LASTS[letter.kind]


def write(member: Member, letter: Letter, key: bytes, now: datetime) -> Change[Member] | None:
    """The letter's link is the member's one from now on. Once: what was used meanwhile does not come back.

    A later letter stays the last one.
    """
    if letter.kind not in LASTS or not may_be_written(member, letter, now) or (member.letter_id or "") >= letter.id:
        return None
    link_hash = hash_of(token_of(key, letter.id))
    written = replace(member, link_hash=link_hash, link_until=letter.at + LASTS[letter.kind], letter_id=letter.id)
    return Change(written)


def opened(member: Member | None, link_hash: str, state: str, now: datetime) -> Member:
    """Whose link it is. Raises Gone for one that was used, replaced, is too old, or never was."""
    if (
        member is None
        or member.state != state
        or member.link_hash != link_hash
        or member.link_until is None
        or now >= member.link_until
    ):
        raise Gone("This link no longer works. Ask for a new one.")
    return member


def accept(member: Member, link_hash: str, name: str, password_hash: str, now: datetime) -> Change[Member]:
    """Who was invited is a member from now on. Raises Gone."""
    opened(member, link_hash, INVITED, now)
    joined = replace(member, name=name, password_hash=password_hash, state=ACTIVE, link_hash=None, link_until=None)
    joined = replace(joined, revision=member.revision + 1)
    return Change(joined, added(joined))


def reset(member: Member, link_hash: str, password_hash: str, now: datetime) -> Change[Member]:
    """Another password by the link of a letter, which is used up. Raises Gone."""
    opened(member, link_hash, ACTIVE, now)
    return new_password(member, password_hash)


def new_password(member: Member, password_hash: str) -> Change[Member]:
    """Another password; a link that is still about opens nothing any more."""
    changed = replace(member, password_hash=password_hash, link_hash=None, link_until=None)
    return Change(changed, Event("member.password_changed", {"member_id": member.id}))


def check_is_invited(member: Member) -> None:
    """Raises Conflict for who has accepted."""
    if member.state != INVITED:
        raise Conflict("This member has accepted already.", state=member.state)
