"""Who lost their link asks for it by their address; the answer tells a stranger nothing, and a flood sends little. Pure.

Whether anybody is invited at the address is found out after the answer, which is the same for everybody.
"""

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from contracts.errors import Gone, TooMany
from plumbing.store import Change
from services.invitations import invitation as rules
from services.invitations.invitation import QUEUED, Invitation

ASKED_PER_NETWORK = 20
WITHIN = timedelta(minutes=10)
"""So often may be asked from one network in that time: whoever helps at a reception may, whoever tries addresses may not."""
NOT_AGAIN_WITHIN = timedelta(minutes=5)
"""A mail to a recipient that was queued so lately is not sent again, however often it is asked for."""
MOST_SENT = 3

Rule = Callable[[Invitation], Change[Invitation] | None]


@dataclass(frozen=True)
class LostLink:
    """One asking. `address` is forgotten with it, when it has been looked after."""

    id: str
    address: str
    network: str
    asked_at: datetime


def check_not_too_many(asked_from_there: int) -> None:
    """Raises TooMany when that network has asked often enough for now."""
    if asked_from_there >= ASKED_PER_NETWORK:
        seconds = int(WITHIN.total_seconds())
        detail = "Too many have been asked for from here. Wait ten minutes, or telephone your clinic."
        raise TooMany(detail, retry_after_seconds=seconds)


def to_send(found: Iterable[Invitation], address: str, now: datetime) -> list[tuple[Invitation, str]]:
    """Of the invitations in which the address is, newest first: those that still open something, each with the recipient's id."""
    wanted: list[tuple[Invitation, str]] = []
    for invitation in found:
        for recipient in invitation.recipients:
            if recipient.address.casefold() != address.casefold() or not recipient.link_hash or invitation.notice:
                continue
            try:
                rules.opened_by(invitation, recipient.link_hash, now)
            except Gone:
                continue
            wanted.append((invitation, recipient.id))
    return wanted[:MOST_SENT]


def again(recipient_id: str, now: datetime, hash_of_link: Callable[[str, int], str]) -> Rule:
    """The rule that sends it again, unless a mail went or is to go just now, or the link was revoked meanwhile."""

    def rule(invitation: Invitation) -> Change[Invitation] | None:
        recipient = rules.recipient_of(invitation, recipient_id)
        late = recipient.queued_at > now - NOT_AGAIN_WITHIN
        if late or recipient.delivery == QUEUED or not recipient.link_hash or invitation.cancelled_at:
            return None
        return rules.resend(invitation, recipient_id, now, hash_of_link)

    return rule


def network_key(network: str | None) -> str:
    """Under which what is asked from a network is counted; does not say which it is."""
    return hashlib.sha256(f"lost link {network or ''}".encode()).hexdigest()
