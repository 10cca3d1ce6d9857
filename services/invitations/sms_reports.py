"""What the provider of texts posts to us: whether it is the provider, and what it means. Pure.

https://www.twilio.com/docs/usage/security (signature), https://www.twilio.com/docs/messaging/guides/track-outbound-message-status.
"""

import base64
import hashlib
import hmac
from collections.abc import Mapping

from services.invitations.reporting import BOUNCED, DELIVERED, Report
from services.invitations.reports import Sending
from services.invitations.sms_codes import problem_of

STOP, START = "stop", "start"
# what networks and providers know, and the same in the other languages that our texts are in
_STOP = frozenset({"STOP", "STOPALL", "UNSUBSCRIBE", "CANCEL", "END", "QUIT", "STOPP", "ABMELDEN", "إيقاف", "توقف"})
_START = frozenset({"START", "UNSTOP"})
_NOT_REACHED = frozenset({"undelivered", "failed"})


def is_proved(secret: str, url: str, fields: Mapping[str, str], signature: str) -> bool:
    """Whether whoever posted these fields to this address holds the account's secret."""
    said = url + "".join(name + fields[name] for name in sorted(fields))
    made = base64.b64encode(hmac.new(secret.encode(), said.encode(), hashlib.sha1).digest())
    return hmac.compare_digest(made, signature.encode())


def wish_of(fields: Mapping[str, str]) -> str | None:
    """`stop` or `start` where an answer to a text asks for one, else None."""
    word = fields.get("Body", "").strip().strip(".!").upper()
    return STOP if word in _STOP else START if word in _START else None


def report_of(sending: Sending, fields: Mapping[str, str]) -> Report | None:
    """What became of a text; None while nothing is final."""
    status = fields.get("MessageStatus", "")
    if status == "delivered":
        return Report(sending, DELIVERED)
    if status not in _NOT_REACHED:
        return None
    code = fields.get("ErrorCode", "")
    return Report(
        sending, BOUNCED, problem_of(int(code) if code.isascii() and code.isdigit() and len(code) < 9 else None)
    )
