"""What becomes of a series when one occurrence, this and the following, or all are changed or cancelled. Pure.

What was changed of one occurrence by hand is exceptional and stays so through later changes of several. What has begun, is over or
is cancelled is not changed.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from contracts.actor import Actor
from contracts.errors import Conflict, Invalid, Outdated
from plumbing.store import Change, Event
from services.scheduler import changing
from services.scheduler.changing import Wanted
from services.scheduler.series.series import Others, Series, place_all, refusal_of, said_of
from services.scheduler.session import PLANNED, Session

ONE, FOLLOWING, ALL = "one", "following", "all"


@dataclass(frozen=True)
class Decided:
    """What is to be written: the series with what it says, and each session that changes."""

    series: Change[Series]
    sessions: tuple[Change[Session], ...]


Decide = Callable[[Series, list[Session]], Decided | None]


def change(
    series: Series, sessions: list[Session], session_id: str, scope: str, wanted: Wanted, actor: Actor, *, now: datetime
) -> Decided | None:
    """The series as it is wanted, before anything in its way is looked for; None where it is so already.

    Raises as `services.scheduler.changing.change` does for the occurrence that was asked about, and Invalid for one that would
    come to a local time that does not exist, naming its date.
    """
    target = _one(sessions, session_id)
    changed = []
    for session in _meant(sessions, target, scope, now):
        changing.may_decide(session, actor)
        its = wanted if session.id == target.id else _for_another(session, target, wanted)
        try:
            found = changing.change(session, its, now=now)
        except Invalid as refused:
            raise _on(session, refused) if session.id != target.id else refused from None
        if found is None:
            continue
        what = found.events[0].data["changed"] if scope == ONE else ()
        state = replace(found.state, exceptional=tuple(sorted({*session.exceptional, *what})))
        changed.append(Change(state, found.events))
    title = wanted.title if wanted.title is not None and scope != ONE else series.title
    return _decided(replace(series, title=title), changed)


def cancel(
    series: Series, sessions: list[Session], session_id: str, scope: str, version: int | None, actor: Actor, *, now: datetime
) -> Decided | None:  # fmt: skip
    """The occurrences cancelled, which they stay. Raises Conflict once the one that was asked about has begun, and Outdated."""
    target = _one(sessions, session_id)
    if version is not None and version != target.version:
        raise Outdated("Read the session again and repeat the change if it still fits.", version=target.version)
    found = [changing.cancel(session, actor, now=now) for session in _meant(sessions, target, scope, now)]
    return _decided(series, [each for each in found if each])


def invite(
    series: Series, sessions: list[Session], session_id: str, scope: str,
    rule: Callable[[Session], Change[Session] | None], *, now: datetime,
) -> Decided | None:  # fmt: skip
    """The occurrences, each as a rule of `services.scheduler.guests` has it. Raises as that does for the one that was asked about."""
    target = _one(sessions, session_id)
    found = [rule(session) for session in _meant(sessions, target, scope, now)]
    noted = [each for each in found if each]
    if not noted:
        return None
    return _decided(replace(series, invitation_id=series.invitation_id or noted[0].state.invitation_id), noted)


def place(
    decided: Decided, sessions: list[Session], others: Others, *, override: bool, leave_out: bool = False
) -> Decided:
    """What was decided, if nobody whom it newly needs has another session then. Raises Conflict, which names the dates.

    `others` may name sessions of this series as they were; what counts is how they will be. `leave_out`: those that something is in
    the way of stay as they are; refused when that is all of them.
    """
    placed, taken = _placed(decided, sessions, others, override=override)
    if taken and not leave_out:
        choices = "Choose another time, leave these where they are, or move them all the same."
        raise Conflict(f"{refusal_of(taken, len(decided.sessions))} {choices}", conflicts=taken)
    if not taken:
        return placed
    stay = {each["local_start"] for each in taken}
    left = tuple(each for each in decided.sessions if each.state.planned.local_start not in stay)
    if not left:
        raise Conflict("The room or a host has another session on every one of these dates.", conflicts=taken)
    # who stays may be in the way of who moves
    return place(replace(decided, sessions=left), sessions, others, override=override, leave_out=True)


def _placed(
    decided: Decided, sessions: list[Session], others: Others, *, override: bool
) -> tuple[Decided, list[dict[str, Any]]]:
    """What was decided with what it overrides, and what is in its way."""
    before = {session.id: session for session in sessions}
    after = {**before, **{each.state.id: each.state for each in decided.sessions}}

    def meanwhile(session: Session) -> list[Session]:
        foreign = [other for other in others(session) if other.id not in before]
        return [*foreign, *(each for each in after.values() if each.id != session.id)]

    moved = [each.state for each in decided.sessions if changing.needs_place(before[each.state.id], each.state)]
    placed: dict[str, Session] = {}
    taken = []
    for session in moved:
        kept, conflicts = place_all([session], meanwhile, override=override)
        placed |= {each.id: each for each in kept}
        taken += conflicts
    changes = tuple(Change(placed.get(each.state.id, each.state), each.events) for each in decided.sessions)
    return replace(decided, sessions=changes), taken


def _one(sessions: list[Session], session_id: str) -> Session:
    return next(session for session in sessions if session.id == session_id)


def _meant(sessions: list[Session], target: Session, scope: str, now: datetime) -> list[Session]:
    """The one that was asked about, in whatever state, and those that go with it and have not begun."""
    meant = [target]
    for session in sessions:
        later = (session.recurrence_id or "") > (target.recurrence_id or "")
        begun = session.state != PLANNED or session.planned.starts_at <= now
        if session.id != target.id and not begun and (scope == ALL or (scope == FOLLOWING and later)):
            meant.append(session)
    return meant


def _for_another(session: Session, target: Session, wanted: Wanted) -> Wanted:
    """What is wanted of the one that was asked about, for another: as many days on, and what is exceptional of it as it is."""
    own = session.exceptional
    planned = None
    if wanted.planned and "time" not in own and _differs(target, wanted):
        before = datetime.fromisoformat(target.planned.local_start)
        after = datetime.fromisoformat(wanted.planned["local_start"])
        day = datetime.fromisoformat(session.planned.local_start).date() + (after.date() - before.date())
        start = datetime.combine(day, after.time())
        planned = {**wanted.planned, "local_start": start.isoformat(timespec="minutes")}
    return replace(
        wanted,
        planned=planned,
        title=None if "title" in own else wanted.title,
        host_member_ids=None if "hosts" in own else wanted.host_member_ids,
        version=None,
    )


def _differs(target: Session, wanted: Wanted) -> bool:
    now, asked = target.planned, wanted.planned or {}
    return (now.local_start, now.zone, now.minutes) != (asked["local_start"], asked["zone"], asked["minutes"])


def _decided(series: Series, changed: list[Change[Session]]) -> Decided | None:
    if not changed:
        return None
    after = replace(series, sequence=series.sequence + 1)
    said = {name: _of_all(changed, name) for name in ("hosts_added", "hosts_removed")}
    data = {**said_of(after), **{name: hosts for name, hosts in said.items() if hosts}}
    return Decided(Change(after, Event("series.updated", data)), tuple(changed))


def _of_all(changed: list[Change[Session]], name: str) -> list[str]:
    """Each once, of however many sessions it is said."""
    return list(dict.fromkeys(host for each in changed for event in each.events for host in event.data.get(name, ())))


def _on(session: Session, refused: Invalid) -> Invalid:
    detail = f"{session.planned.local_start[:10]}: {refused.detail}"
    return Invalid(detail, errors=[{**error, "detail": detail} for error in refused.extra.get("errors", [])])
