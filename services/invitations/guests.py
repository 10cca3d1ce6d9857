"""How people are added to a session that is booked, and taken out of it. Pure."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from contracts.errors import Conflict
from contracts.guests import CLIENT
from contracts.recurrence import SCOPES
from plumbing.ids import follow
from plumbing.store import Change, Event
from services.invitations.delivery import not_sent
from services.invitations.invitation import (
    QUEUED,
    TAKEN,
    Invitation,
    Occurrence,
    Recipient,
    attended,
    queued_again,
    recipient_of,
    said,
    with_recipient,
)
from services.invitations.recipients import Verdict, too_many
from services.invitations.roles import roles_of

ONE, FOLLOWING, ALL = SCOPES
INVITED_ALREADY = "This person is invited already; they get no second e-mail."


@dataclass(frozen=True)
class Meant:
    """Which sessions of an invitation: the one with this id, and of a series those that go with it."""

    session_id: str
    scope: str = ONE

    def of(self, invitation: Invitation) -> tuple[Occurrence, ...]:
        """Those of a series that are meant; none where it is none."""
        occurrences = invitation.series.occurrences if invitation.series else ()
        start = next((each.recurrence_id for each in occurrences if each.session_id == self.session_id), "")
        return tuple(
            each
            for each in occurrences
            if each.recurrence_id == start
            or self.scope == ALL
            or (self.scope == FOLLOWING and each.recurrence_id > start)
        )


def add(
    invitation: Invitation, verdicts: list[Verdict], asked_roles: Iterable[dict[str, Any]], meant: Meant, now: datetime, most: int,
    hash_of_link: Callable[[str, int], str],
) -> tuple[Change[Invitation] | None, list[Verdict]]:  # fmt: skip
    """The invitation with the people who are new to it, each with a link and a mail of their own, and what became of each entry.

    Who is asked to some of a series already is asked to these too. Raises Conflict once it was cancelled, and Invalid for roles
    that do not fit. `hash_of_link(recipient id, generation)` is what is stored of a link.
    """
    if invitation.cancelled_at:
        raise Conflict("This session was cancelled, and stays so. Book a new one.")
    here = {one.address: one for one in invitation.recipients if not one.removed_at}
    roles = roles_of(asked_roles, verdicts, {address: one.role for address, one in here.items()})
    attends = None if meant.scope == ALL or not invitation.series else _ids(meant.of(invitation))
    after, answered, events = invitation, list[Verdict](), list[Event]()
    joining: dict[str, Verdict] = {}
    for verdict in verdicts:
        address = verdict.address
        if not verdict.accepted or address is None or verdict.again:
            answered.append(verdict)
        elif address in here:
            wider = _with_more(here[address], attends, after, now)
            if wider:
                after = with_recipient(after, wider)
                events.append(said(after, wider.id, "invitation.resent"))
            reason = None if wider else INVITED_ALREADY
            answered.append(replace(verdict, reason=reason))
        elif len(here) + len(joining) >= most:
            answered.append(replace(verdict, accepted=False, reason=too_many(most)))
        else:
            joining[address] = verdict
            answered.append(verdict)
    ids = {**{address: one.id for address, one in here.items()}, **{each: _next_id(after, each) for each in joining}}
    for address, verdict in joining.items():
        role, for_address = roles.get(address, (CLIENT, None))
        id = ids[address]
        before = [one for one in after.recipients if one.address == address]
        person = Recipient(
            id, address, verdict.name, hash_of_link(id, 1), now, now, role=role, attends=attends,
            for_recipient_id=ids.get(for_address or ""),
            # a calendar from which they were taken out takes nothing older
            revisions=max((one.revisions + 1 for one in before), default=0),
        )  # fmt: skip
        after = _joined(after, person)
        events.append(_with_sessions(after, person, meant, "invitation.guest_added"))
    return (None if after == invitation else Change(after, events)), answered


def remove(invitation: Invitation, recipient_id: str, meant: Meant, now: datetime) -> Change[Invitation] | None:
    """The person asked to these sessions no more, with the carers and interpreters who come for them; it is final.

    Where none is left to come their link ends; a mail takes out of their calendar what is in it. Nobody else hears of it.
    """
    person = recipient_of(invitation, recipient_id)
    together = [person, *(one for one in invitation.recipients if one.for_recipient_id == person.id)]
    after, events = invitation, list[Event]()
    for one in together:
        left = one if one.removed_at else _left(one, after, meant, now)
        if left is one:
            continue
        after = with_recipient(after, left)
        events.append(_with_sessions(after, one, meant, "invitation.guest_removed"))
    return None if after == invitation else Change(after, events)


def _left(person: Recipient, invitation: Invitation, meant: Meant, now: datetime) -> Recipient:
    series = invitation.series
    if series is None or meant.scope == ALL:
        return _gone(person, now)
    without = {each.recurrence_id for each in meant.of(invitation)}
    theirs = attended(series, person)
    kept = [each for each in theirs if each.recurrence_id not in without]
    if len(kept) == len(theirs):
        return person
    if not any(each.planned.ends_at > now and not each.cancelled for each in kept):
        return _gone(person, now)
    told = kept[0].planned if len(kept) == 1 and person.told else person.told
    fewer = replace(person, attends=_ids(kept), revisions=person.revisions + 1, told=told)
    return queued_again(fewer, now) if person.link_hash and person.delivery in (TAKEN, QUEUED) else fewer


def _gone(person: Recipient, now: datetime) -> Recipient:
    gone = replace(
        person, removed_at=now, link_hash=None, link_generation=person.link_generation + 1, revisions=person.revisions + 1
    )  # fmt: skip
    if person.delivery == TAKEN or person.told:
        return queued_again(gone, now)
    return not_sent(gone, "They were removed before the mail was sent.") if person.delivery == QUEUED else gone


def _with_more(
    person: Recipient, attends: tuple[str, ...] | None, invitation: Invitation, now: datetime
) -> Recipient | None:
    """Somebody who is here, asked to these too; None where they are already, or their link was revoked."""
    if person.attends is None or not invitation.series or not person.link_hash:
        return None
    wanted = None if attends is None else {*person.attends, *attends}
    more = (
        None
        if wanted is None
        else tuple(each.recurrence_id for each in invitation.series.occurrences if each.recurrence_id in wanted)
    )
    if more == person.attends:
        return None
    return queued_again(replace(person, attends=more, revisions=person.revisions + 1), now)


def _joined(invitation: Invitation, person: Recipient) -> Invitation:
    hashes = (*invitation.link_hashes, person.link_hash) if person.link_hash else invitation.link_hashes
    more = replace(invitation, recipients=(*invitation.recipients, person), link_hashes=hashes)
    return with_recipient(more, person)


def _next_id(invitation: Invitation, address: str) -> str:
    """As when an invitation is drafted; another one for whom was removed before."""
    earlier = sum(one.address == address for one in invitation.recipients)
    return follow(invitation.id, f"recipient {address}" + (f" {earlier}" if earlier else ""))


def _with_sessions(invitation: Invitation, person: Recipient, meant: Meant, type: str) -> Event:
    sessions = [each.session_id for each in meant.of(invitation)] or [meant.session_id]
    return said(invitation, person.id, type, session_ids=sessions)


def _ids(occurrences: Iterable[Occurrence]) -> tuple[str, ...]:
    return tuple(each.recurrence_id for each in occurrences)
