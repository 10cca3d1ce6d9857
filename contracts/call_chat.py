"""What media says of the lines that people write to each other in a call. They are gone with the call."""

from marshmallow import fields

from contracts.command import Command, Done, Request, View
from contracts.events import EventData
from contracts.fields import Id, Instant, TypedText

LONGEST_LINE = 1000
MOST_LINES = 200


class SayInCall(Request):
    """`participant_id` is the writer's own seat. Not even a digest of the text outlives the call."""

    call_id = Id(required=True)
    participant_id = Id(required=True)
    text = TypedText(required=True, longest=LONGEST_LINE, lines=True, load_only=True)


class ReadLines(Request):
    call_id = Id(required=True)


class ReadLine(Request):
    line_id = Id(required=True)


class LineView(View):
    id = Id(required=True)
    call_id = Id(required=True)
    room_id = Id(required=True)
    participant_id = Id(required=True)
    display_name = fields.String(required=True)
    text = fields.String(required=True)
    said_at = Instant(required=True)


class Lines(View):
    """The newest 200, oldest first."""

    items = fields.List(fields.Nested(LineView), required=True)


# the reply holds no text: replies are remembered for an hour. Who reads took part in the call, which the audit log knows
SAY_IN_CALL = Command("media.say_in_call", SayInCall, Done, "call.join", changes=True)
LIST_LINES = Command("media.list_lines", ReadLines, Lines, "call.join")
GET_LINE = Command("media.get_line", ReadLine, LineView, "call.join")


class LineSaid(EventData):
    line_id = Id(required=True)
    call_id = Id(required=True)
    room_id = Id(required=True)
    participant_id = Id(required=True)


EVENTS: dict[str, type[EventData]] = {"call.said": LineSaid}
