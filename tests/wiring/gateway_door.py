"""The gateway's two processes under test on a real broker; every service is played by the test, which keeps what was asked."""

import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import amqp
import requests

from contracts import accounts, call_chat, invitations, media, media_node, rooms, scheduler, waiting
from contracts.actor import Actor
from contracts.errors import Forbidden, NotFound, NotSignedIn
from deploy.local.ports import free_port
from plumbing import rpc
from plumbing.ids import new_id
from tests.journeys.client import Live
from tests.patience import eventually
from tests.wiring.one_service import ROOT, Neighbours, Stage

OURS, THEIRS = new_id(), new_id()
NODE = "n1"
TOKEN = "dGhpcy1pcy1hLXBlcnNvbmFsLWxpbms"
LATER = "2030-01-01T00:00:00.000Z"


def member(name: str, role: str, organisation_id: str = OURS) -> dict[str, Any]:
    """A member as accounts shows them."""
    email = f"{name.lower()}@example.com"
    return {
        "id": new_id(), "organisation_id": organisation_id, "email": email, "name": name, "role": role, "clinic_ids": [],
        "language": None, "created_at": LATER,
    }  # fmt: skip


class Told(Neighbours):
    """Keeps the command id of everything that was asked, too. What nobody answers is not available."""

    def __init__(self, amqp_uri: str, verify: Any) -> None:
        super().__init__(amqp_uri, verify)
        self.command_ids: list[str] = []

    def _on_request(self, message: amqp.Message) -> None:
        self.command_ids.append(message.headers[rpc.COMMAND_ID])
        if message.delivery_info["routing_key"] in self._replies:
            super()._on_request(message)


