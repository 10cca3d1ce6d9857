"""Telling waiting that a guest's page is there, or has gone."""

import threading

import structlog

from contracts import waiting
from contracts.errors import Refused, Unavailable
from gateway.live.connection import Connection
from plumbing.rpc import RpcClient

log = structlog.get_logger()
# waiting takes a connection that it has not heard of for five minutes for closed (contracts.waiting.Presence)
SAID_AGAIN_SECONDS = 120.0
_PAUSES_SECONDS = (0.5, 1.0, 2.0, 4.0, 8.0, 16.0)


class Presence:
    """One guest's connection, said to waiting in order: first that it opened, then that it closed."""

    def __init__(self, rpc: RpcClient, connection: Connection) -> None:
        self._rpc = rpc
        self._connection = connection
        self._closed = threading.Event()
        self._saying = threading.Lock()

    def opened(self) -> None:
        """Does not wait for waiting."""
        threading.Thread(target=self._stay, daemon=True).start()

    def closed(self) -> None:
        """Does not wait for waiting."""
        self._closed.set()
        threading.Thread(target=self._say, args=(False,), daemon=True).start()

    def _stay(self) -> None:
        self._say(True)
        while not self._closed.wait(SAID_AGAIN_SECONDS):
            self._say(True)

    def _say(self, connected: bool) -> None:
        with self._saying:
            for pause in _PAUSES_SECONDS:
                if connected and self._closed.is_set():
                    return
                if self._said(connected):
                    return
                if connected:
                    self._closed.wait(pause)
                else:
                    threading.Event().wait(pause)
            log.warning("presence could not be said", connected=connected)

    def _said(self, connected: bool) -> bool:
        actor = self._connection.actor
        payload = {"caller_id": actor.caller_id, "connected": connected, "connection_id": self._connection.id}
        try:
            self._rpc.call(waiting.NOTE_PRESENCE, payload, actor)
        except Unavailable:
            return False
        except Refused:
            # the place was given up, or is another device's now
            return True
        return True
