"""What waiting says of messages: the staff write to those who wait, and these write back. The texts are in no event."""

from marshmallow import fields, validate

from contracts.command import Request, View
from contracts.fields import Id, Instant, TypedText

LONGEST_MESSAGE = 2_000
# the latest of one visit; what is older is gone
MOST_MESSAGES = 30
MOST_WRITTEN_TO = 200
BY_STAFF, BY_GUEST = "staff", "guest"


class MessageView(View):
    """`name`: of the member who wrote, or of the guest as they are called here."""

    id = Id(required=True)
    by = fields.String(required=True, validate=validate.OneOf((BY_STAFF, BY_GUEST)))
    name = fields.String(required=True)
    text = fields.String(required=True)
    written_at = Instant(required=True)


class Written(Request):
    text = TypedText(longest=LONGEST_MESSAGE, lines=True, required=True, load_only=True)


class WriteToCaller(Written):
    """To one who waits, or by themselves to the staff. It is kept until they leave."""

    caller_id = Id(required=True)


class WriteToAll(Written):
    """To everybody who waits now in the room `room_id` or in the Waiting Area `area_id`, one of the two."""

    room_id = Id(load_default=None, allow_none=True)
    area_id = Id(load_default=None, allow_none=True)


class WrittenToAll(View):
    """To how many."""

    written = fields.Integer(required=True)
