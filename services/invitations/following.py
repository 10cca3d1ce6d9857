"""What becomes of an invitation when its session is moved, renamed, near, or cancelled. Pure."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from contracts.errors import Conflict
from contracts.fields import instant_text
from plumbing.store import Change
from services.invitations.delivery import not_sent
from services.invitations.invitation import (
    QUEUED,
    TAKEN,
    Invitation,
    Planned,
    Repeats,
    queued_again,
    recipient_of,
    said,
    with_recipient,
)
from services.invitations.own import own
from services.invitations.reminding import remind_one
from services.invitations.repeating import planned_of, repeats_of, time_of

_CANCELLED_BEFORE = "The session was cancelled before the mail was sent."


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

    Who has a reminder of another session on its way is sent this one after it.

    Raises Conflict while the session is known here for another time.
    """
    name = f"{instant_text(starts_at)} {minutes}"
    if invitation.cancelled_at or name in invitation.reminded:
        return None
    if time_of(invitation, starts_at)[0] is None:
        raise Conflict("The session is not known for this time yet. Ask again in a moment.")
    after, events = replace(invitation, reminded=(*invitation.reminded, name)), []
    for recipient in invitation.recipients:
        after = remind_one(after, recipient, minutes, starts_at, now)
        if recipient_of(after, recipient.id).sending != recipient.sending:
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
    events = []
    for recipient in invitation.recipients:
        if not recipient.link_hash or recipient.delivery not in (TAKEN, QUEUED):
            continue
        theirs = own(after, recipient)
        if _as_seen(theirs) == _as_seen(own(invitation, recipient)):
            continue
        if theirs.cancelled_at and recipient.delivery == QUEUED and recipient.told is None:
            after = with_recipient(after, not_sent(recipient, _CANCELLED_BEFORE))
            continue
        after = with_recipient(after, queued_again(recipient, now))
        events.append(said(after, recipient.id, "invitation.resent"))
    return Change(after, events)


def _as_seen(invitation: Invitation) -> list[tuple[Planned | None, str]]:
    series = invitation.series
    if series is None:
        return [] if invitation.cancelled_at else [(invitation.planned, invitation.title)]
    seen: list[tuple[Planned | None, str]] = [
        (each.planned, each.title) for each in series.occurrences if not each.cancelled
    ]
    return [(None, invitation.title), *seen]


def follow(
    invitation: Invitation, session: Mapping[str, Any], series: Mapping[str, Any] | None, now: datetime
) -> Change[Invitation] | None:
    """The invitation as its session (contracts.scheduler.SessionView) is now, or the series (SeriesView) of which it is one."""
    if series is None:
        planned = planned_of(session["planned"])
        return change(invitation, session["title"], planned, session["sequence"], now)
    return change_series(invitation, repeats_of(series), series["title"], series["sequence"], now)


def cancel(invitation: Invitation, now: datetime) -> Change[Invitation] | None:
    """The session will not take place: links end, and whoever had a mail gets one that takes it out of their calendar."""
    if invitation.cancelled_at:
        return None
    again = replace(invitation, cancelled_at=now, calendar_revision=invitation.calendar_revision + 1)
    for recipient in invitation.recipients:
        if recipient.removed_at:
            continue
        if recipient.delivery == TAKEN:
            again = with_recipient(again, queued_again(recipient, now))
        elif recipient.delivery == QUEUED:
            again = with_recipient(again, not_sent(recipient, _CANCELLED_BEFORE))
    return Change(again)
