"""What people write to each other in a call: who may, what is kept of it, and for how long. Pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from contracts.actor import Actor
from contracts.errors import Conflict, NotFound
from plumbing.store import Event
from services.media import access
from services.media.call import PRESENT, Call

# Where nobody was left to end the call: longer than any consultation lasts.
FORGOTTEN_AFTER = timedelta(hours=24)


@dataclass(frozen=True)
class Line:
    """One line. `forget_at`: when the store lets go of it; the end of the call brings it forward."""

    id: str
    organisation_id: str
    call_id: str
    room_id: str
    participant_id: str
    display_name: str
    text: str
    said_at: datetime
    forget_at: datetime
    version: int = 1


def said(
    call: Call, *, participant_id: str, actor: Actor, line_id: str, text: str, now: datetime
) -> tuple[Line, Event]:
    """A line by whoever sits on that seat.

    Raises:
        NotFound: it is not their seat.
        Conflict: the call has ended, or they are out of it or on hold.
    """
    seat = access.own_seat(call, participant_id, actor)
    if call.state != "open" or seat.state not in PRESENT:
        raise Conflict("You are no longer in this call.")
    if seat.held:
        raise Conflict("You are on hold. You can write again when you are taken back.")
    line = Line(
        id=line_id,
        organisation_id=call.organisation_id,
        call_id=call.id,
        room_id=call.room_id,
        participant_id=seat.id,
        display_name=seat.display_name,
        text=text,
        said_at=now,
        forget_at=now + FORGOTTEN_AFTER,
    )
    ids = {"line_id": line_id, "call_id": call.id, "room_id": call.room_id, "participant_id": seat.id}
    return line, Event("call.said", ids)


def check_reads(call: Call, actor: Actor) -> None:
    """Only those who are in the call, and not on hold, read what is written in it; also what was before they came. Raises NotFound."""
    own = actor.id if actor.kind == "member" else actor.caller_id
    sits = any(own and own in (seat.member_id, seat.caller_id) and not seat.held for seat in call.present())
    if call.state != "open" or not sits:
        raise NotFound


def line_view(line: Line) -> dict[str, Any]:
    """Plain values for `contracts.call_chat.LineView`."""
    return {
        "id": line.id,
        "call_id": line.call_id,
        "room_id": line.room_id,
        "participant_id": line.participant_id,
        "display_name": line.display_name,
        "text": line.text,
        "said_at": line.said_at,
    }
