"""Rooms: User Rooms, Meeting Rooms, their links and who is in them."""

import marshmallow as ma
from flask import Response, request

from contracts import invitations, media, rooms, waiting
from contracts.command import Request
from contracts.errors import Invalid, Outdated
from contracts.fields import name_text
from gateway.api import asking, bodies
from gateway.api.area import Area

area = Area("rooms", "User Rooms and Meeting Rooms, their links, and who is in them")


class RoomChange(Request):
    """What is left out stays as it is."""

    name = name_text()
    locked = ma.fields.Boolean()


@area.blueprint.route("/rooms/<id:room_id>", methods=["GET"])
@area.blueprint.response(200, rooms.RoomView, headers={"ETag": {"schema": {"type": "string"}}})
def get_room(room_id: str) -> Response:
    """One room. Its ETag is its version."""
    return _with_tag(asking.ask(rooms.GET_ROOM, {"room_id": room_id}, asking.member()))


@area.blueprint.route("/rooms/<id:room_id>", methods=["PATCH"])
@area.described(RoomChange, rooms.RoomView, "/rooms/<id:room_id>")
def change_room(room_id: str) -> Response:
    """Rename it, lock it, or open it again. With If-Match, only if nobody changed it meanwhile (412)."""
    actor = asking.member()
    change = bodies.json_object(request)
    unknown = change.keys() - {"name", "locked"}
    if unknown or not change:
        errors = [{"pointer": f"/{name}", "detail": "Unknown field."} for name in sorted(unknown)]
        raise Invalid("Give `name`, `locked` or both.", errors=errors)
    wanted = request.headers.get("If-Match", "*").strip()
    if wanted != "*":
        _refuse_outdated(wanted, asking.ask(rooms.GET_ROOM, {"room_id": room_id}, actor))
    room: dict[str, object] = {}
    if "name" in change:
        room = asking.ask(rooms.RENAME_ROOM, {"room_id": room_id, "name": change["name"]}, actor)
    if "locked" in change:
        room = asking.ask(rooms.LOCK_ROOM, {"room_id": room_id, "locked": change["locked"]}, actor)
    return _with_tag(room)


def _refuse_outdated(wanted: str, room: dict[str, object]) -> None:
    if _tag(room) not in [tag.strip() for tag in wanted.split(",")]:
        raise Outdated("Read the room again and repeat the change if it still fits.", version=room["version"])


def _tag(room: dict[str, object]) -> str:
    return f'"{room["version"]}"'


def _with_tag(room: dict[str, object]) -> Response:
    response = asking.reply(room)
    response.headers["ETag"] = _tag(room)
    return response


area.answers("GET", "/rooms", rooms.LIST_ROOMS, "All rooms that the reader may see, their own first.")
area.answers("POST", "/rooms", rooms.CREATE_MEETING_ROOM, "Make a Meeting Room, as far as the plan allows.", status=201)
area.answers("POST", "/rooms/<id:room_id>/link", rooms.ROTATE_LINK, "Give it another link; the old one stops at once.")
area.answers(
    "GET", "/rooms/<id:room_id>/callers", waiting.LIST_CALLERS, "Who waits or is in the call, longest waiting first."
)
area.answers("GET", "/rooms/<id:room_id>/invitations", invitations.LIST_INVITATIONS, "Invitations to it, newest first.")
area.answers("GET", "/rooms/<id:room_id>/call", media.FIND_CALL, "The call that is going on in it, or null.")
