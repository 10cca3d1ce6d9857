"""Webhooks: where an organisation's events are posted, and what became of each."""

from contracts import webhooks
from gateway.api.area import Area

area = Area("webhooks", "Where events are posted to, signed (Standard Webhooks), and what became of each")
_ONE = "/webhooks/<id:webhook_id>"

area.answers("GET", "/webhooks", webhooks.LIST_WEBHOOKS, "All of them, oldest first, with how they stand.")
area.answers("POST", "/webhooks", webhooks.CREATE_WEBHOOK, "One more; its secret is answered this once.", status=201)
area.answers("GET", _ONE, webhooks.GET_WEBHOOK, "One, with how it stands.")
area.answers("PATCH", _ONE, webhooks.CHANGE_WEBHOOK, "Another place or other events; parked, or resumed.")
area.answers("DELETE", _ONE, webhooks.REMOVE_WEBHOOK, "Nothing is sent to it from now on; what was sent is forgotten.")
area.answers(
    "POST",
    f"{_ONE}/secrets",
    webhooks.ADD_WEBHOOK_SECRET,
    "A second secret, answered this once. All is signed by both, so that the first can be replaced without a gap.",
    status=201,
)
area.answers(
    "DELETE", f"{_ONE}/secrets/<id:secret_id>", webhooks.REMOVE_WEBHOOK_SECRET, "Nothing is signed by it from now on."
)
area.answers("POST", f"{_ONE}/test", webhooks.TEST_WEBHOOK, "An event of its own is sent once.", status=201)
area.answers(
    "GET",
    f"{_ONE}/deliveries",
    webhooks.LIST_DELIVERIES,
    "What was and is to be sent, newest first, with each attempt.",
)
area.answers(
    "POST",
    f"{_ONE}/deliveries/<id:delivery_id>/send-again",
    webhooks.SEND_AGAIN,
    "One more time, under the same `webhook-id`.",
)
area.answers(
    "POST", f"{_ONE}/send-again", webhooks.SEND_RANGE_AGAIN, "All events of a time that it is for, from the log."
)
