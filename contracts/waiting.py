"""What waiting says: callers on their path, and the decisions of the Call Manager about them."""

from marshmallow import fields, validate

from contracts import waiting_alerting, waiting_areas, waiting_handovers, waiting_texting, waiting_transfers
from contracts.command import Command, Nothing, Request, View
from contracts.events import EventData
from contracts.fields import Id, Instant, TypedText, name_text
from contracts.guests import CLIENT, ROLES
from contracts.room_settings import FIELD_KINDS, MOST_FIELDS, EntryField
from contracts.waiting_accepting import AcceptCaller, AcceptedTogether, AcceptNext, AcceptTogether
from contracts.waiting_alerting import AcknowledgedView, AlertedView
from contracts.waiting_events import CallerEvent
from contracts.waiting_messages import MessageView, WriteToAll, WriteToCaller, WrittenToAll
from contracts.waiting_order import MoveUp, RankCaller, StandingView
from contracts.waiting_texting import AskText, ConfirmText, TextMeView
from contracts.waiting_transfers import Destinations, HeldView, TransferCaller, TransferView

MOST_PLACES = 1_000
MOST_SHOWN_OF_AREAS = 100
STATES = ("waiting", "admitted", "in_call", "left")
END_REASONS = (
    "completed", "left_without_being_seen", "clinician_absent", "patient_absent", "technical_failure",
    "refused", "removed", "cancelled", "expired",
)  # fmt: skip


class DeviceTest(Request):
    """What the guest's own check found, before they waited."""

    camera = fields.Boolean(load_default=None, allow_none=True)
    microphone = fields.Boolean(load_default=None, allow_none=True)


class Arrive(Request):
    """`room_id`: of the room or Waiting Area that the link opens. The gateway has resolved the link: what it opened is in the signed actor; the invited name and the role come beside it.

    `planned_at`: when their session begins. The actor's `device_id` is set from the first arrival on: the same link on the same device gets the same caller back.
    `answers`: by the keys of the room's entry fields; a date as 2026-11-22, to yes_no `yes` or `no`. `consent_version`: of the
    room's consent text, as its door says, which the guest has accepted.
    """

    room_id = Id(required=True)
    display_name = name_text(required=True)
    invited_name = name_text(load_default=None, allow_none=True)
    device_test = fields.Nested(DeviceTest, load_default=None, allow_none=True)
    language = fields.String(load_default="en", validate=validate.Length(2, 12))
    role = fields.String(load_default=CLIENT, validate=validate.OneOf(ROLES))
    for_recipient_id = Id(load_default=None, allow_none=True)
    answers = fields.Dict(
        fields.String(validate=validate.Length(1, 40)),
        fields.String(allow_none=True),
        load_default=dict,
        validate=validate.Length(max=MOST_FIELDS),
    )
    consent_version = fields.String(load_default=None, allow_none=True, validate=validate.Length(1, 64))
    planned_at = Instant(load_default=None, allow_none=True)


class ReadDoor(Request):
    room_id = Id(required=True)


class Door(View):
    """What a room or Waiting Area asks of those who arrive, and shows to those who wait. `consent_version` null: it asks for no consent.

    A closed area says why (`closed_by`), and by hours when it opens next, in its `zone`; a suspended one has a message.
    """

    room_id = Id(required=True)
    room_name = fields.String(required=True)
    room_state = fields.String(required=True)
    entry_fields = fields.List(fields.Nested(EntryField), required=True)
    consent_text = fields.String(required=True)
    consent_version = fields.String(required=True, allow_none=True)
    waiting_content = fields.String(required=True)
    emergency_text = fields.String()
    area_id = Id(allow_none=True)
    closed_by = fields.String(allow_none=True, validate=validate.OneOf(waiting_areas.CLOSED_BY))
    opens_at = Instant(allow_none=True)
    zone = fields.String(allow_none=True)
    closed_message = fields.String()


class AnswerView(View):
    """An answer beside the question as it was asked."""

    key = fields.String(required=True)
    label = fields.String(required=True)
    kind = fields.String(required=True, validate=validate.OneOf(FIELD_KINDS))
    value = fields.String(required=True)


class ConsentView(View):
    """Which text was accepted, and when."""

    version = fields.String(required=True)
    accepted_at = Instant(required=True)


