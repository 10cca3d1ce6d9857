"""What integrations says: the event log, read from any cursor, and webhooks."""

from marshmallow import fields, validate

from contracts import webhooks
from contracts.command import Command, Request, View
from contracts.events import Envelope, EventData


class ReadEvents(Request):
    """`after` is a cursor from an earlier page; without it, from the oldest that is kept. Events are kept for EVENTS_KEPT_DAYS.

    `types`: `room.created,session.*`, separated by commas; `subject`: `kind/id`. The cursor leads past what they leave out.
    """

    after = fields.String(load_default=None, allow_none=True, validate=validate.Length(1, 64))
    types = fields.String(load_default=None, allow_none=True, validate=validate.Length(1, 4000))
    subject = fields.String(load_default=None, allow_none=True, validate=validate.Length(1, 120))
    limit = fields.Integer(load_default=100, validate=validate.Range(1, 1000))


class EventPage(View):
    """Oldest first. `cursor` is opaque, and good for this organisation alone; null where there was no event yet."""

    items = fields.List(fields.Nested(Envelope), required=True)
    cursor = fields.String(required=True, allow_none=True)
    more = fields.Boolean(required=True)


LIST_EVENTS = Command("integrations.list_events", ReadEvents, EventPage, "event.read")

PARTS = (webhooks,)
EVENTS: dict[str, type[EventData]] = {**webhooks.EVENTS}
