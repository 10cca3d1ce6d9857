"""Who may enter, see or rule a call. Pure: what rooms and waiting say is an argument."""

from typing import Any

from contracts.actor import Actor
from contracts.errors import Conflict, Forbidden, Gone, NotFound
from services.media.call import Call, Participant
from services.media.seats import Person

_GOES_IN = frozenset({"admitted", "in_call"})


def member(
    actor: Actor, room: dict[str, Any], device_id: str, call: Call | None = None, *, by_handover: bool = False
) -> Person:
    """The member as somebody who may be seated; `room` is contracts.rooms.RoomView as rooms shows it to them.

    `call` is the one that goes on in the room: in a room that was suspended meanwhile it goes on to its end, for those in it.
    `by_handover`: they meet the colleague there to whom they hand somebody over (contracts.waiting_handovers.Pass).

    Raises:
        Forbidden: they do not host in this room.
        Conflict: the room is not open.
    """
    if not by_handover and not sits(call, actor):
        check_hosts(room)
    if room["state"] != "open" and not _was_in(call, actor):
        raise Conflict("This room is closed at the moment.", room_state=room["state"])
    return Person(actor.name or "Host", "host", device_id, member_id=actor.id)


def largest_number(room: dict[str, Any]) -> int | None:
    """Of people in the room's call (contracts.room_settings.EffectiveSettings); none where it is not said."""
    number: int | None = (room.get("settings") or {}).get("largest_number")
    return number


def guest(actor: Actor, admission: dict[str, Any]) -> Person:
    """The guest as somebody who may be seated; `admission` is contracts.waiting.Admission.

    Raises:
        NotFound: this is the admission of somebody else.
        Conflict: their link was opened on another device since, or they are not let in yet.
        Gone: their visit is over.
    """
    # not by the room that their link opens: they may have been let into another since
    if admission["caller_id"] != actor.caller_id:
        raise NotFound
    if admission["device_id"] != actor.device_id:
        raise Conflict("Your link was opened on another device. Go on there, or open the link here again.")
    if admission["state"] == "left":
        raise Gone("This visit is over. Open the link again to wait for another.")
    if admission["state"] not in _GOES_IN:
        raise Conflict("You are in the Waiting Room until somebody lets you in.", state=admission["state"])
    return admitted(admission)


def admitted(admission: dict[str, Any]) -> Person:
    """Somebody who was let in, as waiting knows them."""
    return Person(admission["display_name"], "guest", admission["device_id"], caller_id=admission["caller_id"])


def sits(call: Call | None, actor: Actor) -> bool:
    """Whether the member has a seat in the call now, also one that is kept while they find back to it."""
    return call is not None and any(seat.member_id == actor.id for seat in call.present())


def _was_in(call: Call | None, actor: Actor) -> bool:
    return call is not None and any(seat.member_id == actor.id for seat in call.participants)


def check_hosts(room: dict[str, Any]) -> None:
    """Raises Forbidden unless the reader hosts in the room."""
    if not room["may_host"]:
        raise Forbidden(
            "Only the owner enters a User Room." if room["kind"] == "user" else "You may not host in this room."
        )


def check_receives(room: dict[str, Any]) -> None:
    """Raises Forbidden unless the reader receives for the room."""
    if not room["may_receive"]:
        raise Forbidden("Only those who receive for this room see its call.")


def check_seated(call: Call, actor: Actor) -> None:
    """Raises NotFound unless the guest has or had a seat in the call; not one out of which they were put back or handed on."""
    own = [seat for seat in call.participants if actor.caller_id and seat.caller_id == actor.caller_id]
    if all(seat.left_reason == "moved" for seat in own):
        raise NotFound


def own_seat(call: Call, participant_id: str, actor: Actor) -> Participant:
    """The actor's seat of this id; raises NotFound for another's."""
    seat = call.seat(participant_id)
    owner = seat and (seat.member_id if actor.kind == "member" else seat.caller_id)
    if seat is None or owner is None or owner != (actor.id if actor.kind == "member" else actor.caller_id):
        raise NotFound
    return seat
