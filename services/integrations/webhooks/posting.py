"""One try: the request as it is sent, and what its answer or its failure says."""

import socket
import ssl
import time
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from urllib3 import exceptions

from contracts.webhooks import CLOUDEVENTS
from plumbing.outside import Away, NotAllowed, Outside
from services.integrations.webhooks.delivery import Attempt
from services.integrations.webhooks.signing import signatures

WHOLE_SECONDS = 15.0
"""For connecting and for the answer to begin; a receiver that wants longer takes it and does its work afterwards."""
FIRST_BYTES = 1_000
"""Of the answer, which is all that is read."""
_AGENT = "Housecall-Webhooks/1"


def headers_of(delivery: dict[str, Any], secrets: Sequence[str], body: bytes, now: datetime) -> dict[str, str]:
    """As Standard Webhooks and CloudEvents (structured mode) say; `secrets` newest first."""
    timestamp = int(now.timestamp())
    kind = "application/cloudevents+json" if delivery["format"] == CLOUDEVENTS else "application/json"
    return {
        "Content-Type": f"{kind}; charset=utf-8",
        "User-Agent": _AGENT,
        "webhook-id": delivery["message_id"],
        "webhook-timestamp": str(timestamp),
        "webhook-signature": signatures(secrets, delivery["message_id"], timestamp, body),
    }


def post(outside: Outside, url: str, delivery: dict[str, Any], secrets: Sequence[str], now: datetime) -> Attempt:
    """Send it once. Raises nothing that a receiver could cause."""
    body = delivery["body"].encode()
    headers = headers_of(delivery, secrets, body, now)
    began = time.monotonic()
    status: int | None = None
    problem = answer = retry_after = None
    try:
        taken = outside.send(url, body, headers, most_bytes=FIRST_BYTES, seconds=WHOLE_SECONDS)
    except NotAllowed:
        problem = "not_allowed"
    except Away as error:
        problem = _problem(error.__cause__, time.monotonic() - began)
    else:
        status, retry_after = taken.status, taken.retry_after
        # what is no text in it is shown as such
        answer = taken.first_bytes.decode("utf-8", "replace").replace("\x00", "\ufffd")
    return Attempt(now, round(time.monotonic() - began, 3), status, problem, answer, headers, len(body), retry_after)


def _problem(cause: BaseException | None, seconds: float) -> str:
    if isinstance(cause, (exceptions.SSLError, ssl.SSLError)):
        return "no_tls"
    if isinstance(cause, socket.gaierror):
        return "no_host"
    # refused at once, which urllib3 counts among what took too long
    if isinstance(cause, exceptions.NewConnectionError):
        return "no_answer"
    if isinstance(cause, exceptions.TimeoutError) or seconds >= WHOLE_SECONDS:
        return "too_slow"
    return "no_answer"
