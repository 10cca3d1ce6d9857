"""Rooms: User Rooms, Meeting Rooms, their links and who is in them."""

import marshmallow as ma
from flask import Response, request

from contracts import invitations, media, rooms, waiting
from contracts.command import Request
from contracts.errors import Invalid
from gateway.api import asking, bodies, tags
from gateway.api.area import Area, combined

area = Area("rooms", "User Rooms and Meeting Rooms, their links, and who is in them")


class Removal(Request):
    """In the query. `confirm=true` removes it although people are inside."""

    confirm = ma.fields.Boolean()
    version = ma.fields.Integer()


@area.blueprint.route("/rooms/<id:room_id>", methods=["GET"])
@area.blueprint.response(200, rooms.RoomView, headers=tags.DESCRIBED)
@area.asks(rooms.GET_ROOM)
def get_room(room_id: str) -> Response:
    """One room. Its ETag is its version."""
    return tags.with_tag(asking.passed_on(rooms.GET_ROOM, {"room_id": room_id}, asking.member()))


@area.blueprint.route("/rooms/<id:room_id>", methods=["PATCH"])
@area.described(rooms.ChangeRoom, rooms.RoomView, "/rooms/<id:room_id>", tagged=True)
@area.asks(rooms.CHANGE_ROOM)
def change_room(room_id: str) -> Response:
    """Its name, lock, clinic and settings, all of what is given or nothing. With If-Match, only if nobody changed it meanwhile.

    Who comes and goes in the room counts as no change for If-Match.
    """
    actor = asking.member()
    change = bodies.json_object(request)
    if not change.keys() - {"version"}:
        raise Invalid("Give at least one thing to change.")
    asked = combined(tags.expecting(request, change), {"room_id": room_id})
    return tags.with_tag(asking.ask(rooms.CHANGE_ROOM, asked, actor))


@area.blueprint.route("/rooms/<id:room_id>", methods=["DELETE"])
@area.described(Removal, None, "/rooms/<id:room_id>", status=204, reads=True, heeds=True)
@area.asks(rooms.REMOVE_ROOM)
def remove_room(room_id: str) -> Response:
    """Remove a Meeting Room, or the User Room of a member who was removed. With people inside it is refused (409) and says how many, unless `confirm=true`."""
    actor = asking.member()
    asked = combined(tags.expecting(request, bodies.query(request)), {"room_id": room_id})
    asking.ask(rooms.REMOVE_ROOM, asked, actor)
    return asking.nothing()


area.answers("GET", "/rooms", rooms.LIST_ROOMS, "All rooms that the reader may see, their own first.")
area.answers("POST", "/rooms", rooms.CREATE_MEETING_ROOM, "Make a Meeting Room, as far as the plan allows.", status=201)
area.answers("POST", "/rooms/<id:room_id>/link", rooms.ROTATE_LINK, "Give it another link; the old one stops at once.")
area.answers(
    "POST", "/rooms/<id:room_id>/owner", rooms.HAND_OVER_ROOM, "Hand over the User Room of a member who was removed."
)
area.answers(
    "GET", "/rooms/<id:room_id>/callers", waiting.LIST_CALLERS, "Who waits or is in the call, longest waiting first."
)
area.answers(
    "GET",
    "/rooms/<id:room_id>/invitations",
    invitations.LIST_INVITATIONS,
    "Invitations to it, newest first, a page at a time.",
)
area.answers("GET", "/rooms/<id:room_id>/call", media.FIND_CALL, "The call that is going on in it, or null.")
