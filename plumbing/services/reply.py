"""The reply to a request, in nameko's form: transient, unconfirmed, to the caller's own queue."""

from typing import Any

import amqp
import msgspec

from plumbing import wire

_encode = msgspec.json.Encoder().encode


def result_on_wire(result: Any) -> bytes:
    """The body of a reply. Raises TypeError for what is no plain JSON, UnicodeEncodeError for half a character."""
    return _encode({"result": result, "error": None})


def refusal_on_wire(error: dict[str, Any]) -> bytes:
    """The body that refuses, with an error in nameko's form."""
    return _encode({"result": None, "error": error})


def reply_message(request: amqp.Message, body: bytes) -> wire.Content:
    """What goes back to who sent `request`."""
    return wire.reply(body, str(request.properties.get("correlation_id", "")))
