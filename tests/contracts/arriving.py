"""What no journey causes of arriving: a room that asks, wants consent and has its hosts confirm."""

from typing import Any

from contracts import media
from contracts.actor import Actor
from plumbing.rpc import RpcClient
from tests.journeys.client import Guest, Member

_FIELDS = [
    {"key": "born", "label": "Date of birth", "kind": "date", "required": True},
    {"key": "mood", "label": "How do you feel?", "kind": "choice", "choices": ["Well", "Ill"]},
]


def arrive_where_something_is_asked(host: Member, stack: dict[str, Any], operator: RpcClient) -> None:
    """A guest answers and consents, a host confirms; and a seat is given back."""
    room = host.user_room()
    path = f"/api/rooms/{room['id']}"
    asked = {"entry_fields": _FIELDS, "consent_text": "I agree.", "waiting_content": "Soon.", "largest_number": 4}
    host.request("PATCH", path, {"settings": {**asked, "confirm_before_joining": True}}).raise_for_status()
    try:
        with Guest(stack, f"/join/room/{room['link']}") as client:
            door = client.hello()
            given = {"answers": {"born": "1980-02-29", "mood": "Ill"}, "consent_version": door["consent_version"]}
            caller = client.post(f"/api{client.path}/arrivals", {"display_name": "Mia K.", "language": "de", **given})
            client.get("/api/caller")
            host.get("/api/callers")
            host.get(f"/api/callers/{caller['id']}")
            host.post(f"/api/callers/{caller['id']}/accept", {"confirmed": True})
            itself = Actor("system", "operator", room["organisation_id"])
            operator.call(media.RELEASE_SEAT, {"room_id": room["id"], "caller_id": caller["id"]}, itself)
            client.post("/api/caller/leave")
    finally:
        host.request("PATCH", path, {"settings": dict.fromkeys((*asked, "confirm_before_joining"))}).raise_for_status()
