"""What is kept of a caller: a guest who has arrived, from their waiting to their leaving."""

from dataclasses import dataclass
from datetime import datetime

from contracts.invitations import CLIENT
from services.waiting.answers import Answer, Consent


@dataclass(frozen=True)
class DeviceTest:
    """What the guest's own check found: true it works, false it does not, none not tried."""

    camera: bool | None = None
    microphone: bool | None = None


@dataclass(frozen=True)
class Caller:
    """One visit of one guest.

    `place` is what nobody else can hold at the same time; it is none once they have left (see `place_of`).
    `connections` are the open live connections of their page, and `heard_at` when
    one of them was last said to be there, so that those of a process that died do not hold a place for ever. `connected` is what hosts are shown: true from the arrival
    on, although the page's first connection opens a moment later. `away_since` is none while a connection is open. The store
    counts `version`.
    """

    id: str
    organisation_id: str
    room_id: str
    state: str
    display_name: str
    invited_name: str | None
    name_differs: bool
    language: str
    device_id: str
    recipient_id: str | None
    invitation_id: str | None
    session_id: str | None
    device_test: DeviceTest | None
    waiting_since: datetime
    place: str | None
    connections: tuple[str, ...] = ()
    connected: bool = True
    heard_at: datetime | None = None
    away_since: datetime | None = None
    admitted_by_member_id: str | None = None
    admitted_by_name: str | None = None
    admitted_at: datetime | None = None
    participant_id: str | None = None
    call_id: str | None = None
    ended_at: datetime | None = None
    end_reason: str | None = None
    end_message: str | None = None
    answers: tuple[Answer, ...] = ()
    consent: Consent | None = None
    role: str = CLIENT
    for_recipient_id: str | None = None
    version: int = 1


def place_of(state: str, room_id: str, recipient_id: str | None, device_id: str) -> str | None:
    """The key of a place, unique in an organisation.

    Who waits by a personal link holds the link's one place in the queue, on whichever device; who waits by the room link
    holds one per device. Once let in, the seat belongs to link and device together, so that another device with the same
    link waits again. Who left holds none.
    """
    if state == "left":
        return None
    if state == "waiting" and recipient_id:
        return f"{room_id}/{recipient_id}"
    return f"{room_id}/{recipient_id or 'room-link'}/{device_id}"
