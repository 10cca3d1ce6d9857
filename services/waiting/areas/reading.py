"""Who sees a Waiting Area and what they may do with it: whose clinic it is, beside the table of permissions. Pure."""

from dataclasses import asdict
from datetime import datetime
from typing import Any

from contracts.actor import Actor
from contracts.errors import NotFound
from contracts.permissions import RECEIVES, RUNS_IT, allowed
from services.waiting.areas.area import Area, asked_of, closed_by
from services.waiting.areas.hours import closing, next_opening


def clinics_seen(actor: Actor) -> tuple[str, ...] | None:
    """The clinics whose areas the actor sees; none for every one of the organisation.

    Owners and administrators run them all; an API client acts for the organisation, or the clinics that it is bound to.
    """
    if actor.kind == "api_client":
        return actor.clinic_ids or None
    if actor.kind != "member" or RUNS_IT.intersection(actor.roles):
        return None
    return actor.clinic_ids if RECEIVES.intersection(actor.roles) else ()


def sees(clinic_id: str, actor: Actor) -> bool:
    """Whether the actor is of the clinic's staff, or above it."""
    seen = clinics_seen(actor)
    return seen is None or clinic_id in seen


def found_for(area: Area, actor: Actor) -> Area:
    """The area. Raises NotFound for who is not of its clinic, and for one that was removed."""
    if area.removed or not sees(area.clinic_id, actor):
        raise NotFound
    return area


def area_view(area: Area, actor: Actor, waiting: int, now: datetime) -> dict[str, Any]:
    """As contracts.waiting_areas.AreaView."""
    reason = closed_by(area, now)
    return {
        **{name: getattr(area, name) for name in _AS_KEPT},
        **asked_of(area),
        "hours": None if area.hours is None else [asdict(each) for each in area.hours],
        "open": reason is None,
        "closed_by": reason,
        "opens_at": next_opening(area.hours, area.zone, now),
        "closes_at": closing(area.hours, area.zone, now),
        "waiting": waiting,
        "may_change": allowed("area.change", actor),
        "may_suspend": allowed("area.suspend", actor),
    }


_AS_KEPT = (
    "id", "organisation_id", "clinic_id", "name", "link", "zone", "suspended", "suspended_message", "in_plan", "show_wait",
    "attention_minutes", "alert_minutes", "next_clinic_id", "next_clinic_minutes", "version",
)  # fmt: skip
