"""Invitations and people for the tests of the rules."""

import datetime as dt
from dataclasses import replace
from typing import Any

from services.invitations.invitation import TAKEN, Invitation, Planned, Recipient, Sender
from services.invitations.links import hash_of, token_of

NOW = dt.datetime(2026, 11, 22, 10, 0, tzinfo=dt.UTC)
ORGANISATION = "01920000-0000-7000-8000-0000000000bb"
ROOM = "01920000-0000-7000-8000-000000000001"
SESSION = "01920000-0000-7000-8000-0000000000cc"
KEY = b"k" * 40
MIA = "01920000-0000-7000-8000-0000000000f1"
OMAR = "01920000-0000-7000-8000-0000000000f2"
SMITH = Sender("Dr Smith", "Northside Clinic", "smith@clinic.example", "+61 2 5550 1234", "m")


def hash_of_link(recipient_id: str, generation: int) -> str:
    return hash_of(token_of(KEY, recipient_id, generation))


def recipient(
    id: str = MIA, address: str = "mia@example.com", name: str | None = "Mia K.", **changes: Any
) -> Recipient:
    return replace(Recipient(id, address, name, hash_of_link(id, 1), queued_at=NOW, next_try_at=NOW), **changes)


def taken(id: str = MIA, **changes: Any) -> Recipient:
    """Whose mail the mail server has."""
    return recipient(id, delivery=TAKEN, next_try_at=None, **changes)


def planned(start: str = "2027-03-30T10:00", zone: str = "Europe/Berlin", minutes: int = 30) -> Planned:
    from zoneinfo import ZoneInfo

    starts_at = dt.datetime.fromisoformat(start).replace(tzinfo=ZoneInfo(zone)).astimezone(dt.UTC)
    return Planned(start, zone, minutes, starts_at, starts_at + dt.timedelta(minutes=minutes))


def invitation(*recipients: Recipient, number: int = 1, **changes: Any) -> Invitation:
    people = recipients or (recipient(),)
    made = Invitation(
        id=f"01920000-0000-7000-8000-{number:012x}",
        organisation_id=ORGANISATION,
        room_id=ROOM,
        room_name="Dr Smith",
        session_id=None,
        title="My first call with client",
        message="I would like to invite you to a call with Dr Smith.\n\nPlease fill in the forms.",
        language="en",
        sender=SMITH,
        planned=None,
        recipients=people,
        link_hashes=tuple(one.link_hash for one in people if one.link_hash),
        created_at=NOW,
        due_at=min((one.next_try_at for one in people if one.next_try_at), default=None),
    )
    return replace(made, **changes)


def timed(*recipients: Recipient, **changes: Any) -> Invitation:
    return invitation(*recipients, **{"planned": planned(), "session_id": SESSION, **changes})
