"""What waiting says of warm handovers: a caller is offered to a colleague, the two speak while the caller is on hold, and the caller comes in once."""

from marshmallow import fields, validate

from contracts.command import Command, Nothing, Request, View
from contracts.events import EventData
from contracts.fields import Id, Instant, TypedText

STATES = ("offered", "accepted", "completed", "declined", "withdrawn")
LONGEST_NOTE = 2_000


class OfferHandover(Request):
    """To the member `member_id`, into whose User Room the caller comes in the end. `note`: for the two of them, gone with the call unless one of them keeps it."""

    caller_id = Id(required=True)
    member_id = Id(required=True)
    note = TypedText(longest=LONGEST_NOTE, shortest=0, lines=True, load_default="")


class ReadHandover(Request):
    handover_id = Id(required=True)


class DeclineHandover(ReadHandover):
    message = TypedText(longest=500, shortest=0, load_default="")


class CompleteHandover(ReadHandover):
    """`confirmed`: that they come beside another client is meant."""

    confirmed = fields.Boolean(load_default=False)


class KeepNote(ReadHandover):
    kept = fields.Boolean(required=True)


class ReadPass(Request):
    """May this member enter a room where they do not host?"""

    member_id = Id(required=True)
    room_id = Id(required=True)


class Pass(View):
    """`allowed`: a handover of theirs leads into this room now."""

    allowed = fields.Boolean(required=True)


class HandoverView(View):
    """Shown to the two whom it concerns, and to nobody else. `call_id`: the call that the caller was in when they were offered. `over_at`: when nothing was left to be done; `withdrawn_because`: by one of the two, the caller left or was moved, or the time ran out."""

    id = Id(required=True)
    organisation_id = Id(required=True)
    caller_id = Id(required=True)
    caller_name = fields.String(required=True)
    call_id = Id(required=True, allow_none=True)
    from_member_id = Id(required=True)
    from_name = fields.String(required=True)
    from_room_id = Id(required=True)
    to_member_id = Id(required=True)
    to_name = fields.String(required=True)
    to_room_id = Id(required=True)
    state = fields.String(required=True, validate=validate.OneOf(STATES))
    note = fields.String(required=True)
    note_kept = fields.Boolean(required=True)
    decline_message = fields.String(required=True, allow_none=True)
    withdrawn_because = fields.String(required=True, allow_none=True)
    offered_at = Instant(required=True)
    due_at = Instant(required=True, allow_none=True)
    over_at = Instant(required=True, allow_none=True)
    version = fields.Integer(required=True)


class HandoverList(View):
    """Of the reader: those that go on, and those whose note was kept; the newest first."""

    items = fields.List(fields.Nested(HandoverView), required=True)


OFFER_HANDOVER = Command("waiting.offer_handover", OfferHandover, HandoverView, "caller.hand_over", changes=True)
ACCEPT_HANDOVER = Command("waiting.accept_handover", ReadHandover, HandoverView, "caller.hand_over", changes=True)
DECLINE_HANDOVER = Command("waiting.decline_handover", DeclineHandover, HandoverView, "caller.hand_over", changes=True)
WITHDRAW_HANDOVER = Command("waiting.withdraw_handover", ReadHandover, HandoverView, "caller.hand_over", changes=True)
COMPLETE_HANDOVER = Command(
    "waiting.complete_handover", CompleteHandover, HandoverView, "caller.hand_over", changes=True
)
KEEP_NOTE = Command("waiting.keep_note", KeepNote, HandoverView, "caller.hand_over", changes=True)
GET_HANDOVER = Command("waiting.get_handover", ReadHandover, HandoverView, "caller.hand_over", reads="handover")
LIST_HANDOVERS = Command("waiting.list_handovers", Nothing, HandoverList, "caller.hand_over", reads="handover")
GET_PASS = Command("waiting.get_pass", ReadPass, Pass, "caller.check")


class HandoverEvent(EventData):
    """`room_id`: where the caller is in a call when they are offered; `call_id`: that call."""

    handover_id = Id(required=True)
    caller_id = Id(required=True)
    call_id = Id(required=True, allow_none=True)
    room_id = Id(required=True)
    to_room_id = Id(required=True)
    from_member_id = Id(required=True)
    to_member_id = Id(required=True)


class HandoverWithdrawn(HandoverEvent):
    reason = fields.String(required=True)


EVENTS: dict[str, type[EventData]] = {
    "call.transfer_offered": HandoverEvent,
    "call.transfer_accepted": HandoverEvent,
    "call.transfer_declined": HandoverEvent,
    "call.transfer_withdrawn": HandoverWithdrawn,
    "call.transfer_updated": HandoverEvent,
    "call.transfer_completed": HandoverEvent,
    "call.transfer_closed": HandoverEvent,
}
