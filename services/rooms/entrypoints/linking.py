"""The link of a room: made anew, and what it opens."""

import secrets
from typing import Any

from contracts import rooms
from contracts.errors import NotFound
from plumbing.services import Call, answers
from services.rooms import room as rules
from services.rooms.entrypoints import Entrypoints
from services.rooms.links import as_written, new_link


class Linking(Entrypoints):
    """A part of services.rooms.service.RoomsService."""

    @answers(rooms.ROTATE_LINK)
    def rotate_link(self, request: dict[str, Any], call: Call) -> dict[str, Any]:
        """A room under a new link; the old one stops at once. Who waits by it already stays."""
        room = self.store.room(request["room_id"], call.organisation_id)
        link = new_link(room.name, secrets.choice)
        return self.change(room, call, lambda known: rules.rotate_link(known, link))

    @answers(rooms.RESOLVE_LINK)
    def resolve_link(self, request: dict[str, Any], call: Call) -> dict[str, Any]:
        """What a room link opens."""
        room = self.store.room_with_link(as_written(request["link"]))
        if room is None:
            raise NotFound("This link opens no room. Ask whoever gave it to you for a new one.")
        return rules.opened_by_link(room)
