"""RTP packets (RFC 3550 §5) as bytes: where their parts are, and how ours are put together. Every length is checked."""

import struct
from typing import NamedTuple

_FIXED = struct.Struct("!BBHII")
_ONE_BYTE, _TWO_BYTES = 0xBEDE, 0x1000


class Header(NamedTuple):
    """`payload` is `plain[start:end]`, without padding."""

    marker: bool
    payload_type: int
    sequence: int
    timestamp: int
    ssrc: int
    extensions: dict[int, bytes]
    start: int
    end: int


def read_header(plain: bytes) -> Header | None:
    """The header of a decrypted packet; None where it is malformed."""
    size = len(plain)
    if size < 12:
        return None
    first, second, sequence, timestamp, ssrc = _FIXED.unpack_from(plain)
    start = 12 + 4 * (first & 15)
    extensions: dict[int, bytes] = {}
    if first & 0x10:
        if start + 4 > size:
            return None
        profile = (plain[start] << 8) | plain[start + 1]
        begin = start + 4
        start = begin + 4 * ((plain[start + 2] << 8) | plain[start + 3])
        if start > size:
            return None
        if profile == _ONE_BYTE:
            extensions = _one_byte(plain, begin, start)
        elif profile & 0xFFF0 == _TWO_BYTES:
            extensions = _two_bytes(plain, begin, start)
    end = size
    if first & 0x20:
        padding = plain[-1]
        if not padding or padding > size - start:
            return None
        end = size - padding
    if start > end:
        return None
    return Header(bool(second & 0x80), second & 127, sequence, timestamp, ssrc, extensions, start, end)


def _one_byte(plain: bytes, at: int, end: int) -> dict[int, bytes]:
    """RFC 8285 §4.2; what runs over the end is left out."""
    found = {}
    while at < end:
        mark = plain[at]
        if not mark:
            at += 1
            continue
        if mark >> 4 == 15:
            break
        after = at + 2 + (mark & 15)
        if after > end:
            break
        found[mark >> 4] = plain[at + 1 : after]
        at = after
    return found


def _two_bytes(plain: bytes, at: int, end: int) -> dict[int, bytes]:
    """RFC 8285 §4.3; what runs over the end is left out."""
    found = {}
    while at < end:
        if not plain[at]:
            at += 1
            continue
        if at + 2 > end or at + 2 + plain[at + 1] > end:
            break
        found[plain[at]] = plain[at + 2 : at + 2 + plain[at + 1]]
        at += 2 + plain[at + 1]
    return found


def extension_block(mid: str, mid_id: int, time_id: int, sent_time: int, level_id: int, level: int) -> bytes:
    """The header extensions of a packet of ours, with profile, length and padding; empty where none is negotiated.

    `sent_time` is abs-send-time, 6.18 fixed point seconds in 24 bits; `level` is RFC 6464's byte.
    """
    body = b""
    if mid_id:
        name = mid.encode()
        body += bytes(((mid_id << 4) | (len(name) - 1),)) + name
    if time_id:
        body += bytes(((time_id << 4) | 2,)) + sent_time.to_bytes(3, "big")
    if level_id:
        body += bytes((level_id << 4, level))
    if not body:
        return b""
    body += b"\0" * (-len(body) & 3)
    return b"\xbe\xde" + (len(body) >> 2).to_bytes(2, "big") + body


def extension_template(mid: str, mid_id: int, time_id: int, level_id: int) -> tuple[bytes, int, int]:
    """(block, place of the sent time, place of the level) for packets of one route; a place of 0 is "not in it"."""
    block = extension_block(mid, mid_id, time_id, 0, level_id, 127)
    after_mid = 4 + (1 + len(mid.encode()) if mid_id else 0)
    return block, after_mid + 1 if time_id else 0, after_mid + (4 if time_id else 0) + 1 if level_id else 0


def fixed_header(extended: bool, marker: bool, payload_type: int, sequence: int, timestamp: int, ssrc: int) -> bytes:
    """The first 12 bytes of a packet of ours."""
    return _FIXED.pack(0x90 if extended else 0x80, (0x80 if marker else 0) | payload_type, sequence, timestamp, ssrc)
