"""What waiting says of the order of a queue: why somebody stands where they do, and letting somebody go first."""

from marshmallow import fields, validate

from contracts.command import Request, View
from contracts.fields import Id, Instant, TypedText

ARRIVAL, APPOINTMENT, MOVED_UP = "arrival", "appointment", "moved_up"
POLICIES = (ARRIVAL, APPOINTMENT)
LONGEST_REASON = 200


class StandingView(View):
    """Who has the earlier `at` stands before. `by`: their arrival, their appointment, or that `member_name` let them go first, for `reason`."""

    at = Instant(required=True)
    by = fields.String(required=True, validate=validate.OneOf((*POLICIES, MOVED_UP)))
    member_name = fields.String(allow_none=True)
    reason = fields.String(allow_none=True)
    moved_at = Instant(allow_none=True)


class MoveUp(Request):
    """`reason`: for the staff, kept with the caller; it is in no event."""

    caller_id = Id(required=True)
    reason = TypedText(longest=LONGEST_REASON, required=True)
