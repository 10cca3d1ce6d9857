"""What rooms says: plans and their limits, User Rooms and Meeting Rooms, and the links that open them."""

from marshmallow import fields, validate

from contracts.command import Command, Done, Nothing, Request, View
from contracts.events import EventData
from contracts.fields import Id, Instant, name_text
from contracts.room_settings import ChangeInheritedSettings, EffectiveSettings, InheritedSettings, LevelChange

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


class ListPlans(Request):
    """Of the organisation's own version of the policy when none is given."""

    policy_version = fields.Integer(load_default=None, allow_none=True)


class PlanList(View):
    """From the smallest plan to the largest. `policy_versions`: every version that an organisation may be on."""

    items = fields.List(fields.Nested(PlanView), required=True)
    policy_version = fields.Integer(required=True)
    policy_versions = fields.List(fields.Integer(), required=True)


class Entitlements(View):
    """`meeting_rooms_used` counts those that are suspended too. `next_meeting_room_name`: where the plan fixes it, else null."""

    plan = fields.Nested(PlanView, required=True)
    meeting_rooms_used = fields.Integer(required=True)
    meeting_rooms_suspended = fields.Integer(load_default=0)
    next_meeting_room_name = fields.String(allow_none=True)


class PreviewPlanChange(Request):
    """Without a `policy_version`, within the organisation's own."""

    plan = fields.String(required=True, validate=validate.Length(1, 40))
    policy_version = fields.Integer(load_default=None, allow_none=True)


class LimitPreview(View):
    """`allowed` is null for any number; `over` is how many would be over the limit."""

    limit = fields.String(required=True)
    used = fields.Integer(required=True)
    allowed = fields.Integer(required=True, allow_none=True)
    over = fields.Integer(required=True)


class RoomInPreview(View):
    room_id = Id(required=True)
    name = fields.String(required=True)
    waiting = fields.Integer(required=True)
    in_call = fields.Integer(required=True)


class PlanChangePreview(View):
    """What a change of plan would do. `gained` and `lost` name what the one plan includes and the other does not.

    `rooms_suspended` newest first, as they would be; a call in one of them would go on to its end.
    """

    plan_now = fields.Nested(PlanView, required=True)
    plan_then = fields.Nested(PlanView, required=True)
    limits = fields.List(fields.Nested(LimitPreview), required=True)
    rooms_suspended = fields.List(fields.Nested(RoomInPreview), required=True)
    rooms_restored = fields.List(fields.Nested(RoomInPreview), required=True)
    gained = fields.List(fields.String(), required=True)
    lost = fields.List(fields.String(), required=True)


class TakePlan(Request):
    """What accounts has decided: `plan_revision` counts the changes of the organisation's plan, so that none is undone by a late one."""

    plan = fields.String(required=True, validate=validate.Length(1, 40))
    policy_version = fields.Integer(required=True)
    plan_revision = fields.Integer(required=True)


class CheckWaitingArea(Request):
    """`used`: how many Waiting Areas there are already."""

    used = fields.Integer(required=True, strict=True, validate=validate.Range(0))


class RoomView(View):
    """A room as its reader may see it. `waiting` and `in_call` count people; `link` is the readable part of its address.

    `may_host`: may enter it and accept people. `may_receive`: sees its queue, invites to it, and messages those who wait.
    `clinic_id`: whose settings it inherits, beside the organisation's. `owner_gone`: a User Room whose member was removed; nobody
    hosts in it until an owner of the organisation hands it over.
    """

    id = Id(required=True)
    organisation_id = Id(required=True)
    kind = fields.String(required=True, validate=validate.OneOf(KINDS))
    name = fields.String(required=True)
    owner_member_id = Id(allow_none=True)
    owner_gone = fields.Boolean(load_default=False)
    link = fields.String(required=True)
    locked = fields.Boolean(required=True)
    state = fields.String(required=True, validate=validate.OneOf(("open", "suspended", "removed")))
    waiting = fields.Integer(required=True)
    in_call = fields.Integer(required=True)
    may_host = fields.Boolean(required=True)
    may_receive = fields.Boolean(required=True)
    may_rename = fields.Boolean(required=True)
    clinic_id = Id(allow_none=True)
    settings = fields.Nested(EffectiveSettings)
    version = fields.Integer(required=True)
    created_at = Instant()


class RoomList(View):
    items = fields.List(fields.Nested(RoomView), required=True)


