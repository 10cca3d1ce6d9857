"""Reports of mail servers about mails that they took and could not deliver (RFC 3464), as far as they are about one of ours. Pure.

Which mail it is about is told by the address to which the report came: our envelope sender, with a token that only we can make. What
a report quotes of the mail counts for nothing, because whoever forges one can quote what they like.
"""

import re
from collections.abc import Iterator
from email import message_from_bytes
from email.message import Message
from email.policy import compat32

from services.invitations import delivery
from services.invitations.delivery import refusal
from services.invitations.reporting import BOUNCED, DELAYED, DELIVERED, Report
from services.invitations.reports import Sending, sending_of, token_of

PREFIX = "bounce+"
_TO = ("To", "Delivered-To", "X-Original-To", "Envelope-To", "X-Envelope-To")
_OURS = re.compile(re.escape(PREFIX) + r"([a-z2-7]{32}\.[a-z2-7]{16})@", re.IGNORECASE)
_MOST_CHARACTERS = 20_000
_STATUS = re.compile(r"\s*[245]\.(\d{1,3}\.\d{1,3})\b")
# as a server wrote it, where the field Status says no more than that it failed
_ENHANCED = re.compile(r"\b5\.(\d{1,3}\.\d{1,3})\b")
_CODE = re.compile(r"\b(5\d\d)[ -]")
_SAYS_NOTHING = frozenset({"", "0.0"})
# the server between gave up, after as long as it tries
_EXPIRED = frozenset({"4.7", "4.1", "4.6"})
_KINDS = {"failed": BOUNCED, "delayed": DELAYED, "delivered": DELIVERED}


def return_path(key: bytes, sending: Sending, domain: str) -> str:
    """The envelope sender of a mail, to which reports about it come."""
    return f"{PREFIX}{token_of(key, sending)}@{domain}"


def report_of(key: bytes, raw: bytes) -> Report | None:
    """What a mail reports of one of ours; None for whatever else it is, be it broken or forged."""
    try:
        message = message_from_bytes(raw, policy=compat32)
        sending = _sending(key, message)
        found = _reported(message) if sending else None
    except (ValueError, LookupError, RecursionError):
        # the standard library's parser is not made for what is meant to break it
        return None
    return Report(sending, *found) if sending and found else None


def _sending(key: bytes, message: Message) -> Sending | None:
    for name in _TO:
        for value in message.get_all(name, []):
            for found in _OURS.finditer(str(value)[:_MOST_CHARACTERS]):
                sending = sending_of(key, found[1])
                if sending:
                    return sending
    return None


def _reported(message: Message) -> tuple[str, str | None] | None:
    """The kind and the problem, of the first recipient of whom anything is said that counts."""
    if message.get_content_type() != "multipart/report":
        return None
    for block in _blocks(message):
        kind = _KINDS.get(str(block.get("Action", "")).split("(")[0].strip().lower())
        if kind:
            return kind, {BOUNCED: _problem(block), DELAYED: delivery.ON_ITS_WAY}.get(kind)
    return None


def _blocks(message: Message) -> Iterator[Message]:
    """What is said of each recipient: the groups of fields after the first (RFC 3464 §2.1)."""
    parts = message.get_payload()
    for part in parts if isinstance(parts, list) else ():
        if isinstance(part, Message) and part.get_content_type() == "message/delivery-status":
            groups = part.get_payload()
            yield from (each for each in (groups if isinstance(groups, list) else ()) if isinstance(each, Message))


def _problem(block: Message) -> str:
    status, diagnostic = (str(block.get(name, ""))[:_MOST_CHARACTERS] for name in ("Status", "Diagnostic-Code"))
    found = _STATUS.match(status)
    enhanced = found[1] if found else ""
    if enhanced in _SAYS_NOTHING:
        said = _ENHANCED.search(diagnostic)
        enhanced = said[1] if said else ""
    if enhanced in _EXPIRED:
        return delivery.GIVEN_UP
    code = _CODE.search(diagnostic)
    return refusal(int(code[1]) if code else None, enhanced)
