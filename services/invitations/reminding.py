"""Reminders of one recipient that are due together: one mail at a time, each about its own session. Pure."""

from dataclasses import replace
from datetime import datetime

from services.invitations.invitation import (
    QUEUED,
    TAKEN,
    Invitation,
    Planned,
    Recipient,
    ToRemind,
    queued_again,
    with_recipient,
)
from services.invitations.own import own
from services.invitations.repeating import time_of


def remind_one(
    invitation: Invitation, recipient: Recipient, minutes: int, starts_at: datetime, now: datetime
) -> Invitation:
    """The invitation with a reminder on its way to this recipient, or after the one that is; as it is where they need none."""
    planned = _reminded_of(invitation, recipient, starts_at)
    if planned is None:
        return invitation
    if recipient.delivery == TAKEN:
        again = replace(queued_again(recipient, now, minutes), reminding_of=planned)
        return with_recipient(invitation, again)
    # any other mail that waits says the time itself; a reminder says the time of another session
    if recipient.delivery == QUEUED and recipient.reminding is not None and recipient.reminding_of != planned:
        after_it = (*recipient.to_remind, ToRemind(minutes, starts_at))
        return with_recipient(invitation, replace(recipient, to_remind=after_it))
    return invitation


def remind_next(invitation: Invitation, recipient: Recipient, now: datetime) -> Invitation:
    """After a mail was taken: the next reminder that waits for it, unless its session moved, began or was cancelled meanwhile."""
    for place, each in enumerate(recipient.to_remind, 1):
        left = replace(recipient, to_remind=recipient.to_remind[place:])
        if each.starts_at > now and not invitation.cancelled_at:
            after = remind_one(invitation, left, each.minutes, each.starts_at, now)
            if after != invitation:
                return after
    return with_recipient(invitation, replace(recipient, to_remind=())) if recipient.to_remind else invitation


def _reminded_of(invitation: Invitation, recipient: Recipient, starts_at: datetime) -> Planned | None:
    planned, before = time_of(own(invitation, recipient), starts_at)
    return planned if recipient.link_hash and not _has_come(recipient, before) else None


def _has_come(recipient: Recipient, before: datetime | None) -> bool:
    """Whether they are here for this one; of a series, since the end of the one `before`."""
    return bool(recipient.arrived_at and (before is None or recipient.arrived_at > before))
