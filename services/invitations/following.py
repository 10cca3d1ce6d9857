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
    Recipient,
    Repeats,
    queued_again,
    said,
    with_recipient,
)
from services.invitations.repeating import time_of


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
    planned, before = time_of(invitation, starts_at)
    if planned is None:
        raise Conflict("The session is not known for this time yet. Ask again in a moment.")
    after, events = replace(invitation, reminded=(*invitation.reminded, name)), []
    for recipient in invitation.recipients:
        if recipient.link_hash and recipient.delivery == TAKEN and not _has_come(recipient, before):
            again = replace(queued_again(recipient, now, minutes), reminding_of=planned)
            after = with_recipient(after, again)
            events.append(said(after, recipient.id, "invitation.resent"))
    return Change(after, events)


def change_series(
    invitation: Invitation, series: Repeats, title: str, revision: int, now: datetime
) -> Change[Invitation] | None:
    """The invitation as its series is now; one mail to whoever had one, whatever number of sessions changed.

    When none is still to come, it is cancelled. What is older than what is known changes nothing.
    """
    if invitation.cancelled_at or revision <= invitation.calendar_revision:
        return None
    after = replace(invitation, series=series, title=title, calendar_revision=revision)
    if not any(each.planned.ends_at > now and not each.cancelled for each in series.occurrences):
        # it counts the revision up by itself
        return cancel(replace(after, calendar_revision=revision - 1), now)
    if _as_seen(series) == _as_seen(invitation.series) and title == invitation.title:
        return Change(after)
    events = []
    for recipient in invitation.recipients:
        if recipient.link_hash and recipient.delivery in (TAKEN, QUEUED):
            after = with_recipient(after, queued_again(recipient, now))
            events.append(said(after, recipient.id, "invitation.resent"))
    return Change(after, events)


def _as_seen(series: Repeats | None) -> list[tuple[Planned, str]]:
    return [(each.planned, each.title) for each in series.occurrences if not each.cancelled] if series else []


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
            again = with_recipient(again, _not_sent(recipient, detail))
    return Change(again)


def _not_sent(recipient: Recipient, detail: str) -> Recipient:
    return replace(recipient, delivery=FAILED, delivery_detail=detail, delivery_problem=None, next_try_at=None)


def _has_come(recipient: Recipient, before: datetime | None) -> bool:
    """Whether they are here for this one; of a series, since the end of the one `before`."""
    return bool(recipient.arrived_at and (before is None or recipient.arrived_at > before))
