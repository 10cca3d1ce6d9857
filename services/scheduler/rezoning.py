"""What becomes of a session when its zone's rules were changed since it was booked: it stays at its local time. Pure."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from plumbing.store import Change, Event
from services.scheduler import reminders
from services.scheduler.outcomes.judging import to_be_judged
from services.scheduler.planned import UTC_ZONE as UTC
from services.scheduler.planned import computed_again
from services.scheduler.session import PLANNED, Session, in_the_way, said


def rezone(session: Session, rules: str, remind: tuple[int, ...], now: datetime) -> Change[Session] | None:
    """The session by the rules of today; None where it was computed by them or by newer ones, or has begun or ended.

    `remind`: how many minutes before its time its guests are reminded. Where the instant stays, only the rules' version is noted.
    """
    if session.planned.rules >= rules or session.state != PLANNED or session.planned.starts_at <= now:
        return None
    if session.planned.zone == UTC:
        # whose rules are never changed; and an API client's seconds are kept
        return Change(replace(session, planned=replace(session.planned, rules=rules)))
    again = replace(session, planned=computed_again(session.planned))
    if again.planned.starts_at == session.planned.starts_at:
        return Change(again)
    again = to_be_judged(reminders.plan(replace(again, sequence=session.sequence + 1), remind, now))
    told = {**said(again), "changed": ["time"], "revision": again.sequence, "reason": "zone_rules"}
    return Change(again, Event("session.updated", told))


def note_clashes(session: Session, others: Iterable[Session]) -> Session:
    """The session, kept where it is, with those that are in its way there: they are for people to solve."""
    return replace(session, clashes=tuple(other.id for other in in_the_way(session, others)))
