"""Organisations and members as others read them: without what only accounts may see."""

from dataclasses import asdict
from typing import Any

from services.accounts.member import Member
from services.accounts.organisation import Organisation

_ONLY_OURS = frozenset({"email_key", "password_hash", "state"})


def organisation_view(organisation: Organisation) -> dict[str, Any]:
    """As contracts.accounts.OrganisationView."""
    return asdict(organisation)


def member_view(member: Member) -> dict[str, Any]:
    """As contracts.accounts.MemberView."""
    return {key: value for key, value in asdict(member).items() if key not in _ONLY_OURS}