class CallerView(View):
    """`name_differs`: the name that was entered is not the name that was invited (★ W3).

    `area_id`, `clinic_id`: of the Waiting Area by which they came; until somebody accepts them there, `room_id` is null.
    `for_recipient_id`: the client whom a carer or interpreter comes for, in together with them and out with them.
    `worse_at`: since when they have said that they feel worse. `held`: they were in the call and are back in the queue for a while.
    `breached_at`: since when they have waited longer than they should (`attention_minutes` of an area, 30 minutes elsewhere, from their appointment on).
    `moved_to_other_device`: the reader is a guest whose link was since opened on another device, which has the place now.
    """

    id = Id(required=True)
    organisation_id = Id(required=True)
    room_id = Id(required=True, allow_none=True)
    area_id = Id(allow_none=True)
    clinic_id = Id(allow_none=True)
    state = fields.String(required=True, validate=validate.OneOf(STATES))
    display_name = fields.String(required=True)
    invited_name = fields.String(allow_none=True)
    name_differs = fields.Boolean(required=True)
    waiting_since = Instant(required=True)
    connected = fields.Boolean(required=True)
    moved_to_other_device = fields.Boolean()
    invitation_id = Id(allow_none=True)
    recipient_id = Id(allow_none=True)
    session_id = Id(allow_none=True)
    role = fields.String(validate=validate.OneOf(ROLES))
    for_recipient_id = Id(allow_none=True)
    device_test = fields.Nested(DeviceTest, allow_none=True)
    worse_at = Instant(allow_none=True)
    admitted_by_member_id = Id(allow_none=True)
    admitted_by_name = fields.String(allow_none=True)
    admitted_at = Instant(allow_none=True)
    ended_at = Instant(allow_none=True)
    end_reason = fields.String(allow_none=True, validate=validate.OneOf(END_REASONS))
    end_message = fields.String(allow_none=True)
    answers = fields.List(fields.Nested(AnswerView))
    consent = fields.Nested(ConsentView, allow_none=True)
    standing = fields.Nested(StandingView, allow_none=True)
    breached_at = Instant(allow_none=True)
    # for staff
    acknowledged = fields.Nested(AcknowledgedView, allow_none=True)
    alerted = fields.List(fields.Nested(AlertedView))
    text_me = fields.Nested(TextMeView, allow_none=True)
    held = fields.Nested(HeldView, allow_none=True)
    transferred = fields.Nested(TransferView, allow_none=True)
    # what is written is gone with the visit: also from the reply that is remembered of a command
    messages = fields.List(fields.Nested(MessageView), metadata={"forgotten": True})
    version = fields.Integer(required=True)


class Admission(View):
    """What media needs to know before it seats a guest: who was let in where, and on which device."""

    caller_id = Id(required=True)
    organisation_id = Id(required=True)
    room_id = Id(required=True)
    state = fields.String(required=True, validate=validate.OneOf(STATES))
    display_name = fields.String(required=True)
    device_id = fields.String(required=True)


class CallerList(View):
    items = fields.List(fields.Nested(CallerView), required=True)


class ReadCaller(Request):
    caller_id = Id(required=True)


class ReadPlaces(Request):
    """Of those who wait, in any room of the organisation."""

    caller_ids = fields.List(Id(), required=True, validate=validate.Length(1, MOST_PLACES))


class EstimateView(View):
    """Four of five wait between `soonest_minutes` and `latest_minutes` from now; made from `sample` recent turns of the queue."""

    soonest_minutes = fields.Integer(required=True)
    latest_minutes = fields.Integer(required=True)
    sample = fields.Integer(required=True)


class Place(View):
    """`ahead`: how many wait before them. `estimate` null: too little is known for an honest one, or nobody lets callers in now."""

    caller_id = Id(required=True)
    ahead = fields.Integer(required=True)
    estimate = fields.Nested(EstimateView, required=True, allow_none=True)


class PlaceList(View):
    """Of those who wait where the room does not switch it off (`show_wait`)."""

    items = fields.List(fields.Nested(Place), required=True)


class ListCallers(Request):
    """Those who have not left, longest waiting first; of one room, or of every room that the reader receives for.

    Of Waiting Areas only those who wait, and of all areas together the first 100; `area_id`: of this one alone.
    """

    room_id = Id(load_default=None, allow_none=True)
    area_id = Id(load_default=None, allow_none=True)


class RefuseCaller(ReadCaller):
    message = TypedText(longest=500, shortest=0, load_default="")


class Presence(ReadCaller):
    """A live connection of the guest's page has opened, is still there (said again every two minutes), or has closed."""

    connected = fields.Boolean(required=True)
    connection_id = fields.String(required=True, validate=validate.Length(1, 64))


