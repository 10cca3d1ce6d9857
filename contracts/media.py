"""What media says: calls in progress, who has a seat in them, and on which node they are."""

from marshmallow import fields, validate

from contracts import call_chat
from contracts.command import Command, Done, Request, View
from contracts.events import EventData
from contracts.fields import Id, Instant

PARTS = (call_chat,)
PARTICIPANT_STATES = ("seated", "connected", "reconnecting", "left")


class JoinCall(Request):
    """A member names the room they enter; a guest's room is in their signed actor. The same `device_id` takes its seat again."""

    room_id = Id(load_default=None, allow_none=True)
    device_id = fields.String(required=True, validate=validate.Length(1, 64))


class IceServer(View):
    """W3C RTCIceServer."""

    urls = fields.List(fields.String(), required=True)
    username = fields.String()
    credential = fields.String()


class Seat(View):
    """Where to connect. A call whose `placement` has risen since was placed anew: join it again."""

    call_id = Id(required=True)
    participant_id = Id(required=True)
    node_id = fields.String(required=True)
    placement = fields.Integer()
    role = fields.String(required=True, validate=validate.OneOf(("host", "guest")))
    ice_servers = fields.List(fields.Nested(IceServer), required=True)


class ParticipantView(View):
    id = Id(required=True)
    display_name = fields.String(required=True)
    role = fields.String(required=True)
    member_id = Id(allow_none=True)
    caller_id = Id(allow_none=True)
    state = fields.String(required=True, validate=validate.OneOf(PARTICIPANT_STATES))
    joined_at = Instant(required=True)
    left_reason = fields.String(allow_none=True)
    held = fields.Boolean()
    muted = fields.List(fields.String())
    hand_raised_at = Instant(allow_none=True)


class CallView(View):
    """`participants` are those who have a seat now.

    `placement` rises each time the call is placed on a node, also when that is the same one, restarted.
    """

    id = Id(required=True)
    organisation_id = Id(required=True)
    room_id = Id(required=True)
    state = fields.String(required=True, validate=validate.OneOf(("open", "ended")))
    node_id = fields.String(allow_none=True)
    placement = fields.Integer()
    started_at = Instant(required=True)
    ended_at = Instant(allow_none=True)
    participants = fields.List(fields.Nested(ParticipantView), required=True)
    version = fields.Integer(required=True)


class FoundCall(View):
    call = fields.Nested(CallView, required=True, allow_none=True)


class ReadCall(Request):
    call_id = Id(required=True)


class FindCall(Request):
    room_id = Id(required=True)


class ReserveSeat(Request):
    """A seat for a guest who is being let in. `largest_number`: of people in the room's call, hosts included; null for as before."""

    room_id = Id(required=True)
    caller_id = Id(required=True)
    display_name = fields.String(required=True)
    device_id = fields.String(required=True)
    largest_number = fields.Integer(load_default=None, allow_none=True)


class ReleaseSeat(Request):
    room_id = Id(required=True)
    caller_id = Id(required=True)


class LeaveCall(Request):
    call_id = Id(required=True)
    participant_id = Id(required=True)


class MuteParticipant(LeaveCall):
    kind = fields.String(load_default="audio", validate=validate.OneOf(("audio", "video")))


class RaiseHand(LeaveCall):
    """One's own hand."""

    raised = fields.Boolean(load_default=True)


JOIN_CALL = Command("media.join_call", JoinCall, Seat, "call.join", changes=True)
RESERVE_SEAT = Command("media.reserve_seat", ReserveSeat, Done, "seat.reserve", changes=True)
RELEASE_SEAT = Command("media.release_seat", ReleaseSeat, Done, "seat.reserve", changes=True)
LEAVE_CALL = Command("media.leave_call", LeaveCall, Done, "call.join", changes=True)
END_CALL = Command("media.end_call", ReadCall, CallView, "call.host", changes=True)
REMOVE_PARTICIPANT = Command("media.remove_participant", LeaveCall, CallView, "call.host", changes=True)
HOLD_PARTICIPANT = Command("media.hold_participant", LeaveCall, CallView, "call.host", changes=True)
UNHOLD_PARTICIPANT = Command("media.unhold_participant", LeaveCall, CallView, "call.host", changes=True)
MUTE_PARTICIPANT = Command("media.mute_participant", MuteParticipant, CallView, "call.host", changes=True)
# by themselves
UNMUTE = Command("media.unmute", MuteParticipant, Done, "call.join", changes=True)
RAISE_HAND = Command("media.raise_hand", RaiseHand, Done, "call.join", changes=True)
GET_CALL = Command("media.get_call", ReadCall, CallView, "call.read", reads="call")
FIND_CALL = Command("media.find_call", FindCall, FoundCall, "call.read", reads="call")


class CallEvent(EventData):
    call_id = Id(required=True)
    room_id = Id(required=True)


class CallEnded(CallEvent):
    """`caller_ids`: the guests who had a seat in it or were on their way to one."""

    reason = fields.String(required=True)
    caller_ids = fields.List(Id())


class ParticipantEvent(CallEvent):
    participant_id = Id(required=True)
    member_id = Id(allow_none=True)
    caller_id = Id(allow_none=True)
    role = fields.String()


class ParticipantLeft(ParticipantEvent):
    reason = fields.String(required=True)


EVENTS: dict[str, type[EventData]] = {
    "call.started": CallEvent,
    "call.updated": CallEvent,
    "call.ended": CallEnded,
    "participant.joined": ParticipantEvent,
    "participant.reconnecting": ParticipantEvent,
    "participant.reconnected": ParticipantEvent,
    "participant.held": ParticipantEvent,
    "participant.unheld": ParticipantEvent,
    "participant.left": ParticipantLeft,
    "participant.removed": ParticipantLeft,
    **call_chat.EVENTS,
}
