"""Sessions and people for the tests of the rules."""

import datetime as dt
from dataclasses import replace
from typing import Any

from contracts.actor import Actor
from services.scheduler.planned import plan
from services.scheduler.session import Session

NOW = dt.datetime(2026, 11, 22, 10, 0, tzinfo=dt.UTC)
ORGANISATION = "01920000-0000-7000-8000-0000000000bb"
ROOM = "01920000-0000-7000-8000-000000000001"
OTHER_ROOM = "01920000-0000-7000-8000-000000000002"
SMITH = "01920000-0000-7000-8000-0000000000d1"
JONES = "01920000-0000-7000-8000-0000000000d2"


def session(number: int = 1, at: str = "2026-11-30T10:00", minutes: int = 30, **changes: Any) -> Session:
    made = Session(
        id=f"01920000-0000-7000-8000-{number:012x}",
        organisation_id=ORGANISATION,
        room_id=ROOM,
        title="My first call with client",
        planned=plan(at, "Europe/Berlin", minutes, now=NOW),
        host_member_ids=(SMITH,),
        invitation_id=None,
        created_by=SMITH,
        created_at=NOW,
    )
    return replace(made, **changes)


def member(role: str, id: str = SMITH) -> Actor:
    return Actor(kind="member", id=id, organisation_id=ORGANISATION, roles=(role,))
