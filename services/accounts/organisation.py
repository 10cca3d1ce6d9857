"""What is kept of an organisation and its clinics, and the rules that change them. Pure."""

import zoneinfo
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from contracts.audit import USUAL_KEEP_DAYS
from contracts.errors import Invalid, Outdated
from plumbing.store import Change, Event


@dataclass(frozen=True)
class Clinic:
    """A team inside an organisation."""

    id: str
    name: str


@dataclass(frozen=True)
class Organisation:
    """The paying account. Its `organisation_id` is its own id; `plan` is one of policy version `policy_version`.

    `plan_revision` counts the changes of plan, so that rooms can tell an old one that it hears late.
    """

    id: str
    organisation_id: str
    name: str
    plan: str
    policy_version: int
    zone: str
    language: str
    contact_phone: str | None
    contact_email: str | None
    clinics: tuple[Clinic, ...]
    created_at: datetime
    process_note: str | None = None
    whom_to_ask: str | None = None
    setup_dismissed: bool = False
    # who is about to be no owner any more, see `owners.py`
    leaving_owner_ids: tuple[str, ...] = ()
    plan_revision: int = 0
    # how long the audit log is kept
    audit_keep_days: int = USUAL_KEEP_DAYS
    second_step_for: str = "nobody"
    version: int = 0


def created(organisation: Organisation) -> tuple[Event, ...]:
    """What is said when an organisation is made, with the clinics that it begins with."""
    said = {
        "organisation_id": organisation.id,
        "plan": organisation.plan,
        "policy_version": organisation.policy_version,
    }
    return (
        Event("organisation.created", said),
        *(clinic_said("created", clinic.id) for clinic in organisation.clinics),
    )


def change(organisation: Organisation, wanted: dict[str, Any], version: int | None) -> Change[Organisation] | None:
    """Another name, zone, language, contact or note; an empty text is none. Raises Invalid, and Outdated (`version` as read)."""
    if version is not None and version != organisation.version:
        raise Outdated(
            "Read the organisation again and repeat the change if it still fits.", version=organisation.version
        )
    known_zone(wanted.get("zone", organisation.zone))
    fits: dict[str, Any] = {name: None if value == "" else value for name, value in wanted.items()}
    different = sorted(name for name, value in fits.items() if value != getattr(organisation, name))
    if not different:
        return None
    said = {"organisation_id": organisation.id, "changed": different}
    return Change(replace(organisation, **fits), Event("organisation.changed", said))


def change_plan(organisation: Organisation, plan: dict[str, Any]) -> Change[Organisation] | None:
    """On another plan (contracts.rooms.PlanView) from now on; unchanged when it is that already."""
    if (plan["name"], plan["policy_version"]) == (organisation.plan, organisation.policy_version):
        return None
    changed = replace(
        organisation,
        plan=plan["name"],
        policy_version=plan["policy_version"],
        plan_revision=organisation.plan_revision + 1,
    )
    said = {
        "organisation_id": organisation.id,
        "plan": changed.plan,
        "policy_version": changed.policy_version,
        "plan_before": organisation.plan,
        "policy_version_before": organisation.policy_version,
        "plan_revision": changed.plan_revision,
    }
    return Change(changed, Event("organisation.plan_changed", said))


def known_zone(zone: str) -> str:
    """The zone, if the zone database has it. Raises Invalid."""
    if zone not in zoneinfo.available_timezones():
        detail = "This is no time zone as in Europe/Berlin."
        raise Invalid(detail, errors=[{"pointer": "/zone", "detail": detail}])
    return zone


def known_clinics(organisation: Organisation, clinic_ids: list[str]) -> tuple[str, ...]:
    """The clinics, each once. Raises Invalid when one is not this organisation's."""
    known = {clinic.id for clinic in organisation.clinics}
    errors = [
        {"pointer": f"/clinic_ids/{place}", "detail": "There is no such clinic."}
        for place, clinic_id in enumerate(clinic_ids)
        if clinic_id not in known
    ]
    if errors:
        raise Invalid("There is no such clinic.", errors=errors)
    return tuple(dict.fromkeys(clinic_ids))


def clinic_said(what: str, clinic_id: str) -> Event:
    """`clinic.<what>`: created, changed, removed."""
    return Event(f"clinic.{what}", {"clinic_id": clinic_id}, subject=f"clinic/{clinic_id}")
