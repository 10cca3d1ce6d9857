"""What waiting is asked to let callers in: one, whoever is next, or those who belong together."""

from marshmallow import fields, validate

from contracts.command import Request, View
from contracts.fields import Id

MOST_TOGETHER = 100


class AcceptCaller(Request):
    """`confirmed`: the host has looked whom they let in; needed in rooms with `confirm_before_joining`, and where a client of another
    invitation and session is in the call (Conflict: `confirm` says which of the two, `caller_ids` beside whom).

    `room_id`: whereto somebody is let in who waits in a Waiting Area; left out, to the host's own User Room.
    """

    caller_id = Id(required=True)
    confirmed = fields.Boolean(load_default=False)
    room_id = Id(load_default=None, allow_none=True)


class AcceptNext(Request):
    """Whoever is next in one room, or in one Waiting Area, of those who are there and whom nobody holds; `into_room_id` as in AcceptCaller.

    `confirmed`: as in AcceptCaller, for `caller_id`, whom the refusal named: it is they who are let in, or nobody.
    """

    room_id = Id(load_default=None, allow_none=True)
    area_id = Id(load_default=None, allow_none=True)
    into_room_id = Id(load_default=None, allow_none=True)
    confirmed = fields.Boolean(load_default=False)
    caller_id = Id(load_default=None, allow_none=True)


class AcceptTogether(Request):
    """Just these, who all wait in one room, and came by one invitation or to one session."""

    caller_ids = fields.List(Id(), required=True, validate=validate.Length(1, MOST_TOGETHER))
    confirmed = fields.Boolean(load_default=False)


class AcceptedView(View):
    """Of one of them: let in now or before, or `problem` says why not."""

    caller_id = Id(required=True)
    accepted = fields.Boolean(required=True)
    problem = fields.String(allow_none=True)


class AcceptedTogether(View):
    items = fields.List(fields.Nested(AcceptedView), required=True)
