"""Organisations, members and readers for the tests of the rules."""

import datetime as dt
from dataclasses import replace
from typing import Any

from contracts.actor import Actor
from services.accounts.member import Member
from services.accounts.organisation import Clinic, Organisation

NOW = dt.datetime(2026, 11, 22, 10, 0, tzinfo=dt.UTC)
ID = "01920000-0000-7000-8000-0000000000bb"
CLINIC = Clinic("01920000-0000-7000-8000-0000000000c1", "Example Clinic")


def organisation(**changes: Any) -> Organisation:
    made = Organisation(
        id=ID,
        organisation_id=ID,
        name="Example Health",
        plan="Premium",
        policy_version=1,
        zone="Australia/Sydney",
        language="en",
        contact_phone=None,
        contact_email=None,
        clinics=(CLINIC,),
        created_at=NOW,
    )
    return replace(made, **changes)


def member(**changes: Any) -> Member:
    made = Member(
        id="01920000-0000-7000-8000-0000000000d1",
        organisation_id=ID,
        email="smith@example.com",
        email_key="smith@example.com",
        name="Dr Smith",
        role="provider",
        clinic_ids=(CLINIC.id,),
        language=None,
        password_hash="$argon2id$",
        created_at=NOW,
    )
    return replace(made, **changes)


def actor(role: str) -> Actor:
    return Actor(kind="member", id="01920000-0000-7000-8000-0000000000d9", organisation_id=ID, roles=(role,))
