"""RTCP packets (RFC 3550 §6, RFC 4585, transport-wide congestion control) read and written. Knows no streams."""

import struct
from dataclasses import dataclass, field

SENDER_REPORT, RECEIVER_REPORT, SOURCE_DESCRIPTION, TRANSPORT_FEEDBACK, PAYLOAD_FEEDBACK = 200, 201, 202, 205, 206
_NACK, _TRANSPORT_CC = 1, 15
_PLI, _FIR, _APPLICATION = 1, 4, 15
_BLOCK = 24
_MOST_STATUSES = 1000
TIME_UNIT = 250
"""Microseconds in one receive delta."""


@dataclass(frozen=True)
class Block:
    """A report block: what one receiver says of one of our streams. `lost_fraction` in 1/256, `delay` in 1/65536 s."""

    ssrc: int
    lost_fraction: int
    lost: int
    highest: int
    jitter: int
    last_report: int
    delay: int


@dataclass(frozen=True)
class SenderInfo:
    ssrc: int
    ntp: int
    rtp: int
    packets: int
    octets: int


@dataclass
class Feedback:
    """What one compound packet says."""

    senders: list[SenderInfo] = field(default_factory=list)
    blocks: list[Block] = field(default_factory=list)
    lost: list[tuple[int, list[int]]] = field(default_factory=list)
    key_frames: list[int] = field(default_factory=list)
    bandwidths: int = 0


def read(plain: bytes) -> Feedback | None:
    """None where it is malformed."""
    feedback, at = Feedback(), 0
    while at < len(plain):
        if at + 4 > len(plain) or plain[at] >> 6 != 2:
            return None
        end = at + 4 + 4 * struct.unpack_from("!H", plain, at + 2)[0]
        if end > len(plain):
            return None
        body, count, kind = plain[at + 4 : end], plain[at] & 31, plain[at + 1]
        if plain[at] & 0x20:
            if not body or not 0 < body[-1] <= len(body):
                return None
            body = body[: -body[-1]]
        if not _read_one(kind, count, body, feedback):
            return None
        at = end
    return feedback


def _read_one(kind: int, count: int, body: bytes, feedback: Feedback) -> bool:
    if kind == SENDER_REPORT:
        if len(body) < 24 + _BLOCK * count:
            return False
        feedback.senders.append(SenderInfo(*struct.unpack_from("!IQIII", body)))
        feedback.blocks += [_block(body, 24 + _BLOCK * i) for i in range(count)]
    elif kind == RECEIVER_REPORT:
        if len(body) < 4 + _BLOCK * count:
            return False
        feedback.blocks += [_block(body, 4 + _BLOCK * i) for i in range(count)]
    elif kind == TRANSPORT_FEEDBACK and count == _NACK and len(body) >= 8:
        lost: list[int] = []
        for at in range(8, len(body) - 3, 4):
            first, following = struct.unpack_from("!HH", body, at)
            lost.append(first)
            lost += [(first + 1 + bit) & 0xFFFF for bit in range(16) if following >> bit & 1]
        feedback.lost.append((struct.unpack_from("!I", body, 4)[0], lost))
    elif kind == PAYLOAD_FEEDBACK and len(body) >= 8:
        if count == _PLI:
            feedback.key_frames.append(struct.unpack_from("!I", body, 4)[0])
        elif count == _FIR:
            feedback.key_frames += [struct.unpack_from("!I", body, at)[0] for at in range(8, len(body) - 7, 8)]
        elif count == _APPLICATION and body[8:12] == b"REMB":
            feedback.bandwidths += 1
    return True


def _block(body: bytes, at: int) -> Block:
    ssrc, loss, highest, jitter, last_report, delay = struct.unpack_from("!IIIIII", body, at)
    return Block(ssrc, loss >> 24, loss & 0xFFFFFF, highest, jitter, last_report, delay)


def _packet(count: int, kind: int, body: bytes, padded: bool = False) -> bytes:
    return struct.pack("!BBH", 0xA0 | count if padded else 0x80 | count, kind, len(body) // 4) + body


def key_frame_request(sender: int, media: int) -> bytes:
    """PLI (RFC 4585 §6.3.1)."""
    return _packet(_PLI, PAYLOAD_FEEDBACK, struct.pack("!II", sender, media))


def nack(sender: int, media: int, lost: list[int]) -> bytes:
    """Generic NACK (RFC 4585 §6.2.1) for sequence numbers in ascending order."""
    body, at = struct.pack("!II", sender, media), 0
    while at < len(lost):
        first, following = lost[at], 0
        at += 1
        while at < len(lost) and 0 < (distance := (lost[at] - first) & 0xFFFF) <= 16:
            following |= 1 << (distance - 1)
            at += 1
        body += struct.pack("!HH", first, following)
    return _packet(_NACK, TRANSPORT_FEEDBACK, body)


def receiver_report(sender: int, blocks: list[Block]) -> bytes:
    """RR (RFC 3550 §6.4.2) with at most 31 blocks."""
    body = struct.pack("!I", sender)
    for block in blocks:
        loss = (block.lost_fraction & 255) << 24 | min(max(block.lost, 0), 0x7FFFFF)
        body += struct.pack("!IIIIII", block.ssrc, loss, block.highest, block.jitter, block.last_report, block.delay)
    return _packet(len(blocks), RECEIVER_REPORT, body)


def sender_report(info: SenderInfo, cname: str) -> bytes:
    """With the source description that a compound packet must have (RFC 3550 §6.1)."""
    report = struct.pack("!IQIII", info.ssrc, info.ntp, info.rtp, info.packets, info.octets)
    name = cname.encode()
    item = struct.pack("!IBB", info.ssrc, 1, len(name)) + name + b"\0"
    return _packet(0, SENDER_REPORT, report) + _packet(1, SOURCE_DESCRIPTION, item + b"\0" * (-len(item) % 4))


def transport_feedback(sender: int, media: int, count: int, arrivals: dict[int, int], base: int) -> bytes:
    """Transport-wide feedback (draft-holmer-rmcat-transport-wide-cc-extensions-01 §3.1), with two-bit status vectors.

    `arrivals`: offset from sequence number `base` → microseconds; not empty; offsets below 1,000.
    """
    first = min(arrivals)
    reference = arrivals[first] // 64_000
    last, statuses, deltas = reference * 64_000, [], b""
    for offset in range(min(max(arrivals) + 1, _MOST_STATUSES)):
        arrived = arrivals.get(offset)
        if arrived is None:
            statuses.append(0)
            continue
        delta = max(-32768, min(32767, (arrived - last) // TIME_UNIT))
        last += delta * TIME_UNIT
        if 0 <= delta <= 255:
            statuses.append(1)
            deltas += bytes((delta,))
        else:
            statuses.append(2)
            deltas += struct.pack("!h", delta)
    chunks = b""
    for at in range(0, len(statuses), 7):
        vector = 0xC000
        for place, status in enumerate(statuses[at : at + 7]):
            vector |= status << (12 - 2 * place)
        chunks += struct.pack("!H", vector)
    head = struct.pack("!IIHHI", sender, media, base, len(statuses), (reference & 0xFFFFFF) << 8 | count & 255)
    body = head + chunks + deltas
    padding = -len(body) % 4
    if padding:
        body += b"\0" * (padding - 1) + bytes((padding,))
    return _packet(_TRANSPORT_CC, TRANSPORT_FEEDBACK, body, padded=bool(padding))
