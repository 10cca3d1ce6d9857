"""Who may see and decide what about a caller. Pure: what rooms says of the room (contracts.rooms.RoomView) is an argument."""

from typing import Any

from contracts.actor import Actor
from contracts.errors import Conflict, Forbidden, Gone, NotFound
from contracts.guests import CLIENT, CLINICIAN, COMPANIONS
from services.waiting.areas.reading import sees
from services.waiting.caller import Caller


def check_link(room_id: str, actor: Actor) -> None:
    """Raises Forbidden for a guest whose link opens another room."""
    if actor.room_id != room_id:
        raise Forbidden("This link opens another room.")


def check_guest(role: str) -> None:
    """Raises Forbidden for a clinician: their link makes nobody a host, and no guest of them either."""
    if role == CLINICIAN:
        raise Forbidden("You are invited as a clinician. Sign in to take part.")


def check_client_is_in(caller: Caller, of_client: list[Caller]) -> None:
    """Raises Conflict for a carer or interpreter whose client is not in the call; `of_client`: the client's visits that last."""
    if caller.role in COMPANIONS and not is_in(of_client):
        text = "A carer or an interpreter comes in together with their client. Accept the client."
        raise Conflict(text, for_recipient_id=caller.for_recipient_id)


def is_in(callers: list[Caller]) -> bool:
    """Whether one of them was let in and has not left."""
    return any(caller.state in {"admitted", "in_call"} for caller in callers)


def check_open(room: dict[str, Any]) -> None:
    """Raises Gone or Conflict for a room where nobody can wait. A locked one is open: who comes queues."""
    if room["state"] == "removed":
        raise Gone("This room is no more. Ask whoever invited you for a new link.")
    if room["state"] != "open":
        raise Conflict("This room is closed at the moment. Ask whoever invited you.", room_state=room["state"])


def check_confirmed(room: dict[str, Any], confirmed: bool) -> None:
    """Raises Conflict when the room wants its hosts to confirm whom they let in, and this one has not."""
    if (room.get("settings") or {}).get("confirm_before_joining") and not confirmed:
        text = "In this room a host confirms whom they let in. Look at the name and the answers, then confirm."
        raise Conflict(text, confirm="confirm_before_joining")


def check_beside(caller: Caller, there: list[Caller], confirmed: bool) -> None:
    """Raises Conflict where another client is in the call, who would see and hear this one, and the host has not said that it is meant.

    Guests of the same invitation or session are meant to meet. `there`: who has a place in the room.
    """
    if confirmed or caller.role in COMPANIONS:
        return
    clients = [each for each in there if each.id != caller.id and each.role == CLIENT and is_in([each])]
    apart = [each.id for each in clients if not belong_together(caller, each)]
    if apart:
        text = "Another client is in this call, and they would see and hear each other. Confirm that it is meant."
        raise Conflict(text, confirm="beside_client", caller_ids=apart)


def check_still_there(known: Caller, room_id: str) -> None:
    """Raises Conflict for who was handed on, or put back, between being looked at and the decision about them."""
    if known.room_id != room_id:
        text = "Somebody else has decided about this caller meanwhile."
        raise Conflict(text, state=known.state, elsewhere=True)


def belong_together(one: Caller, other: Caller) -> bool:
    """Whether both came by the same link of their own, by the same invitation, or to the same session."""
    return any(
        getattr(one, shared) is not None and getattr(one, shared) == getattr(other, shared)
        for shared in ("recipient_id", "invitation_id", "session_id")
    )


def check_own(caller: Caller, actor: Actor) -> None:
    """Raises NotFound unless the guest is this caller, Conflict when they were so on a device that has lost the place."""
    check_own_reading(caller, actor)
    if actor.device_id != caller.device_id:
        raise Conflict("Your link was opened on another device. Go on there, or open the link here again.")


def check_own_reading(caller: Caller, actor: Actor) -> None:
    """Raises NotFound unless the guest is this caller, on whichever device."""
    if actor.caller_id != caller.id:
        raise NotFound


def check_sees_area(caller: Caller, actor: Actor) -> None:
    """Raises NotFound for who is not of the staff of the clinic in whose Waiting Area the caller is."""
    if not of_own_area(caller, actor):
        raise NotFound


def of_own_area(caller: Caller, actor: Actor) -> bool:
    """Whether they came by a Waiting Area that is the reader's to see."""
    return caller.clinic_id is not None and sees(caller.clinic_id, actor)


def own_room(rooms: list[dict[str, Any]], actor: Actor) -> dict[str, Any]:
    """The reader's own User Room among all that they see. Raises Conflict where they have none that is open."""
    for room in rooms:
        if room["kind"] == "user" and room["owner_member_id"] == actor.id and room["may_host"]:
            return room
    raise Conflict("You have no room of your own to let them into. Name a Meeting Room.")


def check_receives(room: dict[str, Any]) -> None:
    """Raises Forbidden unless the reader receives for the room."""
    if not room["may_receive"]:
        raise Forbidden("Only those who receive for this room see who waits in it.")


def check_hosts(room: dict[str, Any]) -> None:
    """Raises Forbidden unless the reader hosts in the room."""
    if not room["may_host"]:
        owner_only = room["kind"] == "user"
        raise Forbidden(
            "Only the owner of a User Room decides who comes in."
            if owner_only
            else "Only those who host in this room decide who comes in."
        )
