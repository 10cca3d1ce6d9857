"""What is kept of a caller: a guest who has arrived, from their waiting to their leaving."""

from dataclasses import dataclass
from datetime import datetime

from contracts.guests import CLIENT
from services.waiting.answers import Answer, Consent
from services.waiting.order import Standing


@dataclass(frozen=True)
class DeviceTest:
    """What the guest's own check found: true it works, false it does not, none not tried."""

    camera: bool | None = None
    microphone: bool | None = None


@dataclass(frozen=True)
class Message:
    """What was written while they wait; `by` says by which side, `name` by whom."""

    id: str
    by: str
    name: str
    text: str
    written_at: datetime


@dataclass(frozen=True)
class Held:
    """Who has had them in the call, and put them back to the queue."""

    member_id: str
    member_name: str
    at: datetime


@dataclass(frozen=True)
class Transfer:
    """Who handed them on, whereto, and out of which call."""

    member_id: str
    member_name: str
    to_name: str
    at: datetime
    previous_call_id: str | None = None


@dataclass(frozen=True)
class Acknowledged:
    """Who of the staff has seen first that they wait."""

    member_id: str
    member_name: str
    at: datetime


@dataclass(frozen=True)
class Alerted:
    """Once that people who are on duty in a clinic were told, `told` of them (services.waiting.alerting)."""

    stage: str
    clinic_id: str
    at: datetime
    told: int


@dataclass(frozen=True)
class TextMe:
    """The wish to be texted. `code` (hashed) is to be typed until `code_until`; with `confirmed_at` the place is kept until `kept_until` without the page.

    `page`: the address that the text leads to. `asked`: how many codes were sent; `tries`: how often one was typed wrongly.
    """

    number: str
    page: str
    code: str
    code_until: datetime
    asked: int
    asked_at: datetime
    tries: int = 0
    confirmed_at: datetime | None = None
    kept_until: datetime | None = None
    texted_at: datetime | None = None


@dataclass(frozen=True)
class Caller:
    """One visit of one guest.

    `room_id` is the place where they are: of a room, or while they wait in a Waiting Area the area's own id; `area_id` is where they
    came in or were handed on to (docs/adr/0027-a-waiting-area-is-a-place-like-a-room.md).
    Whoever is handed on is elsewhere from then on: `entry_id` is the room or area that their link opens, by which they are found again.
    `place` is what nobody else can hold at the same time; it is none once they have left (see `place_of`).
    `target_at`: until when they should be let in, none once they are or it is over; `breached_at`: when it was.
    `ringing_since`: from when on they want to be seen, which `acknowledged` is; `alert_at`: when somebody is told next unless they are.
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
    area_id: str | None = None
    clinic_id: str | None = None
    standing: Standing | None = None
    messages: tuple[Message, ...] = ()
    worse_at: datetime | None = None
    entry_id: str | None = None
    held: Held | None = None
    transferred: Transfer | None = None
    past_seats: tuple[str, ...] = ()
    target_at: datetime | None = None
    breached_at: datetime | None = None
    ringing_since: datetime | None = None
    alert_at: datetime | None = None
    alerted: tuple[Alerted, ...] = ()
    acknowledged: Acknowledged | None = None
    text_me: TextMe | None = None
    version: int = 1

    @property
    def in_area(self) -> bool:
        """Whether they are in a Waiting Area, and in no room yet."""
        return self.area_id is not None and self.room_id == self.area_id

    @property
    def room(self) -> str | None:
        """The room they are in, as others are told; none in a Waiting Area."""
        return None if self.in_area else self.room_id

    @property
    def came_to(self) -> str:
        """What their link opens: a Waiting Area, or the room where they are."""
        return self.entry_id or self.queue

    @property
    def queue(self) -> str:
        """Where they wait, or waited until they were let in: a Waiting Area, or the room."""
        return self.area_id or self.room_id


def in_turn(caller: Caller) -> tuple[datetime, datetime, str]:
    """The order of those who wait."""
    return stands(caller).at, caller.waiting_since, caller.id


def stands(caller: Caller) -> Standing:
    """Where they stand; who arrived before standings were kept, at their arrival."""
    return caller.standing or Standing(caller.waiting_since)


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
