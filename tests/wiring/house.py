"""Organisations with one of everything: what the walks go through."""

from typing import Any

from contracts import accounts, api_clients, invitations, media, media_node, rooms, waiting, waiting_areas
from contracts.actor import Actor
from contracts.command import Command
from contracts.errors import Refused
from contracts.permissions import TABLE
from plumbing.ids import new_id
from tests.patience import eventually
from tests.wiring.every_service import NODE
from tests.wiring.one_service import Stage
from tests.wiring.two_replicas import member, ourselves

# no request has it, so whoever may ask at all is told so
MISPLACED = {"no_such_field": 1}
PASSWORD = "seven green kettles sing"


def ask(stage: Stage, command: Command, payload: dict[str, Any], actor: Actor) -> Any:
    """Also of the one media node."""
    service = media_node.service_name(NODE) if command.service == "media_node" else None
    return stage.ask(command, payload, actor, service=service, timeout=20.0)


def is_listed(command: Command, actor: Actor) -> bool:
    """As the table says, read without the code that reads it for the services."""
    row = TABLE[command.permission]
    if actor.kind == "member":
        return any(role in row.roles for role in actor.roles)
    if actor.kind == "api_client":
        return row.scope in actor.scopes and (row.by_clinic or not actor.clinic_ids)
    return actor.kind in row.kinds


class House:
    """An organisation with one of everything, and somebody who runs it. `ids`: request field → the id of its one."""

    def __init__(self, stage: Stage, name: str) -> None:
        self._stage = stage
        self.name, self.email = name, f"{new_id()}@example.com"
        owner = {"email": self.email, "name": "Olive Owner", "password": PASSWORD}
        asked = {"name": name, "plan": "premium", "owner": owner}
        made = stage.ask(accounts.CREATE_ORGANISATION, asked, ourselves(), timeout=20.0)
        self.id: str = made["id"]
        (known,) = stage.ask(accounts.LIST_MEMBERS, {}, member(self.id, "owner"))["items"]
        self.owner = member(self.id, "owner", known["id"])
        self.room: dict[str, Any] = eventually(self._user_room, what="the owner's User Room is there")
        self.ids = {"member_id": known["id"], "clinic_id": made["clinics"][0]["id"], "room_id": self.room["id"]}

    def add(self, role: str) -> str:
        """One more member; returns the address they sign in with."""
        email = f"{role}-{new_id()}@example.com"
        asked = {"email": email, "name": f"Some {role}", "role": role, "password": PASSWORD}
        self._stage.ask(accounts.ADD_MEMBER, asked, self.owner, timeout=20.0)
        return email

    def furnish(self) -> None:
        """A Waiting Area, an invitation with a session, a guest who was let in, and a call."""
        area = self._stage.ask(
            waiting_areas.CREATE_AREA, {"clinic_id": self.ids["clinic_id"]}, self.owner, timeout=20.0
        )
        self.ids["area_id"] = area["id"]
        program = {"name": "Bookings", "scopes": ["rooms:read"]}
        self.ids["api_client_id"] = self._stage.ask(api_clients.MAKE_API_CLIENT, program, self.owner)["id"]
        ask, room_id = self._stage.ask, self.room["id"]
        planned = {"local_start": "2027-06-01T10:00", "zone": "Europe/Berlin", "minutes": 30}
        asked = {"room_id": room_id, "recipients": "mia@example.com", "planned": planned}
        sent = ask(invitations.SEND_INVITATION, asked, self.owner, timeout=20.0)["invitation"]
        self.ids |= {"invitation_id": sent["id"], "session_id": sent["session_id"]}
        self.ids["recipient_id"] = sent["recipients"][0]["id"]
        guest = Actor("guest", "phone", self.id, room_id=room_id, device_id="phone")
        caller = ask(waiting.ARRIVE, {"room_id": room_id, "display_name": "Mia"}, guest, timeout=20.0)
        self.ids["caller_id"] = caller["id"]

        def seat() -> dict[str, Any] | None:
            try:
                return dict(ask(media.JOIN_CALL, {"room_id": room_id, "device_id": "desk"}, self.owner, timeout=20.0))
            except Refused:
                return None

        taken = eventually(seat, what="a node takes the call") or {}
        self.ids |= {"call_id": taken["call_id"], "participant_id": taken["participant_id"]}

    def _user_room(self) -> dict[str, Any]:
        listed = self._stage.ask(rooms.LIST_ROOMS, {}, self.owner)["items"]
        return next((room for room in listed if room["owner_member_id"] == self.owner.id), {})


def aimed_at(payload: dict[str, Any], ids: dict[str, str]) -> bool:
    """Put the ids of one organisation's things in a request; whether it names any."""
    named = {name: ids[name] for name, value in payload.items() if name in ids and value is not None}
    payload |= named
    return bool(named)
