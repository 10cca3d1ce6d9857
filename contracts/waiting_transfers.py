"""What waiting says of callers who are put back to the queue, or handed on to another room, Waiting Area or clinic."""

from marshmallow import fields, validate

from contracts.command import Request, View
from contracts.events import EventData
from contracts.fields import Id, Instant
from contracts.waiting_events import CallerEvent


class TransferCaller(Request):
    """Whereto: `room_id` or `area_id`, one of the two, of any clinic of the organisation."""

    caller_id = Id(required=True)
    room_id = Id(load_default=None, allow_none=True)
    area_id = Id(load_default=None, allow_none=True)


class HeldView(View):
    """Put back to the queue by `member_name`, who has had them in the call."""

    member_name = fields.String(required=True)
    at = Instant(required=True)


class TransferView(View):
    """The last time that somebody was handed on: by whom, and whereto. `previous_call_id`: the call that they were taken out of."""

    member_name = fields.String(required=True)
    to_name = fields.String(required=True)
    at = Instant(required=True)
    previous_call_id = Id(allow_none=True)


class Destination(View):
    """A room or Waiting Area to hand somebody on to. `closed_by` not null: it takes nobody now, by its hours, suspended, or by the plan."""

    kind = fields.String(required=True, validate=validate.OneOf(("room", "area")))
    id = Id(required=True)
    name = fields.String(required=True)
    clinic_id = Id(required=True, allow_none=True)
    owner_member_id = Id(allow_none=True)
    closed_by = fields.String(required=True, allow_none=True)
    waiting = fields.Integer(allow_none=True)


class Destinations(View):
    """Waiting Areas first, then rooms, each by name."""

    items = fields.List(fields.Nested(Destination), required=True)


class MovedCaller(CallerEvent):
    """Of where they are now. `from_…`: where they were; `participant_id` of their seat in the call `call_id`. `handover_id`: they come in to a colleague at once."""

    member_id = Id(required=True)
    from_room_id = Id(required=True, allow_none=True)
    from_area_id = Id(allow_none=True)
    from_clinic_id = Id(allow_none=True)
    call_id = Id(allow_none=True)
    participant_id = Id(allow_none=True)
    handover_id = Id(allow_none=True)


EVENTS: dict[str, type[EventData]] = {"caller.held": MovedCaller, "call.transferred": MovedCaller}
