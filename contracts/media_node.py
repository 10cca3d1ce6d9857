"""What a media node answers, signals to browsers, and reports. It speaks nameko's wire protocol under `media_node_<id>`."""

import marshmallow as ma
from marshmallow import fields, validate

from contracts.command import Command, Done, Nothing, Request, View
from contracts.events import EventData
from contracts.fields import Id

SIGNALS_EXCHANGE = "media.signals"
REPORTS_EXCHANGE = "media_node.events"
SOURCES = ("camera", "microphone", "screen", "screen_audio")
LONGEST_SDP = 200_000


def service_name(node_id: str) -> str:
    """The RPC service name of one node."""
    return f"media_node_{node_id}"


class OpenCall(Request):
    call_id = Id(required=True)
    organisation_id = Id(required=True)


class OneCall(Request):
    call_id = Id(required=True)


class OneSeat(Request):
    call_id = Id(required=True)
    participant_id = Id(required=True)


class Seat(OneSeat):
    """How the seat stands from its first packet on. Without the fields, one that is taken stays as it is."""

    held = fields.Boolean()
    muted = fields.List(fields.String(validate=validate.OneOf(("audio", "video"))))


class PublishedTrack(Request):
    mid = fields.String(required=True, validate=validate.Length(1, 16))
    source = fields.String(required=True, validate=validate.OneOf(SOURCES))


class Publish(OneSeat):
    sdp = fields.String(required=True, validate=validate.Length(1, LONGEST_SDP))
    tracks = fields.List(fields.Nested(PublishedTrack), required=True, validate=validate.Length(0, 16))


class Published(View):
    sdp = fields.String(required=True)


class Answer(OneSeat):
    offer_id = fields.String(required=True, validate=validate.Length(1, 64))
    sdp = fields.String(required=True, validate=validate.Length(1, LONGEST_SDP))


class Mute(OneSeat):
    kind = fields.String(required=True, validate=validate.OneOf(("audio", "video")))


class Report(View):
    """Counters since the node started; see docs/protocol.md for what each means."""

    class Meta:
        unknown = ma.INCLUDE


# The service part is completed with the node's id by whoever calls: `media_node_<id>.open_call`.
OPEN_CALL = Command("media_node.open_call", OpenCall, Done, "node.run", changes=True)
CLOSE_CALL = Command("media_node.close_call", OneCall, Done, "node.run", changes=True)
SEAT = Command("media_node.seat", Seat, Done, "node.run", changes=True)
UNSEAT = Command("media_node.unseat", OneSeat, Done, "node.run", changes=True)
HOLD = Command("media_node.hold", OneSeat, Done, "node.run", changes=True)
UNHOLD = Command("media_node.unhold", OneSeat, Done, "node.run", changes=True)
MUTE = Command("media_node.mute", Mute, Done, "node.run", changes=True)
# media says whose it is to undo; gateways of the version before ask for their guest or member
UNMUTE = Command("media_node.unmute", Mute, Done, "seat.unmute", changes=True)
PUBLISH = Command("media_node.publish", Publish, Published, "call.join")
SUBSCRIBE = Command("media_node.subscribe", OneSeat, Done, "call.join")
ANSWER = Command("media_node.answer", Answer, Done, "call.join")
REPORT = Command("media_node.report", Nothing, Report, "node.run")


class NodeStopped(EventData):
    """Said last. Without `started_at` it is the process that was heard last under this id."""

    node_id = fields.String(required=True)
    started_at = fields.Float(load_default=None, allow_none=True)


class NodeAlive(EventData):
    """Said every second; a node that is silent for 3 s counts as dead.

    `started_at`: Unix seconds; another value under the same id is another process, which knows no call. `capacity`: participants it is meant for; `cpu`: share of one core, 0 to 1.
    """

    node_id = fields.String(required=True)
    started_at = fields.Float(required=True)
    calls = fields.Integer(load_default=0)
    participants = fields.Integer(load_default=0)
    packets_per_second = fields.Float(load_default=0.0)
    cpu = fields.Float(load_default=0.0)
    capacity = fields.Integer(load_default=100)
    draining = fields.Boolean(load_default=False)


class SeatReport(EventData):
    """`number` rises by one with each report of the node, so that a reader with several replicas can drop what came too late."""

    node_id = fields.String(required=True)
    call_id = Id(required=True)
    participant_id = Id(required=True)
    number = fields.Integer(load_default=None, allow_none=True)


# Routing key on REPORTS_EXCHANGE → the message's JSON body. Transient: a lost one is made good by the next `node.alive`.
REPORTS: dict[str, type[EventData]] = {
    "node.alive": NodeAlive,
    "node.stopped": NodeStopped,
    "seat.connected": SeatReport,
    "seat.lost": SeatReport,
    "seat.first_packet": SeatReport,
}
