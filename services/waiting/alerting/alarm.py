"""Who is told, and when, that somebody waits whom nobody has seen yet. Pure (docs/adr/0035-nobody-who-waits-is-missed.md)."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from contracts.errors import Conflict
from plumbing.store import Change
from services.waiting.areas.area import Area
from services.waiting.caller import Acknowledged, Alerted, Caller
from services.waiting.path import Decision, possible, step

ON_DUTY, NEXT_SITE = "on_duty", "next_site"


@dataclass(frozen=True)
class Stage:
    """Whoever is on duty in the clinic is told at `at`, unless somebody has seen the caller by then."""

    name: str
    clinic_id: str
    at: datetime


def rung(caller: Caller, area: Area | None, now: datetime, *, worse: bool = False) -> Caller:
    """They ring from now on, for the first time or anew. Who feels worse is told of at once, also where alerts are off."""
    ringing = replace(caller, ringing_since=now, acknowledged=None)
    stages = stages_of(area, ringing, worse=worse)
    return replace(ringing, alert_at=stages[0].at if stages else None)


def then_rings(decided: Decision, area: Area | None, now: datetime, *, worse: bool = False) -> Decision:
    """What was decided, after which they ring anew: they feel worse, or wait elsewhere."""
    return decided and Change(rung(decided.state, area, now, worse=worse), decided.events)


def stages_of(area: Area | None, caller: Caller, *, worse: bool) -> Sequence[Stage]:
    """Everybody who would be told in turn; nobody in a room of its own, where the area says none."""
    since = caller.ringing_since
    if area is None or since is None or not (area.alert_minutes or worse):
        return ()
    first = Stage(ON_DUTY, area.clinic_id, since if worse else since + timedelta(minutes=area.alert_minutes))
    if area.next_clinic_id is None:
        return (first,)
    return first, Stage(NEXT_SITE, area.next_clinic_id, first.at + timedelta(minutes=area.next_clinic_minutes))


def next_stage(area: Area | None, caller: Caller) -> Stage | None:
    """Who is told next; none where everybody was, or nobody is to be."""
    worse = caller.worse_at is not None and caller.worse_at == caller.ringing_since
    told = [each for each in caller.alerted if caller.ringing_since and each.at >= caller.ringing_since]
    left = stages_of(area, caller, worse=worse)[len(told) :]
    return left[0] if left else None


def alerted(caller: Caller, *, area: Area | None, told: int, now: datetime) -> Decision:
    """`told` people were told. Where nobody is on duty, the next site is told without waiting for its time."""
    stage = next_stage(area, caller)
    if caller.alert_at is None or caller.alert_at > now or not possible(caller, "alert"):
        return None
    if stage is None:
        return Change(replace(caller, alert_at=None))
    was = replace(caller, alerted=(*caller.alerted, Alerted(stage.name, stage.clinic_id, now, told)))
    after = next_stage(area, was)
    due = None if after is None else max(after.at, now) if told else now
    said = {"stage": stage.name, "told_clinic_id": stage.clinic_id, "told": told}
    return step(was, "alert", said, alert_at=due)


def acknowledge(caller: Caller, *, member_id: str, member_name: str, now: datetime) -> Decision:
    """One of the staff has seen that they wait; the first one's name stays.

    Raises:
        Conflict: they wait no more.
    """
    if not possible(caller, "acknowledge"):
        raise Conflict("This caller waits no more.", state=caller.state)
    if caller.acknowledged:
        return None
    seen = Acknowledged(member_id, member_name, now)
    return step(caller, "acknowledge", {"member_id": member_id}, acknowledged=seen, alert_at=None)
