"""The entrypoints of media that fill files of their own; `services.media.service` puts them together."""

from typing import Any

from contracts import media_node, rooms
from contracts.command import Command
from plumbing import clock
from plumbing.services import Call as Asked
from plumbing.services import Caller
from services.media import access, seats
from services.media.call import Call
from services.media.seating import Seating
from services.media.store import MediaStore

_NODE_ANSWERS_WITHIN_SECONDS = 2.0


class Entrypoints:
    """What each of them stands on."""

    store: MediaStore
    calls: Caller

    def _change(self, call: Call, rule: seats.Rule, asked: Asked | None = None) -> Call:
        """Let a rule change the call, and have its node drop what that gave up."""
        kept: Call = self.store.calls.update(call.id, call.organisation_id, rule, asked.actor if asked else None)
        if kept.state == "ended":
            self.store.forget_lines(kept, clock.now())
        self._seating().do_chores(kept)
        return kept

    def _hosted(self, call_id: str, asked: Asked) -> Call:
        call: Call = self.store.calls.get(call_id, asked.organisation_id)
        access.check_hosts(self._room(call.room_id, asked))
        return call

    def _room(self, room_id: str, asked: Asked) -> dict[str, Any]:
        room: dict[str, Any] = self.calls(rooms.GET_ROOM, {"room_id": room_id}, actor=asked.actor)
        return room

    def _seating(self) -> Seating:
        return Seating(self.store.calls, self.store.nodes, self._tell)

    def _tell(self, node_id: str, command: Command, payload: dict[str, Any]) -> Any:
        return self.calls(
            command, payload, service=media_node.service_name(node_id), timeout=_NODE_ANSWERS_WITHIN_SECONDS
        )
