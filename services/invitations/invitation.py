"""What is kept of an invitation and its recipients, and the rules that change it. Pure; delivery is in `delivery.py`."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from contracts.errors import Conflict, Gone, NotFound
from contracts.guests import CLIENT
from plumbing.store import Change, Event

QUEUED, TAKEN, REFUSED, FAILED = "queued", "taken", "refused", "failed"
MACHINE, PERSON = "machine", "person"
TIMED_LINK_LIVES = timedelta(days=1)
"""After the planned end: the call may run late, and somebody may have to come back once."""
LINK_LIVES = timedelta(days=90)
"""After the last sending, where no time was planned."""


@dataclass(frozen=True)
class Planned:
    """As contracts.scheduler.SessionTimes: wall-clock time in a zone, its length in minutes, and the instants.

    `rules`: the version of the zones' rules that they were computed with; the same time by other rules is the same.
    """

    local_start: str
    zone: str
    minutes: int
    starts_at: datetime
    ends_at: datetime
    rules: str = field(default="", compare=False)


@dataclass(frozen=True)
class Occurrence:
    """One session of a series; `recurrence_id` is the local start that the rule gave it, whatever became of it."""

    session_id: str
    recurrence_id: str
    planned: Planned
    title: str
    cancelled: bool = False


@dataclass(frozen=True)
class Repeats:
    """A series as contracts.scheduler.SeriesView. `excluded`: local starts of the rule at which nothing is."""

    series_id: str
    rule: str
    frequency: str
    interval: int
    weekdays: tuple[str, ...]
    monthly_by: str
    first: Planned
    occurrences: tuple[Occurrence, ...]
    excluded: tuple[str, ...] = ()


@dataclass(frozen=True)
class Sender:
    """Who invites, as the mail says it: `email` gets the replies. `member_id` is None for an API client."""

    name: str
    organisation: str
    email: str | None = None
    phone: str | None = None
    member_id: str | None = None


@dataclass(frozen=True)
class ToRemind:
    """A reminder that waits for another to be taken: of the session that begins then, so many minutes before."""

    minutes: int
    starts_at: datetime


@dataclass(frozen=True)
class Recipient:
    """One person's link and mail. `sending` counts mails to them from 1; `attempts` are those of this sending.

    `link_hash` is None while the link is revoked. `next_try_at` is set exactly while `delivery` is queued. `told` is the time that
    the last mail said which the mail server took. `reminding`: the mail that waits is a reminder, so many minutes before.
    `for_recipient_id`: the client whom a carer or interpreter comes for. `attends`: of a series, the recurrence ids of those they are
    asked to; None is all. `revisions`: how often their calendar changed beside the others'. Who is `removed_at` stays so.
    `to_remind`: what they are to be reminded of next, after the reminder that waits.
    `reported`: of this sending, after it was taken: delivered, delayed or bounced (`reporting.py`).
    """

    id: str
    address: str
    name: str | None
    link_hash: str | None
    queued_at: datetime
    next_try_at: datetime | None
    link_generation: int = 1
    sending: int = 1
    attempts: int = 0
    delivery: str = QUEUED
    delivery_detail: str | None = None
    delivery_problem: str | None = None
    opened: str | None = None
    opened_at: datetime | None = None
    arrived_at: datetime | None = None
    told: Planned | None = None
    reminding: int | None = None
    reminding_of: Planned | None = None
    role: str = CLIENT
    for_recipient_id: str | None = None
    attends: tuple[str, ...] | None = None
    revisions: int = 0
    removed_at: datetime | None = None
    reported: str | None = None
    to_remind: tuple[ToRemind, ...] = ()


@dataclass(frozen=True)
class Notice:
    """What makes a sending a notice: no room, no personal link of ours, and a `link` only until the mail is on its way."""

    kind: str
    link: str | None


@dataclass(frozen=True)
class Invitation:
    """One sending to one or more people; with a `notice`, to one person and about no room (`room_id` is empty).

    `link_hashes` are those of every link that was ever given out, so that a revoked one is known for what it is.
    `due_at` is the earliest `next_try_at`: what senders look for. `calendar_revision` is the session's sequence.
    `neutral`: its mails say neither title nor message. `reminded` names the reminders that went out, by time and lead.
    """

    id: str
    organisation_id: str
    room_id: str
    room_name: str
    session_id: str | None
    title: str
    message: str
    language: str
    sender: Sender
    planned: Planned | None
    recipients: tuple[Recipient, ...]
    link_hashes: tuple[str, ...]
    created_at: datetime
    due_at: datetime | None = None
    calendar_revision: int = 0
    cancelled_at: datetime | None = None
    notice: Notice | None = None
    reminded: tuple[str, ...] = ()
    neutral: bool = False
    series: Repeats | None = None


def created(invitation: Invitation) -> Event:
    """What is said when an invitation is made."""
    return Event(
        "invitation.created",
        {
            "invitation_id": invitation.id,
            "room_id": invitation.room_id,
            "session_id": invitation.session_id,
            "recipient_ids": [recipient.id for recipient in invitation.recipients],
        },
    )


def said(invitation: Invitation, recipient_id: str, type: str, **more: Any) -> Event:
    """An event about one recipient."""
    ids = {"invitation_id": invitation.id, "room_id": invitation.room_id, "recipient_id": recipient_id}
    return Event(type, {**ids, **more})


def recipient_of(invitation: Invitation, recipient_id: str) -> Recipient:
    """Raises NotFound."""
    for recipient in invitation.recipients:
        if recipient.id == recipient_id:
            return recipient
    raise NotFound


def with_recipient(invitation: Invitation, changed: Recipient) -> Invitation:
    """The invitation with one recipient changed, and due when its next mail is."""
    recipients = tuple(changed if one.id == changed.id else one for one in invitation.recipients)
    tries = [one.next_try_at for one in recipients if one.next_try_at is not None]
    return replace(invitation, recipients=recipients, due_at=min(tries, default=None))


def resend(
    invitation: Invitation, recipient_id: str, now: datetime, hash_of_link: Callable[[str, int], str]
) -> Change[Invitation] | None:
    """Another mail with the same link; with a new one where the link was revoked. Nothing while a mail is on its way.

    `hash_of_link(recipient id, generation)` is what is stored of a link. Raises Conflict when it was cancelled.
    """
    recipient = recipient_of(invitation, recipient_id)
    if invitation.cancelled_at:
        raise Conflict("This session was cancelled. Send a new invitation.")
    if recipient.removed_at:
        raise Conflict("This person was removed from the session. Add them to it again.")
    if recipient.delivery == QUEUED:
        return None
    link = recipient.link_hash or hash_of_link(recipient.id, recipient.link_generation)
    changed = queued_again(replace(recipient, link_hash=link), now)
    again = with_recipient(invitation, changed)
    hashes = again.link_hashes if link in again.link_hashes else (*again.link_hashes, link)
    return Change(replace(again, link_hashes=hashes), said(invitation, recipient_id, "invitation.resent"))


def revoke(invitation: Invitation, recipient_id: str) -> Change[Invitation] | None:
    """The link opens nothing from now on; a mail that still waits is not sent."""
    recipient = recipient_of(invitation, recipient_id)
    if recipient.link_hash is None:
        return None
    changed = replace(recipient, link_hash=None, link_generation=recipient.link_generation + 1)
    if recipient.delivery == QUEUED:
        changed = replace(
            changed,
            delivery=FAILED,
            delivery_detail="The link was revoked before the mail was sent.",
            delivery_problem=None,
            next_try_at=None,
        )
    return Change(with_recipient(invitation, changed), said(invitation, recipient_id, "invitation.revoked"))


def opened_by(invitation: Invitation, link_hash: str, now: datetime) -> Recipient:
    """Whose link it is. Raises Gone when it was revoked, has expired, or the session was cancelled."""
    found = [recipient for recipient in invitation.recipients if recipient.link_hash == link_hash]
    if not found or invitation.cancelled_at or now >= _link_ends_at(invitation, found[0]):
        raise Gone("This link no longer works. Ask whoever sent it for a new one.")
    return found[0]


def note_opened(invitation: Invitation, recipient_id: str, seen_by: str, now: datetime) -> Change[Invitation] | None:
    """The link was opened: by a machine, once; by a person, once, who counts for more."""
    recipient = recipient_of(invitation, recipient_id)
    if recipient.opened in (seen_by, PERSON):
        return None
    changed = replace(recipient, opened=seen_by, opened_at=now)
    return Change(
        with_recipient(invitation, changed), said(invitation, recipient_id, "invitation.opened", seen_by=seen_by)
    )


def note_arrived(invitation: Invitation, recipient_id: str, now: datetime) -> Change[Invitation] | None:
    """Who was invited waits in the room; the first time is kept."""
    found = [recipient for recipient in invitation.recipients if recipient.id == recipient_id]
    # by the link of a series people come again and again
    if not found or (found[0].arrived_at and not invitation.series):
        return None
    changed = replace(found[0], arrived_at=now)
    return Change(with_recipient(invitation, changed), said(invitation, recipient_id, "invitation.arrived"))


def queued_again(recipient: Recipient, now: datetime, reminding: int | None = None) -> Recipient:
    """Another mail to them, due at once; what is still said of an earlier one counts no more."""
    return replace(
        recipient, delivery=QUEUED, delivery_detail=None, delivery_problem=None, sending=recipient.sending + 1, attempts=0, queued_at=now,
        next_try_at=now, reminding=reminding, reported=None,
    )  # fmt: skip


def attended(series: Repeats, recipient: Recipient) -> tuple[Occurrence, ...]:
    """The sessions of a series to which somebody is asked, in its order."""
    wanted = recipient.attends
    return tuple(each for each in series.occurrences if wanted is None or each.recurrence_id in wanted)


def _link_ends_at(invitation: Invitation, recipient: Recipient) -> datetime:
    if invitation.series:
        theirs = attended(invitation.series, recipient)
        left = [each for each in theirs if not each.cancelled] if recipient.attends else theirs
        ends = [each.planned.ends_at + TIMED_LINK_LIVES for each in left]
        return max(ends, default=invitation.created_at)
    if invitation.planned:
        return invitation.planned.ends_at + TIMED_LINK_LIVES
    return recipient.queued_at + LINK_LIVES
