"""What is kept of a session, and the rules of booking. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from contracts.actor import Actor
from contracts.errors import Conflict, Invalid, NotFound
from contracts.fields import instant_text
from contracts.permissions import HOSTS
from plumbing.store import Event
from services.scheduler.outcomes.outcome import Outcome
from services.scheduler.planned import Planned

PLANNED, STARTED, FINISHED, CANCELLED = "planned", "started", "finished", "cancelled"
# The states in which a session holds its room and its hosts.
HOLDS = (PLANNED, STARTED)
DUE, SENT, DROPPED = "due", "sent", "dropped"


@dataclass(frozen=True)
class Reminder:
    """`minutes` before the start; `state` is due until it was sent or dropped."""

    minutes: int
    due_at: datetime
    state: str = DUE


@dataclass(frozen=True)
class MadeByClient:
    """Which API client made it, for which clinic, and what it noted beside (docs/adr/0030-the-session-api-is-a-door.md)."""

    client_id: str
    clinic_id: str
    picture: str | None = None
    feature_flags: tuple[str, ...] = ()


@dataclass(frozen=True)
class Session:
    """A call planned for a time. `overrode`: the sessions that were in the way when it was booked all the same, on purpose.
    `clashes`: those that are in the way since its zone's rules were changed, for people to solve.

    `remind_at` is when the next of its reminders is due, `judge_at` when its outcome is told from what was seen (outcomes/judging.py). `sequence` is the calendar's revision (RFC 5545 §3.8.7.4); `created_by` is the actor's id.

    Of an occurrence of a series, `recurrence_id` is the local start that the rule gave it, and `exceptional` what was changed of it
    alone (time, title, hosts).
    """

    id: str
    organisation_id: str
    room_id: str
    title: str
    planned: Planned
    host_member_ids: tuple[str, ...]
    invitation_id: str | None
    created_by: str
    created_at: datetime
    overrode: tuple[str, ...] = ()
    clashes: tuple[str, ...] = ()
    state: str = PLANNED
    sequence: int = 0
    reminders: tuple[Reminder, ...] = ()
    remind_at: datetime | None = None
    outcome: Outcome | None = None
    judge_at: datetime | None = None
    series_id: str | None = None
    recurrence_id: str | None = None
    exceptional: tuple[str, ...] = ()
    client: MadeByClient | None = None
    version: int = 0


def created(session: Session) -> Event:
    """What is said when a session is made."""
    return Event("session.created", said(session))


def hosts_of(asked: list[str], room: dict[str, Any], actor: Actor) -> tuple[str, ...]:
    """Who hosts, each once: who was named; without names the owner of a User Room, else the member who books.

    Raises Invalid when nobody is left, or when somebody other than its owner should host in a User Room.
    """
    owner = room["owner_member_id"]
    default = [owner] if owner else [actor.id] if actor.kind == "member" else []
    hosts = tuple(dict.fromkeys(asked or default))
    if not hosts:
        raise _invalid("Name at least one host.")
    if owner and hosts != (owner,):
        raise _invalid("Only its owner hosts in a User Room.")
    return hosts


def may_be_host(member: dict[str, Any]) -> None:
    """Raises Invalid for a member (contracts.accounts.MemberView) whose role does not host."""
    if member["role"] not in HOSTS:
        raise no_host(member["id"])


def no_host(member_id: str) -> Invalid:
    """The refusal of somebody who is no member here, or none who hosts."""
    return _invalid("No host is known by this id.", member_id=member_id)


def in_the_way(session: Session, others: Iterable[Session]) -> list[Session]:
    """Those of the others that hold the same room or one of the same hosts at an overlapping time, soonest first.

    One that ends at the moment when another begins is not in its way.
    """
    hosts = set(session.host_member_ids)
    found = [
        other
        for other in others
        if other.id != session.id
        and other.state in HOLDS
        and (other.room_id == session.room_id or not hosts.isdisjoint(other.host_member_ids))
        and other.planned.starts_at < session.planned.ends_at
        and session.planned.starts_at < other.planned.ends_at
    ]
    return sorted(found, key=lambda other: (other.planned.starts_at, other.id))


def book(session: Session, others: Iterable[Session], *, override: bool) -> Session:
    """The session as it may be kept. Raises Conflict when a room or host is taken and that is not overridden.

    The refusal's `conflicts` name the sessions in the way, by id, time and what is taken; never by title.
    """
    conflicts = in_the_way(session, others)
    if conflicts and not override:
        raise Conflict(
            "The room or a host has another session at that time. Choose another time, or book all the same.",
            conflicts=[conflict_view(session, other) for other in conflicts],
        )
    return replace(session, overrode=tuple(other.id for other in conflicts), clashes=())


def visible_to(sessions: list[Session], actor: Actor) -> list[Session]:
    """Those that the reader may see: all of the organisation, a guest only the one that their link belongs to."""
    return [session for session in sessions if actor.kind != "guest" or actor.session_id == session.id]


def found_for(session: Session, actor: Actor) -> Session:
    """The session, for a reader of its organisation. Raises NotFound for a guest whose link belongs to another."""
    if actor.kind == "guest" and actor.session_id != session.id:
        raise NotFound
    return session


def conflict_view(session: Session, other: Session) -> dict[str, Any]:
    """What is in the way, by id, time and what is taken; never by title."""
    return {
        "session_id": other.id,
        "starts_at": instant_text(other.planned.starts_at),
        "ends_at": instant_text(other.planned.ends_at),
        "room_id": other.room_id if other.room_id == session.room_id else None,
        "host_member_ids": [host for host in session.host_member_ids if host in other.host_member_ids],
    }


def said(session: Session) -> dict[str, Any]:
    """What every event about a session says."""
    return {
        "session_id": session.id,
        "room_id": session.room_id,
        "invitation_id": session.invitation_id,
        "host_member_ids": list(session.host_member_ids),
        "starts_at": session.planned.starts_at,
        "ends_at": session.planned.ends_at,
        "series_id": session.series_id,
    }


def _invalid(detail: str, **extra: Any) -> Invalid:
    return Invalid(detail, errors=[{"pointer": "/host_member_ids", "detail": detail}], **extra)
