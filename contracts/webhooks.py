"""What integrations says of webhooks: addresses of an organisation's own to which its events are posted, each signed and tried for days.

Signed as Standard Webhooks says: https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
"""

from marshmallow import fields, validate

from contracts.command import Command, Done, Nothing, Request, View
from contracts.events import EventData
from contracts.fields import Id, Instant, TypedText

CLOUDEVENTS, COVIU = "cloudevents", "coviu"
FORMATS = (CLOUDEVENTS, COVIU)
BY_SUBJECT, NONE = "subject", "none"
ORDERS = (BY_SUBJECT, NONE)
WORKING, FAILING, PARKED = "working", "failing", "parked"
STATES = (WORKING, FAILING, PARKED)
BY_HAND, TRIED_LONG, RECEIVER_GONE = "by_hand", "tried_long", "receiver_gone"
PARKED_BECAUSE = (BY_HAND, TRIED_LONG, RECEIVER_GONE)
WAITING, DELIVERED, SET_ASIDE = "waiting", "delivered", "set_aside"
DELIVERY_STATES = (WAITING, DELIVERED, SET_ASIDE)
MOST_SECRETS = 2
MOST_WEBHOOKS = 50
MOST_SENT_AGAIN = 5_000
_types = fields.String(validate=validate.Length(1, 80))


class WebhookSecretView(View):
    id = Id(required=True)
    made_at = Instant(required=True)


class WebhookView(View):
    """`types` empty: all. `format`: CloudEvents, or the vocabulary of Coviu where an event has a word in it; others are not sent then.

    `order` by subject: an event waits until the one before it of its subject was taken. `at_once` and `per_second` (null: any
    number) bound what each process sends. `state` failing: the last try failed, it is tried again; parked: nothing is sent
    until it is resumed, and nothing is dropped. `waiting`: how many deliveries wait.
    """

    id = Id(required=True)
    url = fields.String(required=True)
    description = fields.String(required=True)
    types = fields.List(fields.String(), required=True)
    format = fields.String(required=True, validate=validate.OneOf(FORMATS))
    order = fields.String(required=True, validate=validate.OneOf(ORDERS))
    at_once = fields.Integer(required=True)
    per_second = fields.Integer(required=True, allow_none=True)
    state = fields.String(required=True, validate=validate.OneOf(STATES))
    parked_because = fields.String(required=True, allow_none=True, validate=validate.OneOf(PARKED_BECAUSE))
    changed_state_at = Instant(required=True)
    last_taken_at = Instant(required=True, allow_none=True)
    waiting = fields.Integer(required=True)
    secrets = fields.List(fields.Nested(WebhookSecretView), required=True)
    created_at = Instant(required=True)
    version = fields.Integer(required=True)


class MadeWebhook(WebhookView):
    """`secret` is shown this once; what is kept of it is encrypted."""

    secret = fields.String(required=True)


class Webhooks(View):
    items = fields.List(fields.Nested(WebhookView), required=True)


class NewWebhook(Request):
    url = fields.String(required=True, validate=validate.Length(1, 2000))
    description = TypedText(longest=200, shortest=0, load_default="")
    types = fields.List(_types, load_default=list, validate=validate.Length(max=200))
    format = fields.String(load_default=CLOUDEVENTS, validate=validate.OneOf(FORMATS))
    order = fields.String(load_default=BY_SUBJECT, validate=validate.OneOf(ORDERS))
    at_once = fields.Integer(load_default=4, strict=True, validate=validate.Range(1, 32))
    per_second = fields.Integer(load_default=None, allow_none=True, strict=True, validate=validate.Range(1, 1000))


class NamedWebhook(Request):
    webhook_id = Id(required=True)


class ChangeWebhook(NamedWebhook):
    """What is left out stays. `parked` false resumes it: what waits is sent at once."""

    url = fields.String(validate=validate.Length(1, 2000))
    description = TypedText(longest=200, shortest=0)
    types = fields.List(_types, validate=validate.Length(max=200))
    format = fields.String(validate=validate.OneOf(FORMATS))
    order = fields.String(validate=validate.OneOf(ORDERS))
    at_once = fields.Integer(strict=True, validate=validate.Range(1, 32))
    per_second = fields.Integer(allow_none=True, strict=True, validate=validate.Range(1, 1000))
    parked = fields.Boolean()
    version = fields.Integer(load_default=None, allow_none=True)