@dataclass
class World:
    """What the services know: members by sign-in token, rooms, callers, calls; and who may see which, as the real ones decide."""

    members: dict[str, dict[str, Any]] = field(default_factory=dict)
    rooms: dict[str, dict[str, Any]] = field(default_factory=dict)
    callers: dict[str, dict[str, Any]] = field(default_factory=dict)
    calls: dict[str, dict[str, Any]] = field(default_factory=dict)
    invitations: dict[str, dict[str, Any]] = field(default_factory=dict)
    places: dict[str, dict[str, Any]] = field(default_factory=dict)
    present: list[tuple[str, bool]] = field(default_factory=list)
    # a call's lines, and who has looked at them
    lines: dict[str, dict[str, Any]] = field(default_factory=dict)
    looked: list[str] = field(default_factory=list)

    def sign_in(self, known: dict[str, Any]) -> str:
        """A token for a member."""
        token = f"token-{new_id()}"
        self.members[token] = known
        return token

    def room(self, name: str, owner: dict[str, Any] | None = None, organisation_id: str = OURS) -> dict[str, Any]:
        """A User Room of its owner, or a Meeting Room."""
        made: dict[str, Any] = {
            "id": new_id(), "organisation_id": organisation_id, "kind": "user" if owner else "meeting", "name": name,
            "owner_member_id": owner["id"] if owner else None, "link": name.lower(), "locked": False, "state": "open",
            "waiting": 0, "in_call": 0, "version": 1, "created_at": LATER,
        }  # fmt: skip
        self.rooms[made["id"]] = made
        return made

    def caller(self, room: dict[str, Any], name: str) -> dict[str, Any]:
        """Somebody who waits."""
        made = {
            "id": new_id(), "organisation_id": room["organisation_id"], "room_id": room["id"], "state": "waiting",
            "display_name": name, "connected": True, "version": 1,
        }  # fmt: skip
        self.callers[made["id"]] = made
        return made

    # what the services answer

    def resolve(self, payload: dict[str, Any], _actor: Actor) -> dict[str, Any]:
        if payload["token"] not in self.members:
            raise NotSignedIn
        return {
            "sign_in_id": sign_in_id(payload["token"]),
            "expires_at": LATER,
            "member": self.members[payload["token"]],
        }

    def get_room(self, payload: dict[str, Any], actor: Actor) -> dict[str, Any]:
        room = self.rooms.get(payload["room_id"])
        if room is None or room["organisation_id"] != actor.organisation_id:
            raise NotFound
        hosts = "reporter" not in actor.roles and room["owner_member_id"] in (None, actor.id)
        staff = actor.kind == "member"
        return {
            **room, "may_host": staff and hosts, "may_receive": staff and (hosts or "coordinator" in actor.roles),
            "may_rename": staff and hosts,
        }  # fmt: skip

    def list_rooms(self, _payload: dict[str, Any], actor: Actor) -> dict[str, Any]:
        ours = [room for room in self.rooms.values() if room["organisation_id"] == actor.organisation_id]
        return {"items": [self.get_room({"room_id": room["id"]}, actor) for room in ours]}

    def check_receives(self, room_id: str, actor: Actor) -> None:
        if not self.get_room({"room_id": room_id}, actor)["may_receive"]:
            raise Forbidden

    def get_caller(self, payload: dict[str, Any], actor: Actor) -> dict[str, Any]:
        caller = self.callers.get(payload["caller_id"])
        if caller is None or (actor.kind == "guest" and actor.caller_id != caller["id"]):
            raise NotFound
        if actor.kind == "member":
            self.check_receives(caller["room_id"], actor)
        return caller

    def list_callers(self, payload: dict[str, Any], actor: Actor) -> dict[str, Any]:
        room_id = payload.get("room_id")
        if room_id:
            self.check_receives(room_id, actor)
        ours = [c for c in self.callers.values() if c["organisation_id"] == actor.organisation_id]
        return {"items": [caller for caller in ours if room_id in (None, caller["room_id"])]}

    def find_call(self, payload: dict[str, Any], actor: Actor) -> dict[str, Any]:
        if actor.kind == "member":
            self.check_receives(payload["room_id"], actor)
        found = [call for call in self.calls.values() if call["room_id"] == payload["room_id"]]
        return {"call": found[0] if found else None}

    def get_line(self, payload: dict[str, Any], actor: Actor) -> dict[str, Any]:
        line = self.lines[payload["line_id"]]
        self.looked.append(actor.id)
        if actor.id != line["reader"]:
            raise NotFound
        return line

    def get_door(self, payload: dict[str, Any], actor: Actor) -> dict[str, Any]:
        room = self.get_room(payload, actor)
        return {
            "room_id": room["id"], "room_name": room["name"], "room_state": room["state"], "entry_fields": [],
            "consent_text": "", "consent_version": None, "waiting_content": "",
        }  # fmt: skip

    def arrive(self, payload: dict[str, Any], actor: Actor) -> dict[str, Any]:
        caller = self.caller(self.rooms[payload["room_id"]], payload["display_name"])
        caller["device_id"] = actor.device_id
        return caller

    def list_places(self, payload: dict[str, Any], _actor: Actor) -> dict[str, Any]:
        return {"items": [self.places[each] for each in payload["caller_ids"] if each in self.places]}

    def note_presence(self, payload: dict[str, Any], _actor: Actor) -> dict[str, Any]:
        self.present.append((payload["caller_id"], payload["connected"]))
        return self.callers[payload["caller_id"]]

    def join(self, payload: dict[str, Any], actor: Actor) -> dict[str, Any]:
        room_id = payload["room_id"] or actor.room_id
        call = next((call for call in self.calls.values() if call["room_id"] == room_id), None)
        if call is None:
            call = {
                "id": new_id(),
                "room_id": room_id,
                "organisation_id": OURS,
                "state": "open",
                "participants": [],
                "version": 1,
            }
            self.calls[call["id"]] = call
        return {
            "call_id": call["id"], "participant_id": new_id(), "node_id": NODE, "placement": 1,
            "role": "host" if actor.kind == "member" else "guest", "ice_servers": [],
        }  # fmt: skip

    def open_link(self, payload: dict[str, Any], _actor: Actor) -> dict[str, Any]:
        if payload["token"] != TOKEN:
            raise NotFound
        room = next(iter(self.rooms.values()))
        return {
            "recipient_id": RECIPIENT, "invitation_id": INVITATION, "organisation_id": room["organisation_id"],
            "room_id": room["id"], "session_id": None, "invited_name": "Mia Kessler", "sender_name": "Dr Smith", "title": "First call",
            "message": "Please come.", "planned": None, "language": "en",
        }  # fmt: skip

    def resolve_link(self, payload: dict[str, Any], _actor: Actor) -> dict[str, Any]:
        room = next((room for room in self.rooms.values() if room["link"] == payload["link"]), None)
        if room is None:
            raise NotFound
        return {"room_id": room["id"], **{key: room[key] for key in ("organisation_id", "kind", "name", "state")}}


RECIPIENT, INVITATION = new_id(), new_id()
ORGANISATION = {
    "id": OURS, "name": "Example Health", "plan": "premium", "policy_version": 1, "zone": "UTC", "language": "en",
    "contact_phone": "+61 2 5550 0000", "contact_email": None, "process_note": None, "clinics": [], "created_at": LATER,
}  # fmt: skip


def sign_in_id(token: str) -> str:
    """The sign-in that a token of `World.sign_in` belongs to."""
    return token.removeprefix("token-")


