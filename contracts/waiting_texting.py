"""What waiting says of those who asked to be texted when it is nearly their turn."""

from marshmallow import fields, validate

from contracts.command import Request, View
from contracts.events import EventData
from contracts.fields import Id, Instant, TypedText
from contracts.waiting_events import CallerEvent


class AskText(Request):
    """By the guest. `number` as they typed it; `page`: the address by which they come back."""

    caller_id = Id(required=True)
    number = TypedText(longest=60, required=True)
    page = fields.String(required=True, validate=validate.Length(1, 300), load_only=True)


class ConfirmText(Request):
    caller_id = Id(required=True)
    code = fields.String(required=True, validate=validate.Length(1, 40), load_only=True)


class TextMeView(View):
    """`confirmed_at` null: a code is to be typed. `number_ends`: its last three digits, for the guest alone. `kept_until`: the place, without the page."""

    confirmed_at = Instant(required=True, allow_none=True)
    kept_until = Instant(required=True, allow_none=True)
    texted_at = Instant(required=True, allow_none=True)
    number_ends = fields.String(required=True, allow_none=True)


class CallerTexted(CallerEvent):
    """`member_id` null: because it was nearly their turn."""

    member_id = Id(required=True, allow_none=True)


EVENTS: dict[str, type[EventData]] = {"caller.to_be_texted": CallerEvent, "caller.texted": CallerTexted}
