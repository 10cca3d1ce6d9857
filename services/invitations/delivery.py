"""What becomes of a mail: what the mail server's answers mean, when the next try is, and when to give up. Pure.

RFC 5321 §4.2.1: 2yz done, 4yz try again, 5yz do not try again.
"""

import hashlib
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
    queued_again,
    recipient_of,
    said,
    with_recipient,
)
from services.invitations.own import own
from services.invitations.phones import is_number
from services.invitations.reminding import remind_next

TRIED_FOR = timedelta(days=2)
"""Unless MAIL_TRIED_HOURS says otherwise."""
LATER, AWAY = "later", "away"
NO_MAILBOX, FULL, TOO_BIG, UNWANTED, NO_UTF8, OTHER = (
    "no_mailbox", "mailbox_full", "too_big", "unwanted", "no_utf8", "refused",
)  # fmt: skip
PUT_OFF, NO_ANSWER, NO_TLS, SIGN_IN, SENDER_UNWANTED, NOT_COMPOSED, ON_ITS_WAY, GIVEN_UP = (
    "put_off", "no_answer", "no_tls", "sign_in", "sender_unwanted", "not_composed", "on_its_way", "given_up",
)  # fmt: skip
# of text messages
NO_TEXTS, NO_NUMBER, UNREACHABLE, OPTED_OUT, TEXT_UNWANTED, TEXT_REFUSED, TEXT_PUT_OFF, TEXT_NO_ANSWER, TEXT_SIGN_IN, TEXT_GIVEN_UP = (
    "no_texts", "no_number", "unreachable", "opted_out", "text_unwanted", "text_refused", "text_put_off", "text_no_answer",
    "text_sign_in", "text_given_up",
)  # fmt: skip
_SPREAD = 0.25
"""Pauses differ by so much of themselves, so that those who wait together do not all come back together."""
_FIRST_PAUSE = timedelta(seconds=5)
_LONGEST_PAUSE = {LATER: timedelta(hours=1), AWAY: timedelta(seconds=30)}
_FACTOR = {LATER: 3, AWAY: 2}


@dataclass(frozen=True)
class Outcome:
    """What came of one try to send one mail.

    `kind`: taken, refused, later (the server asks to try again), or away (no server to ask). `code` is the SMTP reply code.
    `problem` is one of PROBLEMS. `sending` and `attempts` are the recipient's before the try, and say which try it was.
    """

    invitation_id: str
    recipient_id: str
    sending: int
    attempts: int
    kind: str
    code: int | None = None
    problem: str | None = None


def due(invitation: Invitation, now: datetime) -> list[Recipient]:
    """Who is to be sent a mail now."""
    return [one for one in invitation.recipients if one.next_try_at is not None and one.next_try_at <= now]


def still_waits(invitation: Invitation, recipient: Recipient) -> bool:
    """Whether that very mail is still to be sent: not revoked, resent or cancelled meanwhile."""
    return any(
        one.id == recipient.id and one.sending == recipient.sending and one.delivery == QUEUED
        for one in invitation.recipients
    )


def record(
    invitation: Invitation, outcomes: Iterable[Outcome], now: datetime, tried_for: timedelta = TRIED_FOR
) -> Change[Invitation] | None:
    """The invitation after these tries. What is about a mail that was meanwhile resent, revoked or recorded is dropped.

    So recording the same tries again changes nothing.
    """
    changed, events = invitation, list[Event]()
    for outcome in outcomes:
        tried = [one for one in changed.recipients if _is_of(outcome, one)]
        if tried:
            after = _after(tried[0], outcome, now, tried_for)
            if after.delivery == TAKEN:
                after = replace(after, told=own(changed, after).planned, reminding=None)
            changed = with_recipient(changed, after)
            delayed = after.delivery == QUEUED and after.delivery_problem != tried[0].delivery_problem
            if delayed and not invitation.cancelled_at and not invitation.notice:
                events.append(said(invitation, after.id, "invitation.delayed"))
            # a cancellation's fate is in the state; the events are about the invitation
            ended = bool(invitation.cancelled_at or after.removed_at)
            if after.delivery != QUEUED and not ended and not invitation.notice:
                events.append(said(invitation, after.id, _EVENTS[after.delivery]))
            if after.delivery == TAKEN and after.to_remind:
                changed = remind_next(changed, after, now)
                if recipient_of(changed, after.id).delivery == QUEUED:
                    events.append(said(invitation, after.id, "invitation.resent"))
        elif outcome.kind == TAKEN:
            changed = _take_back(changed, outcome, now)
    if changed.notice and changed.due_at is None:
        # whoever reads the database later must not find what the link opens
        changed = replace(changed, notice=replace(changed.notice, link=None))
    return None if changed == invitation else Change(changed, events)


def _take_back(invitation: Invitation, outcome: Outcome, now: datetime) -> Invitation:
    """Whoever was removed while their first mail was being handed over gets the one that takes it back."""
    for one in invitation.recipients:
        if one.id == outcome.recipient_id and one.removed_at and one.sending == outcome.sending and one.told is None:
            return with_recipient(invitation, queued_again(replace(one, told=own(invitation, one).planned), now))
    return invitation


def not_sent(recipient: Recipient, detail: str) -> Recipient:
    """The mail that waits is not sent, for this reason."""
    return replace(recipient, delivery=FAILED, delivery_detail=detail, delivery_problem=None, next_try_at=None)


_EVENTS = {TAKEN: "invitation.sent", REFUSED: "invitation.bounced", FAILED: "invitation.bounced"}


def _is_of(outcome: Outcome, recipient: Recipient) -> bool:
    same_try = (recipient.id, recipient.sending, recipient.attempts) == (
        outcome.recipient_id, outcome.sending, outcome.attempts,
    )  # fmt: skip
    return same_try and recipient.delivery == QUEUED


