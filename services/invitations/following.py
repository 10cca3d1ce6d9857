"""What becomes of an invitation when its session is moved, renamed, near, or cancelled. Pure."""

from dataclasses import replace
from datetime import datetime

from contracts.errors import Conflict
from contracts.fields import instant_text
from plumbing.store import Change
from services.invitations.invitation import (
    FAILED,
    QUEUED,
    TAKEN,
    Invitation,
    Planned,
    queued_again,
    said,
    with_recipient,
)


def change(
    invitation: Invitation, title: str, planned: Planned, revision: int, now: datetime
) -> Change[Invitation] | None:
    """The invitation as its session is now. Whoever had a mail with another time gets one that moves their calendar.

    So does whose mail is on its way at this moment, because it may say the earlier time. `revision` is the session's SEQUENCE;
    what is older than what is known, or comes after the cancellation, changes nothing.
    """
    if invitation.cancelled_at or revision < invitation.calendar_revision:
        return None
    after = replace(invitation, title=title, planned=planned, calendar_revision=revision)
    if after == invitation:
        return None
    if planned == invitation.planned:
        return Change(after)
    events = []
    for recipient in invitation.recipients:
        if recipient.link_hash and recipient.delivery in (TAKEN, QUEUED):
            after = with_recipient(after, queued_again(recipient, now))
            events.append(said(after, recipient.id, "invitation.resent"))
    return Change(after, events)


def remind(invitation: Invitation, minutes: int, starts_at: datetime, now: datetime) -> Change[Invitation] | None:
    """A reminder, `minutes` before the start, to everyone who has a link, had a mail and has not arrived; once.

    Raises Conflict while the session is known here for another time.
    """
    name = f"{instant_text(starts_at)} {minutes}"
    if invitation.cancelled_at or name in invitation.reminded:
        return None
    if invitation.planned is None or invitation.planned.starts_at != starts_at:
        raise Conflict("The session is not known for this time yet. Ask again in a moment.")
    after, events = replace(invitation, reminded=(*invitation.reminded, name)), []
    for recipient in invitation.recipients:
        if recipient.link_hash and recipient.delivery == TAKEN and not recipient.arrived_at:
            after = with_recipient(after, queued_again(recipient, now, minutes))
            events.append(said(after, recipient.id, "invitation.resent"))
    return Change(after, events)


def cancel(invitation: Invitation, now: datetime) -> Change[Invitation] | None:
    """The session will not take place: links end, and whoever had a mail gets one that takes it out of their calendar."""
    if invitation.cancelled_at:
        return None
    again = replace(invitation, cancelled_at=now, calendar_revision=invitation.calendar_revision + 1)
    for recipient in invitation.recipients:
        if recipient.delivery == TAKEN:
            again = with_recipient(again, queued_again(recipient, now))
        elif recipient.delivery == QUEUED:
            detail = "The session was cancelled before the mail was sent."
            again = with_recipient(again, replace(recipient, delivery=FAILED, delivery_detail=detail, next_try_at=None))
    return Change(again)
