"""Who may be added to a session or removed from it, and until when; and that a session is one to which somebody is invited. Pure.

Who is invited is kept by invitations.
"""

from dataclasses import replace
from datetime import datetime

from contracts.actor import Actor
from contracts.errors import Conflict
from plumbing.store import Change, Event
from services.scheduler import reminders
from services.scheduler.changing import may_decide
from services.scheduler.outcomes.judging import to_be_judged
from services.scheduler.session import CANCELLED, HOLDS, Session, said


def change(
    session: Session, invitation_id: str, remind: tuple[int, ...], actor: Actor, *, now: datetime
) -> Change[Session] | None:
    """The session, which notes its first invitation; until its end. `remind`: so many minutes before its guests are reminded.

    Raises Conflict once it was cancelled or is over, Forbidden for who has no say in it.
    """
    may_decide(session, actor)
    if session.state == CANCELLED:
        raise Conflict("This session was cancelled, and stays so. Book a new one.", state=session.state)
    if session.state not in HOLDS or now >= session.planned.ends_at:
        raise Conflict("This session is over; nobody can be added to it or removed from it.", state=session.state)
    if session.invitation_id:
        return None
    noted = to_be_judged(reminders.plan(replace(session, invitation_id=invitation_id), remind, now))
    return Change(noted, Event("session.updated", {**said(noted), "changed": ["guests"], "revision": noted.sequence}))
