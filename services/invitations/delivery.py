"""What becomes of a mail: what the mail server's answers mean, when the next try is, and when to give up. Pure.

RFC 5321 §4.2.1: 2yz done, 4yz try again, 5yz do not try again.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from plumbing.store import Change, Event
from services.invitations.invitation import (
    FAILED,
    QUEUED,
    REFUSED,
    TAKEN,
    Invitation,
    Recipient,
    said,
    with_recipient,
)

TRIED_FOR = timedelta(days=2)
LATER, AWAY = "later", "away"
_FIRST_PAUSE = timedelta(seconds=5)
_LONGEST_PAUSE = {LATER: timedelta(hours=1), AWAY: timedelta(seconds=30)}
_FACTOR = {LATER: 3, AWAY: 2}


@dataclass(frozen=True)
class Outcome:
    """What came of one try to send one mail.

    `kind`: taken, refused, later (the server asks to try again), or away (no server to ask). `code` is the SMTP reply code.
    `sending` and `attempts` are the recipient's before the try, and say which try it was.
    """

    invitation_id: str
    recipient_id: str
    sending: int
    attempts: int
    kind: str
    code: int | None = None


def due(invitation: Invitation, now: datetime) -> list[Recipient]:
    """Who is to be sent a mail now."""
    return [one for one in invitation.recipients if one.next_try_at is not None and one.next_try_at <= now]


def still_waits(invitation: Invitation, recipient: Recipient) -> bool:
    """Whether that very mail is still to be sent: not revoked, resent or cancelled meanwhile."""
    return any(
        one.id == recipient.id and one.sending == recipient.sending and one.delivery == QUEUED
        for one in invitation.recipients
    )


def record(invitation: Invitation, outcomes: Iterable[Outcome], now: datetime) -> Change[Invitation] | None:
    """The invitation after these tries. What is about a mail that was meanwhile resent, revoked or recorded is dropped.

    So recording the same tries again changes nothing.
    """
    changed, events = invitation, list[Event]()
    for outcome in outcomes:
        tried = [one for one in changed.recipients if _is_of(outcome, one)]
        if tried:
            after = _after(tried[0], outcome, now)
            if after.delivery == TAKEN:
                after = replace(after, told=changed.planned, reminding=None)
            changed = with_recipient(changed, after)
            # a cancellation's fate is in the state; the events are about the invitation
            if after.delivery != QUEUED and not invitation.cancelled_at and not invitation.notice:
                events.append(said(invitation, after.id, _EVENTS[after.delivery]))
    if changed.notice and changed.due_at is None:
        # whoever reads the database later must not find what the link opens
        changed = replace(changed, notice=replace(changed.notice, link=None))
    return None if changed == invitation else Change(changed, events)


_EVENTS = {TAKEN: "invitation.sent", REFUSED: "invitation.bounced", FAILED: "invitation.bounced"}


def _is_of(outcome: Outcome, recipient: Recipient) -> bool:
    same_try = (recipient.id, recipient.sending, recipient.attempts) == (
        outcome.recipient_id, outcome.sending, outcome.attempts,
    )  # fmt: skip
    return same_try and recipient.delivery == QUEUED


def _after(recipient: Recipient, outcome: Outcome, now: datetime) -> Recipient:
    if outcome.kind == TAKEN:
        return replace(recipient, delivery=TAKEN, delivery_detail=None, next_try_at=None)
    if outcome.kind == REFUSED:
        return replace(recipient, delivery=REFUSED, delivery_detail=_refusal(outcome.code), next_try_at=None)
    attempts = recipient.attempts + 1
    next_try = now + pause(attempts, outcome.kind)
    if next_try - recipient.queued_at > TRIED_FOR:
        detail = "The mail server could not take this mail for two days. Check the address, or ring."
        return replace(recipient, delivery=FAILED, delivery_detail=detail, attempts=attempts, next_try_at=None)
    return replace(recipient, delivery_detail=_WAITING[outcome.kind], attempts=attempts, next_try_at=next_try)


_WAITING = {
    LATER: "The mail server asked to try again later; we do so by ourselves.",
    AWAY: "The mail server does not answer; we try again by ourselves.",
}


def pause(attempts: int, kind: str) -> timedelta:
    """How long until the next try after `attempts` failed ones: 5 s, then longer, at most an hour (half a minute when away)."""
    # beyond ten steps every pause is the longest one; the power would only overflow
    factor: int = _FACTOR[kind] ** min(attempts - 1, 10)
    return min(_FIRST_PAUSE * factor, _LONGEST_PAUSE[kind])


def _refusal(code: int | None) -> str:
    if code == 552:
        return "The recipient's mailbox takes no more mail. Ask for another address, or ring."
    if code in (550, 551, 553):
        return "There is no such mailbox. Check the address."
    return "The mail server refused this mail for good. Check the address, or ask for another one."
