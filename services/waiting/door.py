"""What of a room is kept and shown at its door. Pure."""

from typing import Any

from services.waiting import answers

_ASKED = ("entry_fields", "consent_text", "waiting_content")


def door_of(room: dict[str, Any]) -> dict[str, Any]:
    """Of a room as contracts.rooms.RoomView: what is remembered of it."""
    settings = room.get("settings") or {}
    asked = {name: settings.get(name) or _nothing(name) for name in _ASKED}
    return {**{name: room.get(name) for name in ("id", "name", "state")}, "settings": asked}


def door_view(room: dict[str, Any]) -> dict[str, Any]:
    """As contracts.waiting.Door."""
    settings = room["settings"]
    return {
        "room_id": room["id"],
        "room_name": room["name"],
        "room_state": room["state"],
        **settings,
        "consent_version": answers.version_of(settings["consent_text"]),
    }


def _nothing(name: str) -> Any:
    return [] if name == "entry_fields" else ""
