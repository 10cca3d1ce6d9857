"""Who may see and decide what about a caller. Pure: what rooms says of the room (contracts.rooms.RoomView) is an argument."""

from typing import Any

from contracts.actor import Actor
from contracts.errors import Conflict, Forbidden, Gone, NotFound
from services.waiting.caller import Caller


def check_open(room: dict[str, Any]) -> None:
    """Raises Gone or Conflict for a room where nobody can wait. A locked one is open: who comes queues."""
    if room["state"] == "removed":
        raise Gone("This room is no more. Ask whoever invited you for a new link.")
    if room["state"] != "open":
        raise Conflict("This room is closed at the moment. Ask whoever invited you.", room_state=room["state"])


def check_own(caller: Caller, actor: Actor) -> None:
    """Raises NotFound unless the guest is this caller, Conflict when they were so on a device that has lost the place."""
    check_own_reading(caller, actor)
    if actor.device_id != caller.device_id:
        raise Conflict("Your link was opened on another device. Go on there, or open the link here again.")


def check_own_reading(caller: Caller, actor: Actor) -> None:
    """Raises NotFound unless the guest is this caller, on whichever device."""
    if actor.caller_id != caller.id:
        raise NotFound


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
