"""What waiting says so that nobody who waits is missed: who has seen them, and who was told."""

from marshmallow import fields, validate

from contracts.command import View
from contracts.events import EventData
from contracts.fields import Id, Instant
from contracts.waiting_events import CallerEvent

STAGES = ("on_duty", "next_site")


class AcknowledgedView(View):
    """The first of the staff who said that they have seen this caller."""

    member_name = fields.String(required=True)
    at = Instant(required=True)


class AlertedView(View):
    """`told`: how many were mailed who are on duty in the clinic; 0 where nobody is."""

    stage = fields.String(required=True, validate=validate.OneOf(STAGES))
    clinic_id = Id(required=True)
    told = fields.Integer(required=True)
    at = Instant(required=True)


class CallerAcknowledged(CallerEvent):
    member_id = Id(required=True)


class CallerAlerted(CallerEvent):
    """`told` people who are on duty in the clinic `told_clinic_id`."""

    stage = fields.String(required=True)
    told_clinic_id = Id(required=True)
    told = fields.Integer(required=True)


EVENTS: dict[str, type[EventData]] = {
    "waiting.acknowledged": CallerAcknowledged,
    "waiting.alerted": CallerAlerted,
}
