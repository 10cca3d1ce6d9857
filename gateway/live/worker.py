"""One live process: its hub, what it hears, and the life of a connection in it."""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import simple_websocket
import structlog

from contracts.actor import Actor
from contracts.catalogue import SERVICES
from gateway.hall import Hall, hear_account
from gateway.hearing import Hearing
from gateway.live import closing
from gateway.live.audiences import Owners
from gateway.live.calls import Calls
from gateway.live.changes import Changes
from gateway.live.connection import Connection
from gateway.live.conversation import Conversation
from gateway.live.following import Following
from gateway.live.hub import Hub
from gateway.live.places import Places
from gateway.live.presence import Presence
from gateway.live.reading import Reading
from gateway.live.topics import changes_every_room
from gateway.live.wire import Wire
from plumbing.ids import new_id

log = structlog.get_logger()
_LEAVES_RIGHTS_AS_THEY_ARE = frozenset({"member.added", "member.availability_changed"})
_HEARD = tuple(service for service in SERVICES if service != "integrations")


@dataclass(frozen=True)
class Visitor:
    """Who asks for a connection: the actor, and for a member the sign-in and its end."""

    actor: Actor
    token: str | None = None
    expires_at: float | None = None
    device_id: str | None = None


class Worker:
    """Made after the fork; `start` connects."""

    def __init__(self, hall: Hall) -> None:
        self.hall = hall
        self.hub = Hub()
        owners = Owners()
        reading = Reading(hall.rpc, owners)
        self.changes = Changes(self.hub, reading, owners)
        self.following = Following(self.hub, reading, self.changes, hall.identity.sign_ins)
        self.calls = Calls(hall.settings.amqp_uri, hall.name, hall.rpc)
        self.places = Places(self.hub, hall.rpc)
        self.hearing = Hearing(hall.settings.amqp_uri, hall.name, _HEARD, self.hear, on_up=self.following.renew_all)

    def start(self) -> None:
        self.hearing.start()
        self.calls.signals.start()
        self.places.start()

    def stop(self) -> None:
        self.places.stop()
        self.hearing.stop()
        self.calls.signals.stop()
        self.following.stop()
        self.changes.stop()
        self.hall.rpc.stop()

    @property
    def ready(self) -> bool:
        """Whether commands leave and events come."""
        return bool(self.hall.rpc.up.is_set() and self.hearing.up.is_set() and self.calls.signals.up.is_set())

    def hear(self, event: dict[str, Any]) -> None:
        """One event of any service."""
        hear_account(self.hall.identity.sign_ins, event)
        data = event.get("data") or {}
        kind = str(event.get("type", ""))
        if kind == "sign_in.ended":
            self._close(lambda actor: actor.sign_in_id == data["sign_in_id"], closing.SIGN_IN_ENDED)
        elif kind.startswith("member.") and kind not in _LEAVES_RIGHTS_AS_THEY_ARE:
            self._close(lambda actor: actor.id == data["member_id"], closing.CHANGED)
        if changes_every_room(event):
            self.following.renew_rooms(event["organisationid"])
        self.changes.hear(event)

    def hold(self, server: simple_websocket.Server, visitor: Visitor) -> None:
        """One connection, from its opening to its end. Raises simple_websocket.ConnectionClosed."""
        wire = Wire(server)
        connection = Connection(new_id(), visitor.actor, wire, token=visitor.token, expires_at=visitor.expires_at)
        presence = Presence(self.hall.rpc, connection) if visitor.actor.kind == "guest" else None
        self.hub.add(connection)
        try:
            if presence:
                presence.opened()
            Conversation(connection, self.following, self.calls, visitor.device_id).hold(wire)
        finally:
            self.hub.remove(connection)
            self.calls.lost(connection)
            if presence:
                presence.closed()

    def _close(self, is_meant: Callable[[Actor], bool], why: tuple[int, str]) -> None:
        for connection in self.hub.connections(is_meant):
            # a browser that does not take the good-bye must not hold up the hearing
            threading.Thread(target=connection.close, args=(why,), daemon=True).start()