def _after(recipient: Recipient, outcome: Outcome, now: datetime, tried_for: timedelta) -> Recipient:
    if outcome.kind == TAKEN and recipient.reported:
        # somebody was quicker to say what became of it
        bounced = recipient.reported == "bounced"
        return replace(recipient, delivery=REFUSED if bounced else TAKEN, next_try_at=None)
    if outcome.kind == TAKEN:
        return replace(recipient, delivery=TAKEN, delivery_detail=None, delivery_problem=None, next_try_at=None)
    if outcome.kind == REFUSED:
        return _ended(recipient, REFUSED, outcome.problem or refusal(outcome.code))
    attempts = recipient.attempts + 1
    next_try = now + pause(attempts, outcome.kind) * spread(recipient.id, attempts)
    if next_try - recipient.queued_at > tried_for:
        given_up = TEXT_GIVEN_UP if is_number(recipient.address) else GIVEN_UP
        return _ended(replace(recipient, attempts=attempts), FAILED, given_up)
    problem = outcome.problem or {LATER: PUT_OFF, AWAY: NO_ANSWER}[outcome.kind]
    return replace(
        recipient, delivery_detail=DETAILS[problem], delivery_problem=problem, attempts=attempts, next_try_at=next_try
    )


def _ended(recipient: Recipient, delivery: str, problem: str) -> Recipient:
    return replace(
        recipient, delivery=delivery, delivery_detail=DETAILS[problem], delivery_problem=problem, next_try_at=None
    )


DETAILS = {
    NO_MAILBOX: "There is no such mailbox. Check the address.",
    FULL: "The recipient's mailbox takes no more mail. Ask for another address, or ring.",
    TOO_BIG: "This mail is larger than the mail server takes. Send a shorter message.",
    UNWANTED: "The recipient's mail system does not want this mail. Ask for another address, or ring.",
    NO_UTF8: "The mail server cannot send to addresses with such letters. Ask for another address.",
    OTHER: "The mail server refused this mail for good. Check the address, or ask for another one.",
    PUT_OFF: "The mail server asked to try again later; we do so by ourselves.",
    NO_ANSWER: "The mail server does not answer; we try again by ourselves.",
    NO_TLS: "The connection to the mail server is not safe, so nothing was sent. Tell whoever runs Housecall; we try again by ourselves.",
    SIGN_IN: "The mail server does not let Housecall sign in. Tell whoever runs it; we try again by ourselves.",
    SENDER_UNWANTED: "The mail server does not take mail from Housecall. Tell whoever runs it; we try again by ourselves.",
    NOT_COMPOSED: "The mail could not be written. Tell whoever runs Housecall; we try again by ourselves.",
    ON_ITS_WAY: "The mail is delayed on its way; the mail servers go on trying.",
    GIVEN_UP: "No mail server took this mail for as long as we tried. Check the address, or ring.",
    NO_TEXTS: "Texts can no longer be sent from here. Tell whoever runs Housecall; we try again by ourselves.",
    NO_NUMBER: "This number cannot get texts. Check the number, or ring.",
    UNREACHABLE: "The telephone could not be reached. Send it again later, or ring.",
    OPTED_OUT: "Whoever has this number has asked not to be texted. Send an e-mail, or ring.",
    TEXT_UNWANTED: "The telephone's network does not want this text. Send an e-mail, or ring.",
    TEXT_REFUSED: "The provider of texts refused this one for good. Check the number, or send an e-mail.",
    TEXT_PUT_OFF: "The provider of texts asked to try again later; we do so by ourselves.",
    TEXT_NO_ANSWER: "The provider of texts does not answer; we try again by ourselves.",
    TEXT_SIGN_IN: "The provider of texts does not take them from Housecall. Tell whoever runs it; we try again by ourselves.",
    TEXT_GIVEN_UP: "The provider of texts did not take this one for as long as we tried. Send an e-mail, or ring.",
}
"""For who reads no page of ours; the pages have the same in their reader's language, by the problem's name."""
PROBLEMS = tuple(DETAILS)


def pause(attempts: int, kind: str) -> timedelta:
    """How long until the next try after `attempts` failed ones: 5 s, then longer, at most an hour (half a minute when away)."""
    # beyond ten steps every pause is the longest one; the power would only overflow
    factor: int = _FACTOR[kind] ** min(attempts - 1, 10)
    return min(_FIRST_PAUSE * factor, _LONGEST_PAUSE[kind])


def spread(recipient_id: str, attempts: int) -> float:
    """By what a pause is multiplied: from 1 to 1.25, another for each recipient and try, the same whoever reckons it."""
    drawn = hashlib.sha256(f"{recipient_id} {attempts}".encode()).digest()
    return 1 + _SPREAD * int.from_bytes(drawn[:4]) / 2**32


def refusal(code: int | None, enhanced: str = "", about: str = FULL) -> str:
    """What a refusal for good is about: `enhanced` as RFC 3463 without its class, else the code as RFC 5321 has it.

    `about`: what 552 is about where only the command to which it was the answer can tell.
    """
    if enhanced in _ENHANCED:
        return _ENHANCED[enhanced]
    if enhanced.startswith("7."):
        return UNWANTED
    if code == 552:
        return about
    return NO_MAILBOX if code in (550, 551, 553) else OTHER


_ENHANCED = {
    "1.1": NO_MAILBOX, "1.2": NO_MAILBOX, "1.3": NO_MAILBOX, "1.6": NO_MAILBOX, "1.10": NO_MAILBOX, "2.1": NO_MAILBOX,
    "2.2": FULL, "2.3": TOO_BIG, "3.4": TOO_BIG, "6.7": NO_UTF8,
}  # fmt: skip
