"""Join links: what a personal link or a room link opens, and the guest who comes by it.

A link is named as in its address after `/join/`: `<token>`, `room/<link>` or `area/<link>`.
"""

from dataclasses import dataclass
from typing import Any

from contracts import invitations, rooms, waiting_areas
from contracts.actor import PUBLIC, Actor
from contracts.command import Command
from contracts.errors import Invalid, NotFound
from plumbing.rpc import RpcClient

_ROOM, _AREA = "room/", "area/"
_LONGEST_TOKEN = 64
_LONGEST_ROOM_LINK = 120


@dataclass(frozen=True)
class OpenedLink:
    """What a link opens. `room_id`: of the room, or of the Waiting Area. `invitation` is invitations' OpenedLink for a personal link, `room` rooms' ResolvedLink for a room link."""

    link: str
    organisation_id: str
    room_id: str
    invitation: dict[str, Any] | None = None
    room: dict[str, Any] | None = None

    def guest(self, device_id: str, caller_id: str | None = None) -> Actor:
        """Whoever comes by it on that device. By a personal link it is its recipient, by a room link just the device."""
        opened = self.invitation or {}
        return Actor(
            kind="guest",
            id=opened.get("recipient_id") or device_id,
            organisation_id=self.organisation_id,
            room_id=self.room_id,
            recipient_id=opened.get("recipient_id"),
            invitation_id=opened.get("invitation_id"),
            session_id=opened.get("session_id"),
            device_id=device_id,
            caller_id=caller_id,
        )


def open_link(rpc: RpcClient, link: str, seen_by: str | None = None) -> OpenedLink:
    """Look a link up; opening spends nothing. `seen_by`: `machine` or `person`, kept with a personal link.

    Raises NotFound for an unknown link, Gone for one that was revoked or replaced, Unavailable.
    """
    if link.startswith(_ROOM):
        name = link.removeprefix(_ROOM)
        if not 0 < len(name) <= _LONGEST_ROOM_LINK:
            raise NotFound
        room = _look_up(rpc, rooms.RESOLVE_LINK, {"link": name})
        return OpenedLink(link, room["organisation_id"], room["room_id"], room=room)
    if link.startswith(_AREA):
        name = link.removeprefix(_AREA)
        if not 0 < len(name) <= _LONGEST_ROOM_LINK:
            raise NotFound
        area = _look_up(rpc, waiting_areas.RESOLVE_AREA_LINK, {"link": name})
        return OpenedLink(link, area["organisation_id"], area["area_id"])
    if not 0 < len(link) <= _LONGEST_TOKEN:
        raise NotFound
    opened = _look_up(rpc, invitations.OPEN_LINK, {"token": link, "seen_by": seen_by})
    return OpenedLink(link, opened["organisation_id"], opened["room_id"], invitation=opened)


def _look_up(rpc: RpcClient, command: Command, payload: dict[str, Any]) -> dict[str, Any]:
    try:
        found: dict[str, Any] = rpc.call(command, payload, PUBLIC)
    except Invalid as error:
        # what cannot be a link is no link; the form of ours is nobody's business
        raise NotFound from error
    return found
