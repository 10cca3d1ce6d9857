"""The rules of sessions that API clients make (docs/adr/0030-the-session-api-is-a-door.md). Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from math import ceil
from typing import Any

from contracts.actor import Actor
from contracts.errors import Conflict, Forbidden, Invalid
from plumbing.store import Change, Event
from services.scheduler.outcomes.judging import to_be_judged
from services.scheduler.outcomes.verdict import Visit
from services.scheduler.planned import AHEAD, LONGEST, UTC_ZONE, Planned
from services.scheduler.session import CANCELLED, FINISHED, PLANNED, Session, said
from services.scheduler.zone_rules import rules_version


def planned(starts_at: datetime, ends_at: datetime, now: datetime) -> Planned:
    """The time, to the second. Raises Invalid: past, without length, longer than a day, or too far ahead."""
    if starts_at <= now:
        raise _invalid("starts_at", "The start must be in the future.")
    return _between(starts_at, ends_at, now)


def is_over(session: Session, now: datetime) -> bool:
    """Nothing of it can be changed any more."""
    return session.state == FINISHED or now >= session.planned.ends_at


def change(session: Session, wanted: Mapping[str, Any], now: datetime) -> Change[Session] | None:
    """Another name, picture or time. Raises Conflict once it is over or cancelled, and for another start once it has begun; Invalid."""
    client = session.client
    if client is None or session.state == CANCELLED or is_over(session, now):
        raise Conflict("This session is over or was cancelled; nothing of it can be changed.", state=session.state)
    starts_at = wanted.get("starts_at", session.planned.starts_at)
    ends_at = wanted.get("ends_at", session.planned.ends_at)
    time = session.planned
    if starts_at != time.starts_at:
        if session.state != PLANNED or now >= time.starts_at:
            raise Conflict("This session has begun; it can no longer be moved.", state=session.state)
        time = planned(starts_at, ends_at, now)
    elif ends_at != time.ends_at:
        if ends_at <= now:
            raise _invalid("ends_at", "It would have ended before now.")
        time = _between(starts_at, ends_at, now)
    changed = replace(
        session,
        title=wanted.get("name", session.title),
        planned=time,
        client=replace(client, picture=wanted.get("picture", client.picture)),
    )
    what = [
        name
        for name, differs in (
            ("time", changed.planned != session.planned),
            ("title", changed.title != session.title),
            ("picture", changed.client != session.client),
        )
        if differs
    ]
    if not what:
        return None
    if "time" in what:
        changed = to_be_judged(replace(changed, sequence=session.sequence + 1))
    return Change(changed, Event("session.updated", {**said(changed), "changed": what, "revision": changed.sequence}))


def own(session: Session, actor: Actor) -> Session:
    """The session, for the client that made it. Raises Forbidden for every other."""
    client = session.client
    if client is None or client.client_id != actor.id or not actor.reaches(client.clinic_id):
        raise Forbidden("This session was not made by this client.")
    return session


def client_session_view(session: Session, now: datetime) -> dict[str, Any]:
    """As contracts.client_sessions.ClientSessionView."""
    client, outcome = session.client, session.outcome
    return {
        "id": session.id,
        "organisation_id": session.organisation_id,
        "room_id": session.room_id,
        "client_id": client.client_id if client else None,
        "clinic_id": client.clinic_id if client else None,
        "name": session.title,
        "starts_at": session.planned.starts_at,
        "ends_at": session.planned.ends_at,
        "ended_at": outcome.timeline.left_at if outcome else None,
        "picture": client.picture if client else None,
        "feature_flags": list(client.feature_flags) if client else [],
        "state": session.state,
        "over": is_over(session, now),
        "created_at": session.created_at,
    }


def visits_view(visits: Sequence[tuple[str | None, Visit]]) -> list[dict[str, Any]]:
    """As contracts.client_sessions.ClientVisit, one for each participant: first in the call, last out of it."""
    found: dict[str | None, dict[str, Any]] = {}
    for participant_id, visit in visits:
        one = found.setdefault(
            participant_id, {"participant_id": participant_id, "joined_at": None, "left_at": None, "reason": None}
        )
        one["joined_at"] = one["joined_at"] or visit.joined_at
        # who came again and is still there has not left
        one["left_at"], one["reason"] = visit.left_at, visit.reason
    return list(found.values())


def _between(starts_at: datetime, ends_at: datetime, now: datetime) -> Planned:
    if ends_at <= starts_at:
        raise _invalid("ends_at", "The end must be after the start.")
    if ends_at - starts_at > LONGEST:
        raise _invalid("ends_at", "No session is longer than a day.")
    if starts_at > now + AHEAD:
        raise _invalid("starts_at", "This is more than five years ahead.")
    minutes = ceil((ends_at - starts_at) / timedelta(minutes=1))
    local = starts_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M")
    return Planned(local, UTC_ZONE, minutes, starts_at, ends_at, rules=rules_version())


def _invalid(field: str, detail: str) -> Invalid:
    return Invalid(detail, errors=[{"pointer": f"/{field}", "detail": detail}])
