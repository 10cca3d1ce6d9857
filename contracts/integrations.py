"""What integrations says: the event log, read from any cursor."""

from marshmallow import fields, validate

from contracts.command import Command, Request, View
from contracts.events import Envelope


class ReadEvents(Request):
    """`after` is a cursor from an earlier page; without it, from the oldest that is kept."""

    after = fields.String(load_default=None, allow_none=True, validate=validate.Length(1, 64))
    limit = fields.Integer(load_default=100, validate=validate.Range(1, 1000))


class EventPage(View):
    items = fields.List(fields.Nested(Envelope), required=True)
    cursor = fields.String(required=True, allow_none=True)
    more = fields.Boolean(required=True)


LIST_EVENTS = Command("integrations.list_events", ReadEvents, EventPage, "event.read")
