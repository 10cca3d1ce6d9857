"""ICE as a lite agent answers it (RFC 8445 §2.5): reads binding requests and writes the responses. Knows no sockets.

Everything here faces the Internet before any key is agreed: each length is checked before it is used.
"""

import hashlib
import hmac
import ipaddress
import secrets
import struct
import zlib
from dataclasses import dataclass

_COOKIE = 0x2112A442
_BINDING_REQUEST = 0x0001
_BINDING_SUCCESS = 0x0101
_USERNAME, _MESSAGE_INTEGRITY, _USE_CANDIDATE, _XOR_MAPPED_ADDRESS, _FINGERPRINT = (
    0x0006,
    0x0008,
    0x0025,
    0x0020,
    0x8028,
)
_FINGERPRINT_MASK = 0x5354554E
_HEADER = struct.Struct("!HHI12s")
_INTEGRITY_BYTES = 20
_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"

Address = tuple[str, int]


@dataclass(frozen=True)
class BindingRequest:
    """A well-formed STUN binding request (RFC 8489) whose sender is not yet proven: see `is_from`."""

    transaction: bytes
    username: str
    nominates: bool
    signed: bytes
    integrity: bytes

    @property
    def local_fragment(self) -> str:
        """The user fragment of the side that is asked."""
        return self.username.partition(":")[0]

    def is_from(self, password: str) -> bool:
        """Whether the sender knows our password (RFC 8489 §14.5)."""
        return hmac.compare_digest(hmac.digest(password.encode(), self.signed, hashlib.sha1), self.integrity)


def read_binding_request(data: bytes) -> BindingRequest | None:
    """The request in a datagram, or None for whatever is none, is cut short, or carries no integrity."""
    if len(data) < _HEADER.size:
        return None
    kind, length, cookie, transaction = _HEADER.unpack_from(data)
    if kind != _BINDING_REQUEST or cookie != _COOKIE or length % 4 or _HEADER.size + length != len(data):
        return None
    username, nominates, offset = "", False, _HEADER.size
    while offset + 4 <= len(data):
        attribute, size = struct.unpack_from("!HH", data, offset)
        value = data[offset + 4 : offset + 4 + size]
        if len(value) != size:
            return None
        if attribute == _MESSAGE_INTEGRITY:
            if size != _INTEGRITY_BYTES:
                return None
            covered = struct.pack("!H", offset + 4 + _INTEGRITY_BYTES - _HEADER.size)
            return BindingRequest(transaction, username, nominates, data[:2] + covered + data[4:offset], value)
        if attribute == _USERNAME:
            username = value.decode("ascii", "replace")
        elif attribute == _USE_CANDIDATE:
            nominates = True
        offset += 4 + size + (-size % 4)
    return None


def binding_response(request: BindingRequest, seen_from: Address, password: str) -> bytes:
    """Says which address the request came from, signed with our password."""
    body = _attribute(_XOR_MAPPED_ADDRESS, _xor_address(seen_from, request.transaction))
    signed = _header(len(body) + 4 + _INTEGRITY_BYTES, request.transaction) + body
    body += _attribute(_MESSAGE_INTEGRITY, hmac.digest(password.encode(), signed, hashlib.sha1))
    message = _header(len(body) + 8, request.transaction) + body
    return message + _attribute(_FINGERPRINT, struct.pack("!I", zlib.crc32(message) ^ _FINGERPRINT_MASK))


def random_text(length: int) -> str:
    """An ICE user fragment or password (RFC 8445 §5.3: at least 24 and 128 random bits)."""
    return "".join(secrets.choice(_LETTERS) for _ in range(length))


def _header(length: int, transaction: bytes) -> bytes:
    return _HEADER.pack(_BINDING_SUCCESS, length, _COOKIE, transaction)


def _attribute(kind: int, value: bytes) -> bytes:
    return struct.pack("!HH", kind, len(value)) + value + b"\0" * (-len(value) % 4)


def _xor_address(address: Address, transaction: bytes) -> bytes:
    ip = ipaddress.ip_address(address[0].partition("%")[0])
    mapped = getattr(ip, "ipv4_mapped", None) or ip
    mask = struct.pack("!I", _COOKIE) + transaction
    body = bytes(a ^ b for a, b in zip(mapped.packed, mask, strict=False))
    return struct.pack("!BBH", 0, 1 if mapped.version == 4 else 2, address[1] ^ (_COOKIE >> 16)) + body
