"""Organisations and members as others read them: without what only accounts may see."""

from dataclasses import asdict
from typing import Any

from contracts.actor import Actor, is_bound
from contracts.permissions import RUNS_IT
from services.accounts.member import ACTIVE, EXPECTED, Member, asks_for_code
from services.accounts.organisation import Organisation
from services.accounts.second_factor import SecurityKey
from services.accounts.sign_in import SignIn

_SHOWN = (
    "id", "organisation_id", "email", "name", "role", "clinic_ids", "language", "state", "invited_until", "created_at",
)  # fmt: skip


def organisation_view(organisation: Organisation) -> dict[str, Any]:
    """As contracts.accounts.OrganisationView."""
    return asdict(organisation)


def member_view(member: Member) -> dict[str, Any]:
    """As contracts.accounts.MemberView."""
    shown = {name: getattr(member, name) for name in _SHOWN}
    # whoever is still expected is seen only by who makes the organisation, and is a member a moment later
    return {
        **shown,
        "state": ACTIVE if member.state == EXPECTED else member.state,
        "second_factor": asks_for_code(member),
        "version": member.revision,
        "external_id": member.directory.external_id if member.directory else None,
    }


def sign_in_view(sign_in: SignIn, current_id: str | None) -> dict[str, Any]:
    """As contracts.signing_in.OwnSignIn."""
    names = ("id", "created_at", "expires_at", "network", "browser")
    return {**{name: getattr(sign_in, name) for name in names}, "current": sign_in.id == current_id}


def security_key_view(key: SecurityKey) -> dict[str, Any]:
    """As contracts.security_keys.SecurityKeyView."""
    return {name: getattr(key, name) for name in ("id", "name", "created_at", "used_at")}


def sees_clinics(actor: Actor) -> frozenset[str] | None:
    """Of which clinics the reader sees who is on duty: their own; None for all, for who runs the organisation or acts for it."""
    if is_bound(actor):
        return frozenset(actor.clinic_ids)
    all_of_them = actor.kind != "member" or bool(RUNS_IT.intersection(actor.roles))
    return None if all_of_them else frozenset(actor.clinic_ids)


def on_duty_view(member: Member, seen: frozenset[str] | None) -> dict[str, Any]:
    """As contracts.availability.OnDutyView, of the clinics `seen` (None: of all)."""
    duties = [duty for duty in member.on_duty if seen is None or duty.clinic_id in seen]
    return {"id": member.id, "name": member.name, "role": member.role, "clinics": [asdict(duty) for duty in duties]}
