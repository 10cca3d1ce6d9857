"""What every client sends: 30 pictures a second of three to four packets, and 50 packets of sound. About 1 Mbit/s."""

import random
import struct

VIDEO_SECONDS, AUDIO_SECONDS = 1 / 30, 1 / 50
VIDEO_CLOCK, AUDIO_CLOCK = 3000, 960
"""RTP timestamp units between two frames."""

_noise = random.Random(77)
# a VP8 payload descriptor (RFC 7741 §4.2): X, S at the start of a frame; 15-bit picture id
FRAMES = [
    [
        struct.pack("!BBH", 0x90 if part == 0 else 0x80, 0x80, 0x8000 | number) + _noise.randbytes(1096)
        for part in range(4 if number % 3 else 3)
    ]
    for number in range(120)
]
SOUNDS = [_noise.randbytes(80) for _ in range(50)]


def extensions(mid: str, mid_id: int, level_id: int, numbered_id: int, number: int) -> bytes:
    """The header extension block (RFC 8285) that a browser would send: MID, audio level, transport-wide number."""
    body = b""
    if mid_id:
        body += bytes((mid_id << 4 | (len(mid) - 1),)) + mid.encode()
    if level_id:
        body += bytes((level_id << 4, 30))
    if numbered_id:
        body += bytes((numbered_id << 4 | 1,)) + struct.pack("!H", number & 0xFFFF)
    body += b"\0" * (-len(body) & 3)
    return b"\xbe\xde" + struct.pack("!H", len(body) // 4) + body


def packet(
    marker: bool, payload_type: int, sequence: int, timestamp: int, ssrc: int, block: bytes, payload: bytes
) -> bytes:
    """One RTP packet before encryption."""
    head = struct.pack(
        "!BBHII", 0x90, (128 if marker else 0) | payload_type, sequence & 0xFFFF, timestamp & 0xFFFFFFFF, ssrc
    )
    return head + block + payload
