"""Hold and mute reach the node, and every node after it; rooms and waiting are played."""

from collections.abc import Iterator
from typing import Any

import pytest

from contracts import media, media_node
from contracts.actor import Actor
from contracts.errors import Conflict, Forbidden, NotFound
from plumbing.ids import new_id
from tests.patience import eventually
from tests.wiring.media_scene import SYSTEM, Scene, joined_on, media_scene, smith
from tests.wiring.one_service import Events


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory, backing: dict[str, Any]) -> Iterator[Scene]:
    with media_scene(tmp_path_factory.mktemp("media"), backing) as made:
        yield made


@pytest.fixture
def events(scene: Scene) -> Iterator[Events]:
    opened = Events(scene.stage.amqp_uri, "media")
    yield opened
    opened.close()


def stands(scene: Scene, seat: dict[str, Any], node: str) -> tuple[bool, list[str]] | None:
    """(held, muted) of a seat, as the node has it; None where it is not there."""
    report = scene.stage.ask(media_node.REPORT, {}, SYSTEM, service=media_node.service_name(node))
    found = report["calls"].get(seat["call_id"], {}).get("participants", {}).get(seat["participant_id"])
    return (found["held"], found["muted"]) if found and found["seated"] else None


def do(scene: Scene, command: Any, seat: dict[str, Any], actor: Actor, **more: Any) -> Any:
    asked = {"call_id": seat["call_id"], "participant_id": seat["participant_id"], **more}
    return scene.stage.ask(command, asked, actor, command_id=new_id())


def subscribe(scene: Scene, seat: dict[str, Any], actor: Actor, node: str) -> None:
    """As a browser that is there: a node tells of seats that somebody has connected to."""
    asked = {"call_id": seat["call_id"], "participant_id": seat["participant_id"]}
    scene.stage.ask(media_node.SUBSCRIBE, asked, actor, service=media_node.service_name(node))


def test_hold_and_mute_are_heeded_by_the_node_and_undone_by_whom_they_may(scene: Scene, events: Events) -> None:
    room = new_id()
    desk, mia = scene.join(smith(), room), scene.house.admit(room)
    phone = scene.join(mia)
    subscribe(scene, phone, mia, phone["node_id"])
    with pytest.raises(Forbidden):
        do(scene, media.HOLD_PARTICIPANT, phone, mia)
    do(scene, media.HOLD_PARTICIPANT, phone, smith())
    view = do(scene, media.MUTE_PARTICIPANT, phone, smith(), kind="audio")
    seen = next(each for each in view["participants"] if each["id"] == phone["participant_id"])
    assert (seen["held"], seen["muted"]) == (True, ["audio"])
    assert stands(scene, phone, phone["node_id"]) == (True, ["audio"])
    with pytest.raises(Conflict):
        do(scene, media.HOLD_PARTICIPANT, desk, smith())
    with pytest.raises(NotFound):
        do(scene, media.UNMUTE, phone, smith(), kind="audio")
    do(scene, media.UNMUTE, phone, mia, kind="audio")
    do(scene, media.UNHOLD_PARTICIPANT, phone, smith())
    assert stands(scene, phone, phone["node_id"]) == (False, [])
    subject = f"participant/{phone['participant_id']}"
    expected = ["participant.joined", "participant.held", "participant.unheld"]
    eventually(lambda: events.types(subject), lambda types: types == expected)
    do(scene, media.RAISE_HAND, phone, mia)
    hands = [each["hand_raised_at"] is not None for each in scene.call(desk["call_id"])["participants"]]
    assert hands.count(True) == 1


def test_who_is_on_hold_is_on_hold_on_the_node_that_takes_the_place_of_a_killed_one(scene: Scene) -> None:
    with scene.node("b") as second:
        seat = eventually(lambda: joined_on(scene, "b"), what="a call on b") or {}
        call_id = seat["call_id"]
        mia = scene.house.admit(scene.call(call_id)["room_id"])
        phone = scene.join(mia)
        do(scene, media.HOLD_PARTICIPANT, phone, smith())
        do(scene, media.MUTE_PARTICIPANT, phone, smith(), kind="video")
        second.kill()
        eventually(lambda: scene.call(call_id)["node_id"] == "a", what="it is placed anew", seconds=30)
        eventually(lambda: scene.on_node("a", call_id), what="and is there")

        def on_its_new_node() -> tuple[bool, list[str]] | None:
            subscribe(scene, phone, mia, "a")
            return stands(scene, phone, "a")

        eventually(on_its_new_node, lambda found: found == (True, ["video"]), what="and they are on hold there")