class NamedWebhookSecret(NamedWebhook):
    secret_id = Id(required=True)


class AttemptView(View):
    """`status` null: there was no answer, and `problem` says why. `answer`: its first bytes, as text. `sent_bytes`: of the body."""

    at = Instant(required=True)
    seconds = fields.Float(required=True)
    status = fields.Integer(required=True, allow_none=True)
    problem = fields.String(required=True, allow_none=True)
    answer = fields.String(required=True, allow_none=True)
    sent_headers = fields.Dict(keys=fields.String(), values=fields.String(), required=True)
    sent_bytes = fields.Integer(required=True)


class DeliveryView(View):
    """`message_id` is its `webhook-id`: the same however often it is sent. `next_try_at` null: it is not tried by itself."""

    id = Id(required=True)
    webhook_id = Id(required=True)
    message_id = fields.String(required=True)
    event_id = Id(required=True)
    type = fields.String(required=True)
    subject = fields.String(required=True)
    state = fields.String(required=True, validate=validate.OneOf(DELIVERY_STATES))
    body = fields.String(required=True)
    attempts = fields.List(fields.Nested(AttemptView), required=True)
    made_at = Instant(required=True)
    next_try_at = Instant(required=True, allow_none=True)


class ReadDeliveries(NamedWebhook):
    """Newest first; `cursor` is from an earlier page."""

    state = fields.String(load_default=None, allow_none=True, validate=validate.OneOf(DELIVERY_STATES))
    cursor = Id(load_default=None, allow_none=True)
    limit = fields.Integer(load_default=50, validate=validate.Range(1, 200))


class DeliveryPage(View):
    items = fields.List(fields.Nested(DeliveryView), required=True)
    cursor = fields.String(required=True, allow_none=True)


class SendAgain(NamedWebhook):
    delivery_id = Id(required=True)


class SendRangeAgain(NamedWebhook):
    """Every event of the log that it is for, said from `starts_from` on and before `starts_until`."""

    starts_from = Instant(required=True)
    starts_until = Instant(required=True)


class SentAgain(View):
    count = fields.Integer(required=True)


_KEEP = "webhook.keep"
# a reply with a secret in it is not remembered, so these repeat instead
CREATE_WEBHOOK = Command("integrations.create_webhook", NewWebhook, MadeWebhook, _KEEP)
ADD_WEBHOOK_SECRET = Command("integrations.add_webhook_secret", NamedWebhook, MadeWebhook, _KEEP)
LIST_WEBHOOKS = Command("integrations.list_webhooks", Nothing, Webhooks, _KEEP)
GET_WEBHOOK = Command("integrations.get_webhook", NamedWebhook, WebhookView, _KEEP)
CHANGE_WEBHOOK = Command("integrations.change_webhook", ChangeWebhook, WebhookView, _KEEP, changes=True)
REMOVE_WEBHOOK = Command("integrations.remove_webhook", NamedWebhook, Done, _KEEP, changes=True)
REMOVE_WEBHOOK_SECRET = Command(
    "integrations.remove_webhook_secret", NamedWebhookSecret, WebhookView, _KEEP, changes=True
)
TEST_WEBHOOK = Command("integrations.test_webhook", NamedWebhook, DeliveryView, _KEEP, changes=True)
LIST_DELIVERIES = Command("integrations.list_deliveries", ReadDeliveries, DeliveryPage, _KEEP)
SEND_AGAIN = Command("integrations.send_again", SendAgain, DeliveryView, _KEEP, changes=True)
SEND_RANGE_AGAIN = Command("integrations.send_range_again", SendRangeAgain, SentAgain, _KEEP, changes=True)


class WebhookChanged(EventData):
    webhook_id = Id(required=True)


# what a test sends: of no log, and told by nobody else
TESTED = "webhook.tested"


class WebhookParked(WebhookChanged):
    because = fields.String(required=True)


EVENTS: dict[str, type[EventData]] = {
    "webhook.created": WebhookChanged,
    "webhook.changed": WebhookChanged,
    "webhook.parked": WebhookParked,
    "webhook.resumed": WebhookChanged,
    "webhook.removed": WebhookChanged,
}
