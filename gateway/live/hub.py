"""Who is connected to this worker and what they follow."""

import threading
from collections.abc import Callable, Iterable

from contracts.actor import Actor
from gateway.live.connection import Connection, Subscription


class Hub:
    """Connections, and subscriptions by what they are found by. Organisations are kept apart: a key is good within one."""

    def __init__(self) -> None:
        self._connections: dict[str, Connection] = {}
        self._by_key: dict[tuple[str | None, str], dict[Subscription, None]] = {}
        self._lock = threading.Lock()

    def add(self, connection: Connection) -> None:
        with self._lock:
            self._connections[connection.id] = connection

    def remove(self, connection: Connection) -> None:
        """With all that it follows."""
        for subscription in list(connection.subscriptions.values()):
            self.unfollow(subscription)
        connection.subscriptions.clear()
        with self._lock:
            self._connections.pop(connection.id, None)

    def follow(self, subscription: Subscription) -> None:
        organisation_id = subscription.connection.actor.organisation_id
        with self._lock:
            for key in subscription.keys:
                self._by_key.setdefault((organisation_id, key), {})[subscription] = None

    def follow_also(self, subscription: Subscription, key: str) -> bool:
        """Find it under one more key; whether it was not yet."""
        if key in subscription.keys:
            return False
        subscription.keys = (*subscription.keys, key)
        with self._lock:
            followed = (subscription.connection.actor.organisation_id, key)
            self._by_key.setdefault(followed, {})[subscription] = None
        return True

    def unfollow(self, subscription: Subscription) -> None:
        organisation_id = subscription.connection.actor.organisation_id
        with self._lock:
            for key in subscription.keys:
                found = self._by_key.get((organisation_id, key))
                if found is not None:
                    found.pop(subscription, None)
                    if not found:
                        del self._by_key[organisation_id, key]

    def followers(self, organisation_id: str, keys: Iterable[str]) -> list[Subscription]:
        """Each once, whichever keys it is found by."""
        with self._lock:
            found: dict[Subscription, None] = {}
            for key in keys:
                found.update(self._by_key.get((organisation_id, key), {}))
            return list(found)

    def connections(self, is_meant: Callable[[Actor], bool] = lambda _: True) -> list[Connection]:
        with self._lock:
            return [connection for connection in self._connections.values() if is_meant(connection.actor)]

    def __contains__(self, connection: object) -> bool:
        return isinstance(connection, Connection) and self._connections.get(connection.id) is connection

    def __len__(self) -> int:
        return len(self._connections)
