"""New identifiers: UUID version 7 in text, so that ids sort by the time they were made (RFC 9562 §5.7)."""

import hashlib
import os
import time
import uuid

_VERSION = 7 << 76
_VARIANT = 2 << 62
_LOW = (1 << 62) - 1


def new_id() -> str:
    """A new UUIDv7; the 12 bits after the millisecond count its fraction, so ids of one process keep their order."""
    nanoseconds = time.time_ns()
    milliseconds, rest = divmod(nanoseconds, 1_000_000)
    fraction = rest * 4096 // 1_000_000
    number = (milliseconds & 0xFFFFFFFFFFFF) << 80 | _VERSION | fraction << 64 | _VARIANT
    return str(uuid.UUID(int=number | (int.from_bytes(os.urandom(8), "big") & _LOW)))


def follow(id: str, label: str) -> str:
    """The id of what the making of `id` makes besides: always the same for the same `id` and `label`.

    Keeps the timestamp of `id`; the rest is SHA-256 of both. Raises ValueError when `id` is no UUID.
    """
    origin = uuid.UUID(id)
    digest = int.from_bytes(hashlib.sha256(f"{origin}/{label}".encode()).digest()[:10], "big")
    number = (origin.int >> 80) << 80 | _VERSION | (digest >> 64 & 0xFFF) << 64 | _VARIANT | (digest & _LOW)
    return str(uuid.UUID(int=number))