ARRIVE = Command("waiting.arrive", Arrive, CallerView, "caller.arrive", changes=True)
GET_DOOR = Command("waiting.get_door", ReadDoor, Door, "caller.arrive")
GET_CALLER = Command("waiting.get_caller", ReadCaller, CallerView, "caller.read", reads="caller")
GET_ADMISSION = Command("waiting.get_admission", ReadCaller, Admission, "caller.check")
LIST_CALLERS = Command("waiting.list_callers", ListCallers, CallerList, "caller.read", reads="caller")
ACCEPT_CALLER = Command("waiting.accept_caller", AcceptCaller, CallerView, "caller.receive", changes=True)
ACCEPT_NEXT = Command("waiting.accept_next", AcceptNext, CallerView, "caller.receive", changes=True)
ACCEPT_TOGETHER = Command("waiting.accept_together", AcceptTogether, AcceptedTogether, "caller.receive", changes=True)
REFUSE_CALLER = Command("waiting.refuse_caller", RefuseCaller, CallerView, "caller.receive", changes=True)
HOLD_BACK = Command("waiting.hold_back", ReadCaller, CallerView, "caller.receive", changes=True)
TRANSFER_CALLER = Command("waiting.transfer_caller", TransferCaller, CallerView, "caller.receive", changes=True)
LIST_DESTINATIONS = Command("waiting.list_destinations", Nothing, Destinations, "caller.receive")
ACKNOWLEDGE_CALLER = Command("waiting.acknowledge_caller", ReadCaller, CallerView, "caller.receive", changes=True)
MOVE_UP = Command("waiting.move_up", MoveUp, CallerView, "caller.receive", changes=True)
RANK_CALLER = Command("waiting.rank_caller", RankCaller, CallerView, "caller.receive", changes=True)
WRITE_TO_CALLER = Command("waiting.write_to_caller", WriteToCaller, CallerView, "caller.receive", changes=True)
WRITE_TO_ALL = Command("waiting.write_to_all", WriteToAll, WrittenToAll, "caller.receive", changes=True)
FEEL_WORSE = Command("waiting.feel_worse", ReadCaller, CallerView, "caller.write", changes=True)
WRITE = Command("waiting.write", WriteToCaller, CallerView, "caller.write", changes=True)
ASK_TEXT = Command("waiting.ask_text", AskText, CallerView, "caller.write", changes=True)
CONFIRM_TEXT = Command("waiting.confirm_text", ConfirmText, CallerView, "caller.write", changes=True)
GIVE_UP_TEXT = Command("waiting.give_up_text", ReadCaller, CallerView, "caller.write", changes=True)
TEXT_CALLER = Command("waiting.text_caller", ReadCaller, CallerView, "caller.receive", changes=True)
LEAVE = Command("waiting.leave", ReadCaller, CallerView, "caller.leave", changes=True)
LIST_PLACES = Command("waiting.list_places", ReadPlaces, PlaceList, "caller.place")
NOTE_PRESENCE = Command("waiting.note_presence", Presence, CallerView, "caller.presence", changes=True)


class CallerResumed(CallerEvent):
    """`device_changed`: the same personal link was opened on another device, which has the place from now on."""

    device_changed = fields.Boolean()


class CallerAdmitted(CallerEvent):
    member_id = Id(required=True)


class CallerWritten(CallerEvent):
    """`member_id` null: the guest wrote."""

    message_id = Id(required=True)
    member_id = Id(required=True, allow_none=True)


class CallerLeft(CallerEvent):
    reason = fields.String(required=True)


PARTS = (waiting_areas, waiting_handovers)
EVENTS: dict[str, type[EventData]] = {
    **waiting_areas.EVENTS,
    **waiting_transfers.EVENTS,
    **waiting_handovers.EVENTS,
    **waiting_alerting.EVENTS,
    **waiting_texting.EVENTS,
    "caller.waiting": CallerEvent,
    "caller.worsened": CallerEvent,
    "waiting.target_breached": CallerEvent,
    "caller.disconnected": CallerEvent,
    "caller.resumed": CallerResumed,
    "caller.admitted": CallerAdmitted,
    "caller.moved_up": CallerAdmitted,
    "caller.ranked": CallerAdmitted,
    "caller.unheld": CallerAdmitted,
    "caller.notified": CallerWritten,
    "caller.replied": CallerWritten,
    "caller.refused": CallerLeft,
    "caller.joined": CallerEvent,
    "caller.left": CallerLeft,
}