class Door:
    """Both processes, the services that the test plays, and people who come by."""

    def __init__(self, stage: Stage, folder: Path, world: World, told: Told) -> None:
        self.stage, self.world, self.told = stage, world, told
        self._folder = folder
        (folder / "cookie.key").write_text("c" * 40)
        self.api_port, self.live_port = free_port(), free_port()
        self.base_url = f"http://localhost:{self.api_port}"
        self.live_url = f"ws://localhost:{self.live_port}/live"

    @contextmanager
    def running(self, part: str) -> Iterator[subprocess.Popen[bytes]]:
        """`api` or `live`, ready."""
        port = self.api_port if part == "api" else self.live_port
        command = [
            sys.executable,
            "-m",
            "gunicorn",
            "-c",
            f"gateway/{part}/gunicorn.conf.py",
            "--bind",
            f"127.0.0.1:{port}",
        ]
        settings = self.stage.environment(
            "gateway", 0, BASE_URL=self.base_url, LIVE_URL=self.live_url, COOKIE_KEY=str(self._folder / "cookie.key")
        )
        with self.log_of(part).open("wb") as log:
            process = subprocess.Popen(
                [*command, f"gateway.{part}:create_app()"], cwd=ROOT, env=settings, stdout=log, stderr=log
            )
        try:
            eventually(lambda: _ready(port, process), what=f"{part} is ready, see {self.log_of(part)}", seconds=60)
            yield process
        finally:
            process.terminate()
            try:
                process.wait(15)
            except subprocess.TimeoutExpired:
                process.kill()

    def log_of(self, part: str) -> Path:
        return self._folder / f"gateway-{part}.log"

    def browser(self, signed_in_as: dict[str, Any] | None = None) -> requests.Session:
        """A browser that sends what our pages send; with a sign-in's cookie where somebody is signed in."""
        made = requests.Session()
        made.headers["X-Housecall"] = "1"
        if signed_in_as is not None:
            made.cookies.set("housecall", self.world.sign_in(signed_in_as))
        return made

    def live(self, browser: requests.Session, link: str | None = None, origin: str | None = None) -> Live:
        """A tab's live connection."""
        return Live(f"{self.live_url}?link={link}" if link else self.live_url, browser.cookies, origin or self.base_url)

    def screen(self, signed_in_as: dict[str, Any]) -> Live:
        """A member's tab."""
        return self.live(self.browser(signed_in_as))


@contextmanager
def door(folder: Path, amqp_uri: str, mongo_uri: str) -> Iterator[Door]:
    """The stage, with every service played by a World; no process of the gateway yet."""
    stage = Stage(folder, amqp_uri, mongo_uri, "unused_")
    world = World()
    told = Told(amqp_uri, stage.verify)
    answers = {
        accounts.RESOLVE_SIGN_IN: world.resolve, accounts.GET_ORGANISATION: lambda _payload, _actor: ORGANISATION,
        rooms.GET_ROOM: world.get_room, rooms.LIST_ROOMS: world.list_rooms, rooms.RESOLVE_LINK: world.resolve_link,
        waiting.GET_CALLER: world.get_caller, waiting.LIST_CALLERS: world.list_callers, waiting.ARRIVE: world.arrive,
        waiting.GET_DOOR: world.get_door,
        waiting.NOTE_PRESENCE: world.note_presence, waiting.LIST_PLACES: world.list_places,
        media.FIND_CALL: world.find_call, media.GET_CALL: lambda payload, _actor: world.calls[payload["call_id"]],
        call_chat.GET_LINE: world.get_line, media.JOIN_CALL: world.join, media.LEAVE_CALL: lambda _payload, _actor: {"ok": True},
        invitations.OPEN_LINK: world.open_link,
        invitations.LIST_INVITATIONS: lambda _payload, _actor: {"items": list(world.invitations.values())},
        invitations.GET_INVITATION: lambda payload, _actor: world.invitations[payload["invitation_id"]],
        scheduler.LIST_SESSIONS: lambda _payload, _actor: {"items": []},
    }  # fmt: skip
    for command, reply in answers.items():
        told.answer(command, reply)
    for command in (media_node.SUBSCRIBE, media_node.ANSWER, media_node.UNMUTE):
        told.answer(command, lambda _payload, _actor: {"ok": True}, service=media_node.service_name(NODE))
    told.answer(media_node.PUBLISH, lambda _payload, _actor: {"sdp": "answer"}, service=media_node.service_name(NODE))
    try:
        yield Door(stage, folder, world, told)
    finally:
        told.stop()
        stage.close()


def _ready(port: int, process: subprocess.Popen[bytes]) -> bool:
    assert process.poll() is None, f"it ended with status {process.returncode}"
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=2) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False
