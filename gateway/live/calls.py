"""The call frames: a seat from media, then offers and answers between this browser and its node.

A connection speaks only for the seats that it took itself; the node checks the signed actor besides.
"""

import threading
from dataclasses import dataclass
from typing import Any

from contracts import call_chat, media, media_node
from contracts.command import Command
from contracts.errors import NotFound
from gateway.hearing import Signals
from gateway.live import frames
from gateway.live.connection import Connection
from gateway.live.wire import encoded
from plumbing.rpc import RpcClient

_NODE_SECONDS = 8.0


@dataclass(frozen=True)
class _Taken:
    """A seat that a connection took."""

    connection: Connection
    call_id: str
    node_id: str


class Calls:
    """The seats of this worker's connections, by participant."""

    def __init__(self, uri: str, name: str, rpc: RpcClient) -> None:
        self._rpc = rpc
        self._seats: dict[str, _Taken] = {}
        self._lock = threading.Lock()
        self.signals = Signals(uri, name, media_node.SIGNALS_EXCHANGE, self._pass_on)

    def join(self, connection: Connection, room_id: str | None, device_id: str) -> Any:
        """A seat; the same device gets the same one again, on the node where the call is now."""
        seat = self._rpc.call(media.JOIN_CALL, {"room_id": room_id, "device_id": device_id}, connection.actor)
        participant_id = seat["participant_id"]
        with self._lock:
            self._seats[participant_id] = _Taken(connection, seat["call_id"], seat["node_id"])
        self.signals.listen_to(participant_id)
        return seat

    def publish(self, connection: Connection, participant_id: str, sdp: str, tracks: list[dict[str, str]]) -> Any:
        """The browser's offer for what it sends; the node's answer."""
        return self._ask_node(media_node.PUBLISH, connection, participant_id, sdp=sdp, tracks=tracks)

    def subscribe(self, connection: Connection, participant_id: str) -> Any:
        """From now on the node offers what the others send."""
        return self._ask_node(media_node.SUBSCRIBE, connection, participant_id)

    def answer(self, connection: Connection, participant_id: str, offer_id: str, sdp: str) -> Any:
        return self._ask_node(media_node.ANSWER, connection, participant_id, offer_id=offer_id, sdp=sdp)

    def unmute(self, connection: Connection, participant_id: str, kind: str) -> Any:
        return self._of_own_seat(media.UNMUTE, connection, participant_id, kind=kind)

    def raise_hand(self, connection: Connection, participant_id: str, raised: bool) -> Any:
        return self._of_own_seat(media.RAISE_HAND, connection, participant_id, raised=raised)

    def say(self, connection: Connection, participant_id: str, text: str) -> Any:
        """A line to everybody in the call."""
        return self._of_own_seat(call_chat.SAY_IN_CALL, connection, participant_id, text=text)

    def lines(self, connection: Connection, participant_id: str) -> Any:
        """What was written in the call before."""
        taken = self._taken(connection, participant_id)
        return self._rpc.call(call_chat.LIST_LINES, {"call_id": taken.call_id}, connection.actor)

    def leave(self, connection: Connection, participant_id: str | None) -> Any:
        """Give up that seat, or every seat that this connection took."""
        for each in [participant_id] if participant_id else self._of(connection):
            taken = self._taken(connection, each)
            payload = {"call_id": taken.call_id, "participant_id": each}
            self._rpc.call(media.LEAVE_CALL, payload, connection.actor)
            self._forget(each, connection)
        return {"ok": True}

    def lost(self, connection: Connection) -> None:
        """The connection has closed. Its seats are kept: it is media that decides what a lost browser means."""
        for each in self._of(connection):
            self._forget(each, connection)

    def _of_own_seat(self, command: Command, connection: Connection, participant_id: str, **more: Any) -> Any:
        payload = {"call_id": self._taken(connection, participant_id).call_id, "participant_id": participant_id, **more}
        return self._rpc.call(command, payload, connection.actor)

    def _ask_node(self, command: Command, connection: Connection, participant_id: str, **more: Any) -> Any:
        taken = self._taken(connection, participant_id)
        payload = {"call_id": taken.call_id, "participant_id": participant_id, **more}
        return self._rpc.call(
            command, payload, connection.actor, timeout=_NODE_SECONDS, service=media_node.service_name(taken.node_id)
        )

    def _taken(self, connection: Connection, participant_id: str) -> _Taken:
        taken = self._seats.get(participant_id)
        if taken is None or taken.connection is not connection:
            raise NotFound("This connection has no such seat; join the call first.")
        return taken

    def _of(self, connection: Connection) -> list[str]:
        with self._lock:
            return [each for each, taken in self._seats.items() if taken.connection is connection]

    def _forget(self, participant_id: str, connection: Connection) -> None:
        with self._lock:
            taken = self._seats.get(participant_id)
            # another tab of the same device may have taken the same seat since
            if taken is None or taken.connection is not connection:
                return
            del self._seats[participant_id]
        self.signals.leave(participant_id)

    def _pass_on(self, participant_id: str, signal: dict[str, Any]) -> None:
        taken = self._seats.get(participant_id)
        if taken is not None:
            frame = {**signal, "participant_id": participant_id, "type": f"call.{signal['type']}"}
            taken.connection.send(encoded(frames.text(frame)))
