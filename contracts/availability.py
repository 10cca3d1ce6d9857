"""What accounts says of who is on duty: members say so themselves, for each of their clinics."""

from marshmallow import fields, validate

from contracts.command import Command, Nothing, Request, View
from contracts.events import EventData
from contracts.fields import Id, Instant

ON_DUTY, AWAY = "on_duty", "away"
STATES = (ON_DUTY, AWAY)


class SetAvailability(Request):
    """The asker's own, in these clinics of theirs; without `clinic_ids`, in all of them."""

    state = fields.String(required=True, validate=validate.OneOf(STATES))
    clinic_ids = fields.List(Id(), load_default=list)


class DutyView(View):
    clinic_id = Id(required=True)
    since = Instant(required=True)


class OnDutyView(View):
    """One member: `id` is theirs; `clinics` where they are on duty, of those that the reader may see."""

    id = Id(required=True)
    name = fields.String(required=True)
    role = fields.String(required=True)
    clinics = fields.List(fields.Nested(DutyView), required=True)


class OnDutyList(View):
    items = fields.List(fields.Nested(OnDutyView), required=True)


class ReadOnDuty(Request):
    member_id = Id(required=True)


SET_AVAILABILITY = Command("accounts.set_availability", SetAvailability, OnDutyView, "availability.set", changes=True)
LIST_ON_DUTY = Command("accounts.list_on_duty", Nothing, OnDutyList, "member.read")
GET_ON_DUTY = Command("accounts.get_on_duty", ReadOnDuty, OnDutyView, "member.read")


class ClinicAvailability(EventData):
    clinic_id = Id(required=True)
    state = fields.String(required=True)


class AvailabilityChanged(EventData):
    """`clinics`: those in which it is different from before."""

    member_id = Id(required=True)
    clinics = fields.List(fields.Nested(ClinicAvailability), required=True)


EVENTS: dict[str, type[EventData]] = {"member.availability_changed": AvailabilityChanged}
