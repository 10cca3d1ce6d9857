"""The reply to a request, in nameko's form: transient, unconfirmed, to the caller's own queue."""

import json
from typing import Any

import amqp


def reply_message(request: amqp.Message, result: Any, error: dict[str, Any] | None) -> amqp.Message:
    """What goes back to who sent `request`; `result` and `error` are plain JSON."""
    return amqp.Message(
        json.dumps({"result": result, "error": error}, separators=(",", ":")),
        content_type="application/json",
        content_encoding="utf-8",
        delivery_mode=1,
        priority=0,
        correlation_id=request.properties.get("correlation_id", ""),
        application_headers={},
    )
