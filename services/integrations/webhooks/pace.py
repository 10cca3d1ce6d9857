"""How much may be sent to each webhook at the moment: so many at once, and so many a second. Of one process."""

import threading
import time
from collections.abc import Callable

from services.integrations.webhooks.webhook import Webhook


class Pace:
    """For any number of threads."""

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._lock = threading.Lock()
        self._under_way: dict[str, int] = {}
        # webhook → how many it may be sent at once from its bucket, and as of when
        self._buckets: dict[str, tuple[float, float]] = {}
        self._full: set[str] = set()

    def begin(self, webhook: Webhook) -> bool:
        """Whether one more may be sent; then it is under way."""
        with self._lock:
            under_way = self._under_way.get(webhook.id, 0)
            if under_way >= webhook.at_once or not self._has_token(webhook):
                self._full.add(webhook.id)
                return False
            self._under_way[webhook.id] = under_way + 1
            return True

    def end(self, webhook_id: str) -> None:
        """One is not under way any more."""
        with self._lock:
            left = self._under_way.get(webhook_id, 1) - 1
            if left:
                self._under_way[webhook_id] = left
            else:
                self._under_way.pop(webhook_id, None)
            self._full.discard(webhook_id)

    def under_way(self) -> int:
        """How many are being sent."""
        with self._lock:
            return sum(self._under_way.values())

    def busy(self) -> list[str]:
        """The webhooks that were refused one more, and for which nothing has changed since."""
        with self._lock:
            now = self._now()
            waiting = {id for id, (tokens, at) in self._buckets.items() if tokens < 1 and now - at < 1 / _LEAST_RATE}
            self._full = {id for id in self._full if id in self._under_way or id in waiting}
            return list(self._full)

    def _has_token(self, webhook: Webhook) -> bool:
        if webhook.per_second is None:
            self._buckets.pop(webhook.id, None)
            return True
        now, rate = self._now(), float(webhook.per_second)
        tokens, at = self._buckets.get(webhook.id, (rate, now))
        tokens = min(rate, tokens + (now - at) * rate)
        spent = tokens >= 1
        self._buckets[webhook.id] = (tokens - 1 if spent else tokens, now)
        return spent


# looked at anew so often where a rate is what holds up
_LEAST_RATE = 50.0
