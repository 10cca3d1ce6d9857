"""Slowing whoever tries links until one opens.

A personal link has 192 bits and is not found by trying; a room link can be read aloud, and its end has 35. Whoever asks for many
that are none is asked to wait: a known device counts for itself, so that nobody behind the same address stands in for them, and
everybody else for their network, an IPv6 one by its first 64 bits. Links that open cost nothing. Each process counts for itself.
"""

import ipaddress
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from math import ceil

import structlog

from contracts.errors import TooMany
from plumbing.health import WRONG_LINKS

log = structlog.get_logger()
AT_ONCE = 300
REFILL_SECONDS = 2.0
_MOST_KNOWN = 50_000


class WrongLinks:
    """Who asked for links that are none: 300 at once, and one more every two seconds (the generic cell rate algorithm, ITU-T I.371)."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._spent_until: OrderedDict[str, float] = OrderedDict()
        self._lock = threading.Lock()

    def check(self, who: str) -> None:
        """Raises TooMany (`retry_after_seconds`) for who has to wait."""
        over = self._spent_until.get(who, 0.0) - self._clock() - (AT_ONCE - 1) * REFILL_SECONDS
        if over > 0:
            raise TooMany(
                "Too many links that lead nowhere were tried from here. Wait a little, then open your link again.",
                retry_after_seconds=ceil(over),
            )

    def note(self, who: str) -> None:
        """They asked for a link that is none."""
        WRONG_LINKS.inc()
        now = self._clock()
        with self._lock:
            before = max(self._spent_until.pop(who, now), now)
            self._spent_until[who] = before + REFILL_SECONDS
            if len(self._spent_until) > _MOST_KNOWN:
                self._spent_until.popitem(last=False)
        if before - now <= (AT_ONCE - 1) * REFILL_SECONDS < before - now + REFILL_SECONDS:
            log.warning("somebody tries links")


def who_asks(device_id: str | None, address: str | None) -> str:
    """Under what somebody's wrong links are counted."""
    if device_id:
        return f"device {device_id}"
    try:
        network = ipaddress.ip_address(address or "")
    except ValueError:
        return "network unknown"
    if network.version == 6:
        return f"network {ipaddress.ip_network((network, 64), strict=False)}"
    return f"network {network}"
