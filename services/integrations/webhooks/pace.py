"""How much may be sent at the moment: to each webhook so many at once and so many a second, for each organisation and of all together so many at once. Of one process."""

import threading
import time
from collections import Counter
from collections.abc import Callable

from services.integrations.webhooks.webhook import Webhook

AT_ONCE = 400
"""Of all webhooks together."""
AT_ONCE_OF_ONE = 100
"""Of one organisation: however many slow receivers it has, the others have places."""


class Pace:
    """For any number of threads."""

    def __init__(
        self, now: Callable[[], float] = time.monotonic, *, at_once: int = AT_ONCE, of_one: int = AT_ONCE_OF_ONE
    ) -> None:
        self._now = now
        self._at_once = at_once
        self._of_one = of_one
        self._of_organisation: Counter[str] = Counter()
        self._lock = threading.Lock()
        self._under_way: dict[str, int] = {}
        # webhook → how many it may be sent at once from its bucket, and as of when
        self._buckets: dict[str, tuple[float, float]] = {}
        self._full: set[str] = set()

    def begin(self, webhook: Webhook) -> bool:
        """Whether one more may be sent; then it is under way."""
        with self._lock:
            under_way = self._under_way.get(webhook.id, 0)
            if self._is_full() or self._of_organisation[webhook.organisation_id] >= self._of_one:
                return False
            if under_way >= webhook.at_once or not self._has_token(webhook):
                self._full.add(webhook.id)
                return False
            self._under_way[webhook.id] = under_way + 1
            self._of_organisation[webhook.organisation_id] += 1
            return True

    def end(self, webhook: Webhook) -> None:
        """One is not under way any more."""
        with self._lock:
            for counted, id in ((self._under_way, webhook.id), (self._of_organisation, webhook.organisation_id)):
                left = counted.get(id, 1) - 1
                if left:
                    counted[id] = left
                else:
                    counted.pop(id, None)
            self._full.discard(webhook.id)

    def has_place(self) -> bool:
        """Whether anything may be sent at all."""
        with self._lock:
            return not self._is_full()

    def busy_organisations(self) -> list[str]:
        """Those that have as many under way as they may."""
        with self._lock:
            return [id for id, count in self._of_organisation.items() if count >= self._of_one]

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

    def _is_full(self) -> bool:
        return sum(self._under_way.values()) >= self._at_once

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
