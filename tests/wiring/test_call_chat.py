"""What is written in a call, over two processes of media: who reads it, and that it is gone with the call."""

from collections.abc import Iterator
from typing import Any

import pytest

from contracts import call_chat, media
from contracts.actor import Actor
from contracts.errors import Conflict, Invalid, NotFound
from plumbing import clock
from plumbing.ids import new_id
from tests.patience import eventually
from tests.wiring.media_scene import Scene, leave, media_scene, smith
from tests.wiring.one_service import Events
from tests.wiring.two_replicas import kept_by


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory, backing: dict[str, Any]) -> Iterator[Scene]:
    with media_scene(tmp_path_factory.mktemp("media"), backing) as made:
        yield made


@pytest.fixture
def events(scene: Scene) -> Iterator[Events]:
    opened = Events(scene.stage.amqp_uri, "media")
    yield opened
    opened.close()


def say(scene: Scene, seat: dict[str, Any], actor: Actor, text: str, command_id: str | None = None) -> None:
    asked = {"call_id": seat["call_id"], "participant_id": seat["participant_id"], "text": text}
    scene.stage.ask(call_chat.SAY_IN_CALL, asked, actor, command_id=command_id)


def read(scene: Scene, seat: dict[str, Any], actor: Actor) -> list[tuple[str, str]]:
    found = scene.stage.ask(call_chat.LIST_LINES, {"call_id": seat["call_id"]}, actor)["items"]
    return [(line["display_name"], line["text"]) for line in found]


def test_lines_are_read_by_who_came_before_and_after_and_by_nobody_who_left(scene: Scene, events: Events) -> None:
    room = new_id()
    desk, mia = scene.join(smith(), room), scene.house.admit(room)
    say(scene, desk, smith(), "Can you hear me?")
    phone = scene.join(mia)
    once = new_id()
    for _ in range(2):
        say(scene, phone, mia, "No\nI hear nothing", once)
    both = [("Dr Smith", "Can you hear me?"), ("Mia", "No\nI hear nothing")]
    assert read(scene, desk, smith()) == read(scene, phone, mia) == both
    said = eventually(
        lambda: [event for event in events.heard() if event["type"] == "call.said"], lambda found: len(found) == 2
    )
    one = scene.stage.ask(call_chat.GET_LINE, {"line_id": said[1]["data"]["line_id"]}, smith())
    assert one["text"] == "No\nI hear nothing"
    leave(scene, mia, phone)
    with pytest.raises(NotFound):
        read(scene, phone, mia)
    with pytest.raises(Conflict):
        say(scene, phone, mia, "One more thing")


def test_a_line_that_is_none_or_too_long_is_refused(scene: Scene) -> None:
    desk = scene.join(smith(), new_id())
    for text in ("", " \u202e ", "x" * (call_chat.LONGEST_LINE + 1)):
        with pytest.raises(Invalid) as refused:
            say(scene, desk, smith(), text)
        assert refused.value.extra["errors"][0]["pointer"] == "/text"
    assert read(scene, desk, smith()) == []


def test_the_database_lets_go_of_what_was_written_when_the_call_ends(scene: Scene) -> None:
    desk = scene.join(smith(), new_id())
    say(scene, desk, smith(), "Only between us")
    scene.stage.ask(media.END_CALL, {"call_id": desk["call_id"]}, smith())
    with pytest.raises(NotFound):
        read(scene, desk, smith())
    with kept_by(scene.stage, "media") as database:
        (line,) = database["lines"].find({"call_id": desk["call_id"]})
        assert (line["forget_at"] - clock.now()).total_seconds() < 61
        assert [
            index["expireAfterSeconds"] for index in database["lines"].list_indexes() if index["name"] == "forgotten"
        ] == [0]
        # the remembered reply of the command holds nothing of it either
        assert not [kept for kept in database["commands"].find() if "Only between us" in str(kept)]
