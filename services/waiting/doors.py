"""What a room asks of those who arrive: read from rooms, and as last known while rooms does not answer."""

from typing import Any, Protocol

import structlog

from contracts import rooms
from contracts.errors import NotFound, Unavailable
from plumbing.services import Call, Caller
from services.waiting.door import door_of

log = structlog.get_logger()
# Together with what the door is asked for, this must end before whoever asks gives up (5 seconds).
_WITH_ANOTHER_SECONDS, _ALONE_SECONDS = 1.5, 4.0


class Known(Protocol):
    """Where doors are kept (services.waiting.store.WaitingStore)."""

    def door(self, room_id: str, organisation_id: str) -> dict[str, Any] | None:
        """What was last known of it."""

    def keep_door(self, door: dict[str, Any], organisation_id: str) -> None:
        """Remember it."""


class Doors:
    """The rooms as contracts.rooms.RoomView shows them to a guest. A guest whose link is good gets in to wait, whichever service is away."""

    def __init__(self, store: Known, calls: Caller) -> None:
        self._store = store
        self._calls = calls

    def room(self, room_id: str, asking: Call) -> dict[str, Any]:
        """The room of the guest's link. Raises NotFound, and Unavailable when rooms does not answer and never did."""
        if asking.actor.room_id != room_id:
            raise NotFound
        known = self._store.door(room_id, asking.organisation_id)
        patience = _WITH_ANOTHER_SECONDS if known else _ALONE_SECONDS
        try:
            found: dict[str, Any] = self._calls(
                rooms.GET_ROOM, {"room_id": room_id}, actor=asking.actor, timeout=patience
            )
        except Unavailable:
            if known is None:
                raise
            log.warning("a room as it was last known", room_id=room_id)
            return known
        door = door_of(found)
        if door != known:
            self._store.keep_door(door, asking.organisation_id)
        return door
