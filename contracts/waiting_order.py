"""What waiting says of the order of a queue: why somebody stands where they do, and letting somebody go first."""

from marshmallow import fields, validate

from contracts.command import Request, View
from contracts.fields import Id, Instant, TypedText

ARRIVAL, APPOINTMENT, MOVED_UP, ACUITY = "arrival", "appointment", "moved_up", "acuity"
POLICIES = (ARRIVAL, APPOINTMENT)
ROUTINE, SOON, URGENT = "routine", "soon", "urgent"
ACUITIES = (ROUTINE, SOON, URGENT)
LONGEST_REASON = 200


class StandingView(View):
    """Who has the earlier `at` stands before. `by`: their arrival, their appointment, or that `member_name` let them go first or said how urgent they are (`acuity`), for `reason`."""

    at = Instant(required=True)
    by = fields.String(required=True, validate=validate.OneOf((*POLICIES, MOVED_UP, ACUITY)))
    acuity = fields.String(allow_none=True, validate=validate.OneOf(ACUITIES))
    member_name = fields.String(allow_none=True)
    reason = fields.String(allow_none=True)
    moved_at = Instant(allow_none=True)


class MoveUp(Request):
    """`reason`: for the staff, kept with the caller; it is in no event."""

    caller_id = Id(required=True)
    reason = TypedText(longest=LONGEST_REASON, required=True)


class RankCaller(Request):
    """`acuity`: how urgent the staff find them; routine takes back what was said before. `reason` as in MoveUp."""

    caller_id = Id(required=True)
    acuity = fields.String(required=True, validate=validate.OneOf(ACUITIES))
    reason = TypedText(longest=LONGEST_REASON, required=True)
