"""Which sending a report is about: named in the report's own address by a token that only we can make. Pure.

token = base32(invitation's id ‖ place of the recipient ‖ number of the sending) "." base32(first 80 bits of an HMAC-SHA256): 49
letters and digits of one case, because mail servers may change the case of an address (RFC 5321 §2.4 notwithstanding).
"""

import base64
import binascii
import hashlib
import hmac
import struct
import uuid
from dataclasses import dataclass

from services.invitations.invitation import Invitation, Recipient

_LABEL = b"housecall delivery report 1"
_MAC_BYTES = 10
_NUMBERS = struct.Struct(">HH")
MOST = 0xFFFF
"""Of a sending's number so much is in the token."""


@dataclass(frozen=True)
class Sending:
    """`place` of the recipient among the invitation's, who keep theirs for good; `number` counts the sendings to them from 1."""

    invitation_id: str
    place: int
    number: int


def sending_to(invitation: Invitation, recipient: Recipient) -> Sending:
    """The one that is due to this recipient of the invitation."""
    place = next(place for place, one in enumerate(invitation.recipients) if one.id == recipient.id)
    return Sending(invitation.id, place, recipient.sending)


def token_of(key: bytes, sending: Sending) -> str:
    """The token of this sending."""
    said = uuid.UUID(sending.invitation_id).bytes + _NUMBERS.pack(sending.place, sending.number & MOST)
    return f"{_encoded(said)}.{_encoded(_mac(key, said))}"


def sending_of(key: bytes, token: str) -> Sending | None:
    """What a token names; None for one that we did not make."""
    said, mac = (_decoded(part) for part in (token.partition(".")[0], token.partition(".")[2]))
    if len(said) != 16 + _NUMBERS.size or not hmac.compare_digest(mac, _mac(key, said)):
        return None
    place, number = _NUMBERS.unpack(said[16:])
    return Sending(str(uuid.UUID(bytes=said[:16])), place, number)


def _mac(key: bytes, said: bytes) -> bytes:
    return hmac.new(key, _LABEL + b"\0" + said, hashlib.sha256).digest()[:_MAC_BYTES]


def _encoded(value: bytes) -> str:
    return base64.b32encode(value).decode().rstrip("=").lower()


def _decoded(text: str) -> bytes:
    try:
        return base64.b32decode(text.upper() + "=" * (-len(text) % 8))
    except (binascii.Error, ValueError):
        return b""
