"""How an organisation is made so that a crash between any two steps leaves nothing half-made for long. Pure.

First its owner is kept as expected, which holds the address; then the organisation with its first clinic; then the owner
becomes a member. The command repeated goes on where it stopped. If nobody repeats it, a timer finishes what has an
organisation, and gives the address of what has none free again.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from typing import Any

from plumbing.ids import follow
from services.accounts.addresses import read_address
from services.accounts.member import Member, from_request
from services.accounts.organisation import Clinic, Organisation, known_zone

FINISHED_BY_OTHERS_AFTER = timedelta(seconds=30)
GIVEN_UP_AFTER = timedelta(minutes=10)


class Fate(Enum):
    """What becomes of an expected owner."""

    WAIT = "wait"
    FINISH = "finish"
    GIVE_UP = "give up"


@dataclass(frozen=True)
class Founded:
    """An organisation with its first clinic, and its owner, who still has no password."""

    organisation: Organisation
    owner: Member


def found(request: dict[str, Any], plan: dict[str, Any], *, organisation_id: str, now: datetime) -> Founded:
    """What contracts.accounts.CreateOrganisation asks for, on a plan (contracts.rooms.PlanView). Raises Invalid.

    The ids of clinic and owner follow from the organisation's, so that the command repeated makes the same ones.
    """
    address = read_address(request["owner"]["email"], "/owner/email")
    contact = request["contact_email"]
    clinic = Clinic(follow(organisation_id, "clinic"), request["clinic_name"])
    organisation = Organisation(
        id=organisation_id,
        organisation_id=organisation_id,
        name=request["name"],
        plan=plan["name"],
        policy_version=plan["policy_version"],
        zone=known_zone(request["zone"]),
        language=request["language"],
        contact_phone=request["contact_phone"],
        contact_email=read_address(contact, "/contact_email").text if contact else None,
        clinics=(clinic,),
        created_at=now,
    )
    owner = from_request(
        {**request["owner"], "role": "owner"},
        address,
        (clinic.id,),
        id=follow(organisation_id, "owner"),
        organisation_id=organisation_id,
        now=now,
    )
    return Founded(organisation, owner)


def fate(expected_since: datetime, organisation_is_there: bool, now: datetime) -> Fate:
    """What to do with an expected owner; its own process is given time first."""
    if organisation_is_there:
        return Fate.FINISH if expected_since + FINISHED_BY_OTHERS_AFTER <= now else Fate.WAIT
    return Fate.GIVE_UP if expected_since + GIVEN_UP_AFTER <= now else Fate.WAIT
