"""What of a room is kept and shown at its door, and what a Waiting Area shows there. Pure."""

from datetime import datetime
from typing import Any

from contracts.waiting_order import ARRIVAL
from services.waiting import answers
from services.waiting.areas.area import Area, asked_of, closing_notice

_ASKED = ("entry_fields", "consent_text", "waiting_content", "emergency_text")


def door_of(room: dict[str, Any]) -> dict[str, Any]:
    """Of a room as contracts.rooms.RoomView: what is remembered of it."""
    settings = room.get("settings") or {}
    asked = {name: settings.get(name) or _nothing(name) for name in _ASKED}
    asked["order"] = settings.get("order") or ARRIVAL
    return {**{name: room.get(name) for name in ("id", "name", "state")}, "settings": asked}


def door_view(room: dict[str, Any]) -> dict[str, Any]:
    """As contracts.waiting.Door."""
    settings = room["settings"]
    return {
        "room_id": room["id"],
        "room_name": room["name"],
        "room_state": room["state"],
        # a room that was remembered before there was the setting has none
        **{name: settings.get(name) or _nothing(name) for name in _ASKED},
        "consent_version": answers.version_of(settings["consent_text"]),
    }


def area_door_view(area: Area, now: datetime) -> dict[str, Any]:
    """As contracts.waiting.Door, of a Waiting Area."""
    asked, notice = asked_of(area), closing_notice(area, now)
    return {
        "room_id": area.id,
        "area_id": area.id,
        "room_name": area.name,
        "room_state": "closed" if notice["closed_by"] else "open",
        **asked,
        **notice,
        "consent_version": answers.version_of(asked["consent_text"]),
    }


def _nothing(name: str) -> Any:
    return [] if name == "entry_fields" else ""
