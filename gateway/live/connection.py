"""One browser tab's connection: who it is, what it follows, and what was shown of it."""

import threading
import time
from dataclasses import dataclass, field
from typing import Any

from contracts.actor import Actor
from gateway.live import closing
from gateway.live.topics import Subject, Topic, keys_of
from gateway.live.wire import Wire

_FRAMES_PER_SECOND = 50.0
_MOST_AT_ONCE = 300.0


class Subscription:
    """One topic of one connection.

    While a snapshot is read, changes are held and follow it. A view that is older than what was shown is never shown.
    """

    def __init__(self, connection: "Connection", topic: Topic) -> None:
        self.connection = connection
        self.topic = topic
        self.keys = keys_of(connection.actor, topic)
        self._shown: dict[Subject, int] = {}
        self._held: dict[Subject, tuple[int | None, bytes, bool]] | None = {}
        self._lock = threading.Lock()

    def hold(self) -> None:
        """A snapshot is about to be read; what changes meanwhile waits."""
        with self._lock:
            self._held = self._held or {}

    def begin(self, frame: bytes, views: list[tuple[Subject, dict[str, Any]]]) -> None:
        """Show a snapshot, then what changed since."""
        with self._lock:
            self._shown = {subject: view.get("version", 0) for subject, view in views}
            self.connection.send(frame)
            held, self._held = self._held or {}, None
            for subject, (version, late, gone) in held.items():
                self._show(subject, version, late, gone)

    def change(self, subject: Subject, version: int | None, frame: bytes, gone: bool) -> None:
        """Show one view. `version` None: the view has none. `gone`: it is no longer there for this reader."""
        with self._lock:
            if self._held is not None:
                self._held[subject] = (version, frame, gone)
            else:
                self._show(subject, version, frame, gone)

    def _show(self, subject: Subject, version: int | None, frame: bytes, gone: bool) -> None:
        known = self._shown.get(subject)
        if gone:
            if known is None:
                return
            del self._shown[subject]
        elif version is not None and known is not None and version < known:
            return
        else:
            self._shown[subject] = version or 0
        self.connection.send(frame)


@dataclass
class Allowance:
    """How many frames a browser may still send: 50 a second, 300 at once."""

    left: float = _MOST_AT_ONCE
    at: float = field(default_factory=time.monotonic)

    def take(self) -> bool:
        """Whether one more is within it."""
        now = time.monotonic()
        self.left = min(_MOST_AT_ONCE, self.left + (now - self.at) * _FRAMES_PER_SECOND) - 1
        self.at = now
        return self.left >= 0


class Connection:
    """`expires_at`: Unix seconds at which a member's sign-in ends; `token`: their sign-in, to be checked again."""

    def __init__(
        self, id: str, actor: Actor, wire: Wire, *, token: str | None = None, expires_at: float | None = None
    ) -> None:
        self.id = id
        self.actor = actor
        self.token = token
        self.expires_at = expires_at
        self.allowance = Allowance()
        self.subscriptions: dict[str, Subscription] = {}
        self._wire = wire
        wire.too_slow = self._too_slow

    def send(self, frame: bytes) -> None:
        self._wire.send(frame)

    def close(self, why: tuple[int, str]) -> None:
        self._wire.close(*why)

    @property
    def expired(self) -> bool:
        return self.expires_at is not None and time.time() >= self.expires_at

    def _too_slow(self) -> None:
        """Its outbox is full: it connects again and gets a snapshot, the others go on."""
        threading.Thread(target=self.close, args=(closing.TOO_SLOW,), daemon=True).start()
