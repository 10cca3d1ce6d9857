"""What one connection says, frame by frame. An error is an answer: the connection lives on."""

from collections.abc import Callable
from typing import Any

import simple_websocket
import structlog

from contracts.errors import Refused, Unexpected
from gateway.live import closing, frames
from gateway.live.calls import Calls
from gateway.live.connection import Connection
from gateway.live.following import Following
from gateway.live.wire import Wire, encoded

log = structlog.get_logger()
_LOOK_UP_SECONDS = 15.0
_MOST_WAITING = 200

_Answer = Callable[[dict[str, Any]], Any]


class Conversation:
    """The frames of docs/protocol.md, each with what it does."""

    def __init__(self, connection: Connection, following: Following, calls: Calls, device_id: str | None) -> None:
        self._connection = connection
        self._following = following
        self._calls = calls
        self._device_id = device_id
        self._answers: dict[str, _Answer] = {
            "call.join": lambda frame: calls.join(connection, frame["room_id"], self._device(frame["device_id"])),
            "call.publish": lambda frame: calls.publish(
                connection, frame["participant_id"], frame["sdp"], frame["tracks"]
            ),
            "call.subscribe": lambda frame: calls.subscribe(connection, frame["participant_id"]),
            "call.answer": lambda frame: calls.answer(
                connection, frame["participant_id"], frame["offer_id"], frame["sdp"]
            ),
            "call.unmute": lambda frame: calls.unmute(connection, frame["participant_id"], frame["kind"]),
            "call.raise_hand": lambda frame: calls.raise_hand(connection, frame["participant_id"], frame["raised"]),
            "call.say": lambda frame: calls.say(connection, frame["participant_id"], frame["text"]),
            "call.lines": lambda frame: calls.lines(connection, frame["participant_id"]),
            "call.leave": lambda frame: calls.leave(connection, frame["participant_id"]),
        }

    def hold(self, wire: Wire) -> None:
        """Answers until the connection closes. Raises simple_websocket.ConnectionClosed."""
        connection = self._connection
        connection.send(encoded(frames.hello(connection.id, connection.actor)))
        while True:
            text = wire.receive(_LOOK_UP_SECONDS)
            if connection.expired:
                return connection.close(closing.SIGN_IN_ENDED)
            if text is None:
                continue
            if not connection.allowance.take() or wire.backlog > _MOST_WAITING:
                return connection.close(closing.TOO_MANY)
            self.take(text)

    def take(self, text: str | bytes) -> None:
        """One frame."""
        try:
            frame = frames.read(text)
        except frames.BadFrame as bad:
            self._say(frames.error(bad, bad.extra.pop("ref", None)))
            return
        try:
            self._do(frame)
        except Refused as refusal:
            self._say(frames.error(refusal, frame["ref"], frame.get("topic")))
        except simple_websocket.ConnectionClosed:
            raise
        except Exception:
            log.exception("defect", frame=frame["type"])
            self._say(frames.error(Unexpected(), frame["ref"]))

    def _do(self, frame: dict[str, Any]) -> None:
        match frame["type"]:
            case "subscribe":
                self._following.subscribe(self._connection, frame["topic"], frame["ref"])
            case "unsubscribe":
                self._following.unsubscribe(self._connection, frame["topic"])
            case "ping":
                self._say(frames.text({"type": "pong"}))
            case kind:
                self._say(frames.reply(frame["ref"], self._answers[kind](frame)))

    def _device(self, said: str | None) -> str:
        """A guest's device is the one that their link was opened on; a member's page names its own, so that two tabs may differ."""
        actor = self._connection.actor
        if actor.kind == "guest":
            return str(actor.device_id)
        return said or self._device_id or self._connection.id

    def _say(self, text: str) -> None:
        self._connection.send(encoded(text))