class ReadRoom(Request):
    room_id = Id(required=True)


class CreateMeetingRoom(Request):
    """Where the plan fixes the names, the room gets the plan's next one, and any other is refused; elsewhere it needs a `name`."""

    name = name_text(load_default=None, allow_none=True)
    clinic_id = Id(load_default=None, allow_none=True)


class ChangeRoom(Request):
    """What is left out stays as it is; all of the rest is done, or nothing.

    `version`: as read; refused as Outdated when somebody changed the room since. Who comes and goes changes nothing here.
    """

    room_id = Id(required=True)
    name = name_text()
    locked = fields.Boolean()
    clinic_id = Id(allow_none=True)
    settings = fields.Nested(LevelChange)
    version = fields.Integer(load_default=None, allow_none=True)


class RemoveRoom(Request):
    """Without `confirm`, only when nobody is inside. `version` as in ChangeRoom."""

    room_id = Id(required=True)
    confirm = fields.Boolean(load_default=False)
    version = fields.Integer(load_default=None, allow_none=True)


class HandOverRoom(Request):
    """`member_id`: who hosts in the User Room from now on."""

    room_id = Id(required=True)
    member_id = Id(required=True)


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
LIST_PLANS = Command("rooms.list_plans", ListPlans, PlanList, "plan.read")
PREVIEW_PLAN_CHANGE = Command("rooms.preview_plan_change", PreviewPlanChange, PlanChangePreview, "plan.preview")
CHECK_WAITING_AREA = Command("rooms.check_waiting_area", CheckWaitingArea, Done, "area.change", changes=True)
TAKE_PLAN = Command("rooms.take_plan", TakePlan, Entitlements, "plan.take", changes=True)
LIST_ROOMS = Command("rooms.list_rooms", Nothing, RoomList, "room.read")
GET_ROOM = Command("rooms.get_room", ReadRoom, RoomView, "room.read")
CREATE_MEETING_ROOM = Command("rooms.create_meeting_room", CreateMeetingRoom, RoomView, "room.create", changes=True)
CHANGE_ROOM = Command("rooms.change_room", ChangeRoom, RoomView, "room.change", changes=True)
HAND_OVER_ROOM = Command("rooms.hand_over_room", HandOverRoom, RoomView, "room.hand_over", changes=True)
REMOVE_ROOM = Command("rooms.remove_room", RemoveRoom, Done, "room.remove", changes=True)
GET_INHERITED_SETTINGS = Command("rooms.get_inherited_settings", Nothing, InheritedSettings, "settings.read")
CHANGE_INHERITED_SETTINGS = Command(
    "rooms.change_inherited_settings", ChangeInheritedSettings, InheritedSettings, "settings.change", changes=True
)
ROTATE_LINK = Command("rooms.rotate_link", ReadRoom, RoomView, "room.change", changes=True)
RESOLVE_LINK = Command("rooms.resolve_link", ResolveLink, ResolvedLink, "room.resolve_link")


class RoomCreated(EventData):
    room_id = Id(required=True)
    kind = fields.String(required=True)
    owner_member_id = Id(allow_none=True)


class RoomChanged(EventData):
    room_id = Id(required=True)


class RoomHandedOver(EventData):
    room_id = Id(required=True)
    owner_member_id = Id(required=True)


class SettingsChanged(EventData):
    """`clinic_id` null: of the whole organisation."""

    clinic_id = Id(allow_none=True)


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


class QuotaChanged(EventData):
    """The organisation's rooms go by another plan from now on."""

    plan = fields.String(required=True)
    policy_version = fields.Integer(required=True)
    plan_revision = fields.Integer(required=True)


EVENTS: dict[str, type[EventData]] = {
    "room.created": RoomCreated,
    "room.renamed": RoomChanged,
    "room.locked": RoomChanged,
    "room.unlocked": RoomChanged,
    "room.link_rotated": RoomChanged,
    "room.settings_changed": RoomChanged,
    "room.owner_gone": RoomChanged,
    "room.handed_over": RoomHandedOver,
    "room.suspended": RoomChanged,
    "room.restored": RoomChanged,
    "room.removed": RoomChanged,
    "room.occupancy_changed": OccupancyChanged,
    "quota.exceeded": QuotaExceeded,
    "quota.changed": QuotaChanged,
    "settings.changed": SettingsChanged,
}
