"""Reminders of a session: when each is due, which is worth sending, and what becomes of it. Pure.

A reminder that comes late by more than half of its lead says nothing useful any more and is dropped; so is one whose successor
is due too, and one that would have been due before the session was booked.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from plumbing.store import Change, Event
from services.scheduler.session import DROPPED, DUE, PLANNED, SENT, Reminder, Session, said

DEFAULT = (24 * 60, 60, 10)


@dataclass(frozen=True)
class ReminderSettings:
    """How many minutes before the start an organisation reminds, longest first. `id` is the organisation's."""

    id: str
    organisation_id: str
    minutes: tuple[int, ...] = DEFAULT
    version: int = 0


def chosen(settings: ReminderSettings, minutes: list[int]) -> Change[ReminderSettings] | None:
    """The settings with other leads. It holds for sessions that are booked or moved from now on."""
    sorted_minutes = tuple(sorted(set(minutes), reverse=True))
    if sorted_minutes == settings.minutes and settings.version:
        return None
    data = {"organisation_id": settings.organisation_id, "minutes": list(sorted_minutes)}
    return Change(replace(settings, minutes=sorted_minutes), Event("reminders.changed", data))


def plan(session: Session, minutes: tuple[int, ...], now: datetime) -> Session:
    """The session with the reminders of its time. Without an invitation there is nobody to remind."""
    starts_at = session.planned.starts_at
    wanted = [Reminder(each, starts_at - timedelta(minutes=each)) for each in minutes] if session.invitation_id else []
    return _with(session, tuple(each for each in wanted if each.due_at > now))


def none(session: Session) -> Session:
    """The session with no reminder that would still be sent."""
    return _with(session, tuple(_dropped(each) for each in session.reminders))


def to_send(session: Session, now: datetime) -> Reminder | None:
    """The reminder to be sent now, if any."""
    due = _due(session, now)
    if session.state != PLANNED or now >= session.planned.starts_at or not due:
        return None
    last = min(due, key=lambda each: each.minutes)
    return None if now - last.due_at > timedelta(minutes=last.minutes) / 2 else last


def settle(session: Session, sent: Reminder | None, now: datetime) -> Change[Session] | None:
    """The session after `sent` went out: what was due is settled. One of a time that no longer holds is not looked for."""
    due = _due(session, now)
    if not due:
        return None
    after, events = [], list[Event]()
    for each in session.reminders:
        if each == sent:
            after.append(replace(each, state=SENT))
            events.append(Event("session.reminder_sent", {**said(session), "minutes_before": each.minutes}))
        else:
            after.append(_dropped(each) if each in due else each)
    return Change(_with(session, tuple(after)), events)


def view(reminder: Reminder) -> dict[str, Any]:
    """As contracts.scheduler.ReminderView."""
    return {"minutes_before": reminder.minutes, "due_at": reminder.due_at, "state": reminder.state}


def _due(session: Session, now: datetime) -> list[Reminder]:
    return [each for each in session.reminders if each.state == DUE and each.due_at <= now]


def _dropped(reminder: Reminder) -> Reminder:
    return replace(reminder, state=DROPPED) if reminder.state == DUE else reminder


def _with(session: Session, reminders: tuple[Reminder, ...]) -> Session:
    waiting = [each.due_at for each in reminders if each.state == DUE]
    return replace(session, reminders=reminders, remind_at=min(waiting, default=None))
