"""How often one member may ask the API, so that a program that runs wild slows nobody else.

The generic cell rate algorithm (ITU-T I.371): a minute's requests at once, then as many as the minute gives back. Each process
counts for itself; in front of the doors that are open to all, what is guessed at is slowed elsewhere (`wrong_links`, accounts).
"""

import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from math import ceil, floor

from flask import Flask, Response, g

from contracts.errors import TooMany

WINDOW_SECONDS = 60
_MOST_KNOWN = 50_000


@dataclass(frozen=True)
class Standing:
    """Where somebody stands: of `quota` requests in a minute, `remaining` are left, and all are back in `reset_seconds`.

    `wait_seconds` is 0 for who may go on.
    """

    quota: int
    remaining: int
    reset_seconds: int
    wait_seconds: int = 0


class RateLimits:
    """Who asked how often. `per_minute` 0: nobody is limited."""

    def __init__(self, per_minute: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._quota = per_minute
        self._clock = clock
        self._spent_until: OrderedDict[str, float] = OrderedDict()
        self._lock = threading.Lock()

    def take(self, who: str) -> Standing | None:
        """Count one request of theirs; None where nobody is limited. One that has to wait costs nothing."""
        if not self._quota:
            return None
        each = WINDOW_SECONDS / self._quota
        now = self._clock()
        with self._lock:
            spent = max(self._spent_until.pop(who, now), now) - now
            allowed = spent + each <= WINDOW_SECONDS + each / 1e6
            spent += each if allowed else 0.0
            self._spent_until[who] = now + spent
            if len(self._spent_until) > _MOST_KNOWN:
                self._spent_until.popitem(last=False)
        wait = 0 if allowed else max(1, ceil(spent + each - WINDOW_SECONDS))
        return Standing(self._quota, floor((WINDOW_SECONDS - spent) / each + 1e-6), ceil(spent), wait)


def headers(standing: Standing) -> dict[str, str]:
    """As draft-ietf-httpapi-ratelimit-headers-10 writes them."""
    return {
        "RateLimit-Policy": f'"member";q={standing.quota};w={WINDOW_SECONDS}',
        "RateLimit": f'"member";r={standing.remaining};t={standing.reset_seconds}',
    }


def count(limits: RateLimits, who: str) -> None:
    """Count this request, once. Raises TooMany (`retry_after_seconds`)."""
    if "rate_standing" in g:
        return
    g.rate_standing = standing = limits.take(who)
    if standing and standing.wait_seconds:
        raise TooMany(
            f"At most {standing.quota} requests a minute: go on a little later, and more slowly.",
            retry_after_seconds=standing.wait_seconds,
        )


def register(app: Flask) -> None:
    """Tell whoever was counted in a request where they stand."""

    @app.after_request
    def tell(response: Response) -> Response:
        standing = g.get("rate_standing")
        if standing:
            response.headers.update(headers(standing))
        return response
