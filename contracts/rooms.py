"""What rooms says: plans and their limits, User Rooms and Meeting Rooms, and the links that open them."""

from marshmallow import fields, validate

from contracts.command import Command, Nothing, Request, View
from contracts.events import EventData
from contracts.fields import Id, Instant, name_text

KINDS = ("user", "meeting")


class ReadPlan(Request):
    name = fields.String(required=True, validate=validate.Length(1, 40))
    policy_version = fields.Integer(load_default=None, allow_none=True)


class PlanView(View):
    """`meeting_rooms` is the largest number of Meeting Rooms, null for any number; `first_rooms` are made with the organisation."""

    name = fields.String(required=True)
    aliases = fields.List(fields.String(), required=True)
    policy_version = fields.Integer(required=True)
    meeting_rooms = fields.Integer(required=True, allow_none=True)
    meeting_rooms_renamed = fields.Boolean(required=True)
    waiting_area = fields.Boolean(required=True)
    first_rooms = fields.List(fields.String(), required=True)


class Entitlements(View):
    plan = fields.Nested(PlanView, required=True)
    meeting_rooms_used = fields.Integer(required=True)


class RoomView(View):
    """A room as its reader may see it. `waiting` and `in_call` count people; `link` is the readable part of its address.

    `may_host`: may enter it and accept people. `may_receive`: sees its queue, invites to it, and messages those who wait.
    """

    id = Id(required=True)
    organisation_id = Id(required=True)
    kind = fields.String(required=True, validate=validate.OneOf(KINDS))
    name = fields.String(required=True)
    owner_member_id = Id(allow_none=True)
    link = fields.String(required=True)
    locked = fields.Boolean(required=True)
    state = fields.String(required=True, validate=validate.OneOf(("open", "suspended", "removed")))
    waiting = fields.Integer(required=True)
    in_call = fields.Integer(required=True)
    may_host = fields.Boolean(required=True)
    may_receive = fields.Boolean(required=True)
    may_rename = fields.Boolean(required=True)
    version = fields.Integer(required=True)
    created_at = Instant()


class RoomList(View):
    items = fields.List(fields.Nested(RoomView), required=True)


class ReadRoom(Request):
    room_id = Id(required=True)


class CreateMeetingRoom(Request):
    name = name_text(required=True)


class RenameRoom(Request):
    room_id = Id(required=True)
    name = name_text(required=True)


class LockRoom(Request):
    room_id = Id(required=True)
    locked = fields.Boolean(required=True)


class ResolveLink(Request):
    link = fields.String(required=True, validate=validate.Length(1, 120))


class ResolvedLink(View):
    """What a room link opens, for somebody who is not signed in."""

    room_id = Id(required=True)
    organisation_id = Id(required=True)
    kind = fields.String(required=True)
    name = fields.String(required=True)
    state = fields.String(required=True)


GET_PLAN = Command("rooms.get_plan", ReadPlan, PlanView, "plan.read")
GET_ENTITLEMENTS = Command("rooms.get_entitlements", Nothing, Entitlements, "plan.read")
LIST_ROOMS = Command("rooms.list_rooms", Nothing, RoomList, "room.read")
GET_ROOM = Command("rooms.get_room", ReadRoom, RoomView, "room.read")
CREATE_MEETING_ROOM = Command("rooms.create_meeting_room", CreateMeetingRoom, RoomView, "room.create", changes=True)
RENAME_ROOM = Command("rooms.rename_room", RenameRoom, RoomView, "room.change", changes=True)
LOCK_ROOM = Command("rooms.lock_room", LockRoom, RoomView, "room.change", changes=True)
ROTATE_LINK = Command("rooms.rotate_link", ReadRoom, RoomView, "room.change", changes=True)
RESOLVE_LINK = Command("rooms.resolve_link", ResolveLink, ResolvedLink, "room.resolve_link")


class RoomCreated(EventData):
    room_id = Id(required=True)
    kind = fields.String(required=True)
    owner_member_id = Id(allow_none=True)


class RoomChanged(EventData):
    room_id = Id(required=True)


class OccupancyChanged(EventData):
    room_id = Id(required=True)
    waiting = fields.Integer(required=True)
    in_call = fields.Integer(required=True)


class QuotaExceeded(EventData):
    limit = fields.String(required=True)
    used = fields.Integer(required=True)
    allowed = fields.Integer(required=True)
    plan = fields.String(required=True)
    allowed_by = fields.String(allow_none=True)


EVENTS: dict[str, type[EventData]] = {
    "room.created": RoomCreated,
    "room.renamed": RoomChanged,
    "room.locked": RoomChanged,
    "room.unlocked": RoomChanged,
    "room.link_rotated": RoomChanged,
    "room.occupancy_changed": OccupancyChanged,
    "quota.exceeded": QuotaExceeded,
}
