"""Rooms, ledgers and readers for the tests of the rules."""

import datetime as dt
from dataclasses import replace
from typing import Any

from contracts.actor import Actor
from services.rooms.ledger import Ledger
from services.rooms.plans import Policy
from services.rooms.policies import read_policies
from services.rooms.room import MEETING, USER, Room

NOW = dt.datetime(2026, 11, 22, 10, 0, tzinfo=dt.UTC)
ORGANISATION = "01920000-0000-7000-8000-0000000000bb"
SMITH = "01920000-0000-7000-8000-0000000000d1"
POLICY: Policy = read_policies().version(None)


def room(kind: str = MEETING, **changes: Any) -> Room:
    """A Meeting Room, or the User Room of Dr Smith."""
    made = Room(
        id="01920000-0000-7000-8000-000000000001",
        organisation_id=ORGANISATION,
        kind=kind,
        name="Reception" if kind == MEETING else "Dr Smith",
        owner_member_id=SMITH if kind == USER else None,
        link="reception-k3f9w2xh",
        created_at=NOW,
    )
    return replace(made, **changes)


def ledger(plan: str, *room_ids: str) -> Ledger:
    return Ledger(ORGANISATION, ORGANISATION, plan, POLICY.version, room_ids)


def member(role: str, id: str = "01920000-0000-7000-8000-0000000000d2") -> Actor:
    return Actor(kind="member", id=id, organisation_id=ORGANISATION, roles=(role,))
