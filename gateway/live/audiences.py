"""Who sees the same view of the same thing, so that it is read once for all of them. Pure.

A view depends on its reader's organisation, roles and clinics, and on whether the room is theirs (services/rooms says so; the
other services ask it). Nobody's view is ever guessed: one of the audience reads it as themselves.
"""

from collections import OrderedDict
from collections.abc import Hashable
from typing import Any

from contracts.actor import Actor

_MOST_ROOMS = 100_000


class Owners:
    """Room → the member whose User Room it is, or None for a Meeting Room; learned from what passes by. It never changes."""

    def __init__(self) -> None:
        self._owners: OrderedDict[str, str | None] = OrderedDict()

    def learn(self, room: dict[str, Any]) -> None:
        """From a room's view, or from the data of its `room.created`."""
        room_id = room.get("id") or room.get("room_id")
        if room_id and "owner_member_id" in room:
            self._owners[room_id] = room["owner_member_id"]
            if len(self._owners) > _MOST_ROOMS:
                self._owners.popitem(last=False)

    def audience(self, actor: Actor, room_id: str | None) -> Hashable:
        """Actors with the same answer get the same view of what is in that room."""
        if actor.kind != "member":
            return (actor.kind, actor.caller_id, actor.device_id)
        everybody_like_them = (actor.organisation_id, actor.roles, actor.clinic_ids)
        if room_id is None:
            return everybody_like_them
        if room_id not in self._owners:
            # not known whose it is: nobody is taken for anybody else
            return (actor.organisation_id, actor.id)
        return (*everybody_like_them, self._owners[room_id] == actor.id)
