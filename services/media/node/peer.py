"""One participant's connections to the node: what they send and what they receive, and whether they are still there."""

import asyncio
import logging
import time
from collections.abc import Callable, Coroutine
from typing import Any

from contracts.errors import NotFound
from services.media.node.publication import Publication, Track, fingerprint
from services.media.node.subscription import Signal, Subscription
from services.media.node.taps import Taps, wire_of

log = logging.getLogger(__name__)

_SILENT_SECONDS = 6.0
"""Browsers prove themselves every 2 to 3 seconds (RFC 7675 §5.1)."""
_GONE_SECONDS = 60.0
"""Longer than a browser itself keeps trying; a connection that was only away is taken up again before that."""

_OVER = ("closed", "failed")

_closing: set[asyncio.Task[None]] = set()


def _later(work: Coroutine[Any, Any, None]) -> None:
    """Run to its end without being waited for, since a rejoining browser must not wait for its former connection's end."""
    task = asyncio.get_running_loop().create_task(work)
    _closing.add(task)
    task.add_done_callback(_closing.discard)


class Peer:
    """`on_change`: what is sent changed; `on_state`: somebody should look whether the participant is connected."""

    def __init__(
        self,
        taps: Taps,
        participant_id: str,
        signal: Signal,
        on_change: Callable[[], None],
        on_state: Callable[[], None],
    ) -> None:
        self.participant_id = participant_id
        self._taps, self._signal, self._on_change, self._on_state = taps, signal, on_change, on_state
        self.publication: Publication | None = None
        self.subscription: Subscription | None = None
        self._publishing = asyncio.Lock()
        self.was_connected = False
        self.was_heard = False

    @property
    def tracks(self) -> list[Track]:
        return self.publication.tracks if self.publication is not None else []

    async def publish(self, sdp: str, sources: dict[str, str]) -> str:
        """Answer an offer. One from a new browser connection replaces the former connection: a rejoin."""
        async with self._publishing:
            former = self.publication
            if (
                former is not None
                and former.fingerprint == fingerprint(sdp)
                and former.connection.connectionState != "closed"
            ):
                return await former.answer(sdp, sources)
            fresh = Publication(self._taps, self.participant_id, self._on_change, self._on_state)
            try:
                answer = await fresh.answer(sdp, sources)
            except Exception:
                _later(fresh.close())
                raise
            self.publication = fresh
            if former is not None:
                _later(former.close())
        self._on_change()
        return answer

    def subscribe(self) -> None:
        """Begin with a new connection; a former one is closed. The offers come as signals."""
        if self.subscription is not None:
            _later(self.subscription.close())
        self.subscription = Subscription(self._taps, self._signal, self._on_state)
        self._on_change()

    async def answer(self, offer_id: str, sdp: str) -> None:
        if self.subscription is None:
            raise NotFound("Nothing was offered to this participant.")
        await self.subscription.answer(offer_id, sdp)

    def is_connected(self) -> bool:
        """Whether one of the connections has proved itself lately."""
        return any(self._silence(each) < _SILENT_SECONDS for each in self._connections())

    def is_heard(self) -> bool:
        """Whether a media packet of theirs has come."""
        return any(entry["packets"] for entry in self.publication.report()) if self.publication is not None else False

    def drop_the_dead(self) -> None:
        """Let go of connections that are over, and of those that nobody has been at for a minute."""
        for name in ("publication", "subscription"):
            each = getattr(self, name)
            if each is not None and (each.connection.connectionState in _OVER or self._is_deserted(each)):
                setattr(self, name, None)
                _later(each.close())
                self._on_change()

    def _connections(self) -> list[Publication | Subscription]:
        return [each for each in (self.publication, self.subscription) if each is not None]

    def _is_deserted(self, each: Publication | Subscription) -> bool:
        wire = wire_of(each.connection)
        seen_at = each.made_at if wire is None or wire.heard_at is None else wire.heard_at
        return time.monotonic() - seen_at > _GONE_SECONDS

    def _silence(self, each: Publication | Subscription) -> float:
        """Seconds since the remote last proved itself; infinite before it is connected and after it is closed."""
        wire = wire_of(each.connection)
        if wire is None or wire.closed or wire.heard_at is None or each.connection.connectionState != "connected":
            return float("inf")
        return time.monotonic() - wire.heard_at

    def report(self) -> dict[str, Any]:
        return {
            "connected": self.was_connected,
            "sends": self.publication.report() if self.publication is not None else [],
            "receives": self.subscription.report() if self.subscription is not None else [],
        }

    async def close(self) -> None:
        connections = self._connections()
        self.publication = self.subscription = None
        for each in connections:
            await each.close()
