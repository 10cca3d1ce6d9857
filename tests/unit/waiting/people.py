"""Callers for the tests of the path."""

import datetime as dt
from dataclasses import replace
from typing import Any

from services.waiting.caller import Caller, place_of

NOW = dt.datetime(2026, 11, 22, 10, 0, tzinfo=dt.UTC)
LATER = NOW + dt.timedelta(minutes=3)
ROOM = "01920000-0000-7000-8000-000000000001"


def caller(**changes: Any) -> Caller:
    """Mia, who came by her personal link and waits, with her page's first connection open; with changes."""
    made = replace(
        Caller(
            id="01920000-0000-7000-8000-0000000000aa",
            organisation_id="01920000-0000-7000-8000-0000000000bb",
            room_id=ROOM,
            state="waiting",
            display_name="Mia Keller",
            invited_name="Mia Keller",
            name_differs=False,
            language="en",
            device_id="phone",
            recipient_id="01920000-0000-7000-8000-0000000000cc",
            invitation_id=None,
            session_id=None,
            device_test=None,
            waiting_since=NOW,
            place=None,
            connections=("first",),
        ),
        **changes,
    )
    return replace(made, place=place_of(made.state, made.room_id, made.recipient_id, made.device_id))


def admitted(**changes: Any) -> Caller:
    """Mia after Dr Smith has accepted her."""
    return caller(state="admitted", admitted_by_member_id="smith", admitted_by_name="Dr Smith", **changes)
