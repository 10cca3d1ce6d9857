"""The rules by which a session that is booked is moved, renamed, given other hosts, or cancelled. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from contracts.actor import Actor
from contracts.errors import Conflict, Forbidden, Invalid, Outdated
from plumbing.store import Change, Event
from services.scheduler import reminders
from services.scheduler.outcomes.judging import to_be_judged
from services.scheduler.planned import FIRST, Planned, plan
from services.scheduler.session import CANCELLED, HOLDS, PLANNED, Session, said

_DECIDES_FOR_OTHERS = frozenset({"owner", "admin", "coordinator"})


@dataclass(frozen=True)
class Wanted:
    """What is to become of a session; None leaves it as it is. `planned` as contracts.scheduler.PlannedTime.

    `version`: what the change is based on, None for any. `remind`: how many minutes before another time its guests are reminded.
    """

    title: str | None = None
    planned: Mapping[str, Any] | None = None
    host_member_ids: tuple[str, ...] | None = None
    version: int | None = None
    remind: tuple[int, ...] = ()


def change(session: Session, wanted: Wanted, *, now: datetime) -> Change[Session] | None:
    """The session as it is wanted, before anything in its way is looked for. What is so already is no change.

    Raises Conflict once it was cancelled or is over, and for another start once it has begun; Outdated when it was changed since
    it was read; Invalid as `plan` does, and when it would end before now.
    """
    changed = replace(
        session,
        title=session.title if wanted.title is None else wanted.title,
        planned=_planned_anew(session.planned, wanted.planned, now) if wanted.planned else session.planned,
        host_member_ids=wanted.host_member_ids or session.host_member_ids,
    )
    what = _differences(session, changed)
    if not what:
        return None
    if session.state == CANCELLED:
        raise Conflict("This session was cancelled, and stays so. Book a new one.", state=session.state)
    if session.state not in HOLDS or now >= session.planned.ends_at:
        raise Conflict("This session is over; nothing of it can be changed.", state=session.state)
    begun = session.state != PLANNED or now >= session.planned.starts_at
    if begun and changed.planned.starts_at != session.planned.starts_at:
        raise Conflict("This session has begun; it can no longer be moved. Book another one.", state=session.state)
    if wanted.version is not None and wanted.version != session.version:
        raise Outdated("Read the session again and repeat the change if it still fits.", version=session.version)
    if changed.planned.ends_at <= now:
        detail = "It would have ended before now."
        raise Invalid(detail, errors=[{"pointer": "/planned/minutes", "detail": detail}])
    if "time" in what:
        changed = reminders.plan(replace(changed, sequence=session.sequence + 1), wanted.remind, now)
        changed = to_be_judged(changed)
    hosts = hosts_changed(session.host_member_ids, changed.host_member_ids) if "hosts" in what else {}
    data = {**said(changed), "changed": what, "revision": changed.sequence, **hosts}
    return Change(changed, Event("session.updated", data))


def hosts_changed(before: Iterable[str], after: Iterable[str]) -> dict[str, list[str]]:
    """What an event says of hosts who came and went; neither is said of nobody."""
    known, wanted = list(before), list(after)
    added, removed = [one for one in wanted if one not in known], [one for one in known if one not in wanted]
    return {**({"hosts_added": added} if added else {}), **({"hosts_removed": removed} if removed else {})}


def needs_place(before: Session, after: Session) -> bool:
    """Whether it takes more of the room's or of a host's time than it holds already."""
    earlier = after.planned.starts_at < before.planned.starts_at
    later = after.planned.ends_at > before.planned.ends_at
    return earlier or later or not set(after.host_member_ids) <= set(before.host_member_ids)


def cancel(session: Session, actor: Actor, *, now: datetime) -> Change[Session] | None:
    """The session cancelled, which it stays. Raises Conflict once it has begun, Forbidden for who has no say in it."""
    may_decide(session, actor)
    if session.state == CANCELLED:
        return None
    if session.state != PLANNED or now >= session.planned.starts_at:
        raise Conflict("This session has begun; it can no longer be cancelled.", state=session.state)
    cancelled = reminders.none(replace(session, state=CANCELLED, sequence=session.sequence + 1, judge_at=None))
    return Change(cancelled, Event("session.cancelled", said(cancelled)))


def may_decide(session: Session, actor: Actor) -> None:
    """Hosts and who booked it decide about a session, and those who run the organisation or its reception. Raises Forbidden."""
    if actor.kind != "member" or _DECIDES_FOR_OTHERS.intersection(actor.roles):
        return
    if actor.id not in {session.created_by, *session.host_member_ids}:
        raise Forbidden("Only its hosts and the reception may change a session.")


def _planned_anew(before: Planned, asked: Mapping[str, Any], now: datetime) -> Planned:
    """The new time. The start that it has already is no new one, so that a session under way can be made longer."""
    stays = (asked["local_start"], asked["zone"]) == (before.local_start, before.zone)
    which = asked.get("which", before.which if stays else FIRST)
    if stays and which == before.which:
        minutes = asked["minutes"]
        return replace(before, minutes=minutes, ends_at=before.starts_at + timedelta(minutes=minutes))
    return plan(asked["local_start"], asked["zone"], asked["minutes"], which, now=now)


def _differences(before: Session, after: Session) -> list[str]:
    found = {
        "time": before.planned != after.planned,
        "title": before.title != after.title,
        "hosts": before.host_member_ids != after.host_member_ids,
    }
    return [what for what, differs in found.items() if differs]
