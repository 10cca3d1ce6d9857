"""How long somebody must wait before the next try to sign in. Pure.

Tries are counted for an address and a network together, and for a known device; `guessing/` counts for each alone.
"""

import hashlib
import ipaddress
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil

from contracts.errors import TooMany

FREE_TRIES = 5
FIRST_DELAY = timedelta(seconds=1)
LONGEST_DELAY = timedelta(minutes=15)
FORGOTTEN_AFTER = timedelta(hours=24)


@dataclass(frozen=True)
class Tries:
    """Tries since the last one that succeeded. None may be made before `not_before`; at `forgotten_at` it begins anew."""

    count: int
    not_before: datetime
    forgotten_at: datetime


def key_of(address_key: str, network: str | None) -> str:
    """Under which the tries are kept: says neither whose address it is nor from where."""
    return hashlib.sha256(f"{address_key}\0{network or ''}".encode()).hexdigest()


def device_key(address_key: str, device_id: str) -> str:
    """Under which a device is kept that an address is known on."""
    return key_of(f"device {address_key}", device_id)


def network_of(text: str | None) -> str:
    """What one visitor has: an IPv4 address, or the /64 that an IPv6 address is chosen from (RFC 6177)."""
    try:
        address = ipaddress.ip_address(text or "")
    except ValueError:
        return text or ""
    if isinstance(address, ipaddress.IPv4Address):
        return str(address)
    return str(address.ipv4_mapped or ipaddress.ip_network((address, 64), strict=False))


def delay(count: int, free: int = FREE_TRIES) -> timedelta:
    """How long to wait after so many failed tries: nothing at first, then twice as long each time."""
    if count < free:
        return timedelta()
    doubled: int = 2 ** min(count - free, 20)
    return min(FIRST_DELAY * doubled, LONGEST_DELAY)


def next_try(before: Tries | None, now: datetime, free: int = FREE_TRIES) -> Tries:
    """The tries with this one, counted before the password is looked at, so that many at once are no way round.

    Raises TooMany (`retry_after_seconds`) when it comes too soon.
    """
    if before is not None and before.forgotten_at <= now:
        before = None
    if before is not None and now < before.not_before:
        seconds = ceil((before.not_before - now).total_seconds())
        raise TooMany(f"Too many tries. Wait {seconds} s and try again.", retry_after_seconds=seconds)
    count = (before.count if before else 0) + 1
    return Tries(count, now + delay(count, free), now + FORGOTTEN_AFTER)
