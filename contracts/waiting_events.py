"""What every event about a caller says."""

from marshmallow import fields, validate

from contracts.events import EventData
from contracts.fields import Id
from contracts.guests import ROLES


class CallerEvent(EventData):
    """`room_id` null: they wait in a Waiting Area, `area_id` of the clinic `clinic_id`, which stay when they are let into a room."""

    caller_id = Id(required=True)
    room_id = Id(required=True, allow_none=True)
    area_id = Id(allow_none=True)
    clinic_id = Id(allow_none=True)
    invitation_id = Id(allow_none=True)
    recipient_id = Id(allow_none=True)
    session_id = Id(allow_none=True)
    role = fields.String(validate=validate.OneOf(ROLES))
