"""What the tests of media stand on: real nodes, and the rooms and callers that rooms and waiting know of."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from contracts import media, media_node, rooms, waiting, waiting_handovers
from contracts.actor import Actor, system
from contracts.errors import Forbidden, NotFound, Unavailable
from plumbing.ids import new_id
from tests.backing import make_virtual_host, remove_virtual_host
from tests.patience import eventually
from tests.wiring.one_service import Events, Neighbours, Stage

ORGANISATION, FOREIGN, SMITH = new_id(), new_id(), new_id()
TURN_SECRET = b"a secret that is shared with the TURN server"
SYSTEM = Actor(**{**system("media").claims(), "organisation_id": ORGANISATION})


class House:
    """The rooms and callers that rooms and waiting know of."""

    def __init__(self) -> None:
        self.admissions: dict[str, dict[str, Any]] = {}
        self.suspended: set[str] = set()
        # (member, room): where somebody meets a colleague to hand a caller over
        self.passes: set[tuple[str, str]] = set()

    def get_room(self, payload: dict[str, Any], actor: Actor) -> dict[str, Any]:
        if actor.organisation_id != ORGANISATION:
            raise NotFound
        id, state = payload["room_id"], "suspended" if payload["room_id"] in self.suspended else "open"
        return {"id": id, "kind": "user", "state": state, "may_host": actor.id == SMITH, "may_receive": True}

    def get_admission(self, payload: dict[str, Any], actor: Actor) -> dict[str, Any]:
        if actor.kind != "system" or actor.organisation_id != ORGANISATION:
            raise Forbidden
        if payload["caller_id"] not in self.admissions:
            raise NotFound
        return self.admissions[payload["caller_id"]]

    def get_pass(self, payload: dict[str, Any], actor: Actor) -> dict[str, Any]:
        if actor.kind != "system" or actor.organisation_id != ORGANISATION:
            raise Forbidden
        return {"allowed": (payload["member_id"], payload["room_id"]) in self.passes}

    def admit(self, room_id: str, state: str = "admitted", device: str = "phone") -> Actor:
        """Somebody in this state of their visit, as the gateway knows them."""
        caller_id = new_id()
        self.admissions[caller_id] = {
            "caller_id": caller_id,
            "organisation_id": ORGANISATION,
            "room_id": room_id,
            "state": state,
            "display_name": "Mia",
            "device_id": device,
        }
        return Actor("guest", device, ORGANISATION, room_id=room_id, caller_id=caller_id, device_id=device)


class Scene:
    """The processes under test, and short words for what the tests do."""

    def __init__(self, stage: Stage, house: House) -> None:
        self.stage, self.house = stage, house

    def join(self, actor: Actor, room_id: str | None = None, device: str = "desk") -> dict[str, Any]:
        request = {"room_id": room_id, "device_id": device}
        return dict(self.stage.ask(media.JOIN_CALL, request, actor, timeout=15))

    def call(self, call_id: str, actor: Actor | None = None) -> dict[str, Any]:
        return dict(self.stage.ask(media.GET_CALL, {"call_id": call_id}, actor or SYSTEM))

    def states(self, call_id: str) -> list[str]:
        return sorted(participant["state"] for participant in self.call(call_id)["participants"])

    def on_node(self, node_id: str, call_id: str) -> bool:
        report = self.stage.ask(media_node.REPORT, {}, SYSTEM, service=media_node.service_name(node_id))
        return call_id in report["calls"]

    def seats_on(self, node_id: str) -> int:
        report = self.stage.ask(media_node.REPORT, {}, SYSTEM, service=media_node.service_name(node_id))
        return int(report["node"]["participants"])

    @contextmanager
    def node(self, node_id: str) -> Iterator[Any]:
        """A media node, alive and known to media."""
        settings = {"NODE_ID": node_id, "NODE_HOST": "127.0.0.1", "NODE_NATIVE": "python"}
        with self.stage.running("services.media.node", "media_node", **settings) as process:
            yield process


@contextmanager
def media_scene(folder: Path, backing: dict[str, Any]) -> Iterator[Scene]:
    """Two processes of media and a node, while rooms and waiting are played."""
    host = make_virtual_host(backing)
    prefix = f"test_{new_id()[-12:]}_"
    stage, house = Stage(folder, host.uri, backing["mongo_uri"], prefix), House()
    neighbours = Neighbours(host.uri, stage.verify)
    neighbours.answer(rooms.GET_ROOM, house.get_room)
    neighbours.answer(waiting.GET_ADMISSION, house.get_admission)
    neighbours.answer(waiting_handovers.GET_PASS, house.get_pass)
    neighbours.start()
    stage.migrate("media")
    (folder / "turn.key").write_bytes(TURN_SECRET)
    turn = {"TURN_URLS": "turn:turn.example:3478", "TURN_SECRET": str(folder / "turn.key")}
    made = Scene(stage, house)
    with ExitStack() as processes:
        for _ in range(2):
            processes.enter_context(stage.running("services.media", "media", **turn))
        processes.enter_context(made.node("a"))
        eventually(lambda: can_join(made), what="a node is known")
        yield made
    neighbours.stop()
    stage.close()
    from pymongo import MongoClient

    with MongoClient[dict[str, Any]](backing["mongo_uri"]) as client:
        client.drop_database(f"{prefix}media")
    remove_virtual_host(host)


def can_join(scene: Scene) -> bool:
    """Whether media has a node to place a call on."""
    try:
        seat = scene.join(smith(), new_id())
    except Unavailable:
        return False
    scene.stage.ask(media.END_CALL, {"call_id": seat["call_id"]}, smith())
    return True


def smith() -> Actor:
    return Actor("member", SMITH, ORGANISATION, roles=("provider",), name="Dr Smith")


def report(events: Events, kind: str, seat: dict[str, Any], number: int) -> None:
    """As the node says it of a browser."""
    body = {"node_id": seat["node_id"], "call_id": seat["call_id"], "participant_id": seat["participant_id"]}
    events.publish(media_node.REPORTS_EXCHANGE, kind, {**body, "number": number})


def leave(scene: Scene, actor: Actor, seat: dict[str, Any]) -> None:
    request = {"call_id": seat["call_id"], "participant_id": seat["participant_id"]}
    scene.stage.ask(media.LEAVE_CALL, request, actor)


def joined_on(scene: Scene, node_id: str) -> dict[str, Any] | None:
    """A seat in a new call on that node, once media knows the node and chooses it; other calls are ended again."""
    seat = scene.join(smith(), new_id())
    if seat["node_id"] == node_id:
        return seat
    scene.stage.ask(media.END_CALL, {"call_id": seat["call_id"]}, smith())
    return None
