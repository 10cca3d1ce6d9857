"""Rooms, plans and what rooms inherit at the api process: versions as entity tags, removal, and what is asked of rooms."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests

from contracts import rooms
from contracts.actor import Actor
from contracts.errors import Conflict, Outdated
from plumbing.ids import new_id
from tests.wiring.gateway_door import Door, door, member

A, B = new_id(), new_id()
SMITH = member("Smith", "provider")


def change_room(payload: dict[str, Any], _actor: Actor) -> dict[str, Any]:
    if payload.get("version") == 99:
        raise Outdated(version=3)
    return {**payload, "version": 3}


def remove_room(payload: dict[str, Any], _actor: Actor) -> dict[str, Any]:
    if payload.get("version") == 99:
        raise Outdated(version=3)
    if payload.get("confirm") != "true":
        raise Conflict("3 people are inside.", in_call=2, waiting=1)
    return {"ok": True}


@pytest.fixture(scope="module")
def open_door(tmp_path_factory: pytest.TempPathFactory, backing: dict[str, Any]) -> Iterator[Door]:
    from tests.backing import make_virtual_host, remove_virtual_host

    host = make_virtual_host(backing)
    with door(Path(tmp_path_factory.mktemp("gateway")), host.uri, backing["mongo_uri"]) as made:
        made.told.answer(rooms.CHANGE_ROOM, change_room)
        made.told.answer(rooms.REMOVE_ROOM, remove_room)
        for command in (rooms.GET_INHERITED_SETTINGS, rooms.CHANGE_INHERITED_SETTINGS, rooms.GET_ENTITLEMENTS):
            made.told.answer(command, lambda payload, _actor: {"echo": payload, "version": 4})
        made.told.start()
        with made.running("api"):
            yield made
    remove_virtual_host(host)


@pytest.fixture
def smith(open_door: Door) -> requests.Session:
    return open_door.browser(SMITH)


def call(open_door: Door, browser: requests.Session, method: str, path: str, body: Any = None, **more: Any) -> Any:
    """One request, as our pages send them."""
    return browser.request(method, open_door.base_url + path, json=body, timeout=20, **more)


def test_a_room_is_renamed_and_locked_by_one_command(open_door: Door, smith: requests.Session) -> None:
    answer = call(open_door, smith, "PATCH", f"/api/rooms/{A}", {"name": "New", "locked": True})
    name, payload, _ = open_door.told.asked[-1]
    assert (name, payload) == ("rooms.change_room", {"room_id": A, "name": "New", "locked": True})
    assert answer.headers["ETag"] == '"3"'
    assert call(open_door, smith, "PATCH", f"/api/rooms/{A}", {}).status_code == 422


def test_if_match_says_which_version_was_read(open_door: Door, smith: requests.Session) -> None:
    room = open_door.world.room("Team Meeting")
    path = f"/api/rooms/{room['id']}"
    tag = call(open_door, smith, "GET", path).headers["ETag"]
    call(open_door, smith, "PATCH", path, {"name": "N"}, headers={"If-Match": f'"0", {tag}'})
    assert open_door.told.asked[-1][1]["version"] == room["version"]
    call(open_door, smith, "PATCH", path, {"name": "N"}, headers={"If-Match": "*"})
    assert "version" not in open_door.told.asked[-1][1]
    asked = len(open_door.told.asked)
    for foreign in ('W/"1"', "1", '"abc"'):
        assert call(open_door, smith, "PATCH", path, {"name": "N"}, headers={"If-Match": foreign}).status_code == 412
    twice = call(open_door, smith, "PATCH", path, {"name": "N", "version": 1}, headers={"If-Match": tag})
    assert twice.status_code == 422
    assert "rooms.change_room" not in open_door.told.methods()[asked:]


def test_a_stale_version_is_412(open_door: Door, smith: requests.Session) -> None:
    answer = call(open_door, smith, "PATCH", f"/api/rooms/{A}", {"name": "N"}, headers={"If-Match": '"99"'})
    assert (answer.status_code, answer.json()["version"]) == (412, 3)


def test_a_room_with_people_inside_is_removed_when_asked_twice(open_door: Door, smith: requests.Session) -> None:
    refused = call(open_door, smith, "DELETE", f"/api/rooms/{A}")
    assert (refused.status_code, refused.json()["in_call"], refused.json()["waiting"]) == (409, 2, 1)
    assert call(open_door, smith, "DELETE", f"/api/rooms/{A}?confirm=true").status_code == 204
    assert call(open_door, smith, "DELETE", f"/api/rooms/{A}?room_id={B}").status_code == 422


def test_a_room_is_removed_as_it_was_read(open_door: Door, smith: requests.Session) -> None:
    answer = call(open_door, smith, "DELETE", f"/api/rooms/{A}?confirm=true", headers={"If-Match": '"99"'})
    assert (answer.status_code, answer.json()["version"]) == (412, 3)


def test_what_rooms_inherit_is_read_and_changed_with_its_version(open_door: Door, smith: requests.Session) -> None:
    assert call(open_door, smith, "GET", "/api/settings/rooms").headers["ETag"] == '"4"'
    change = {"settings": {"consent_text": "Yes?"}, "locked": ["consent_text"]}
    answer = call(open_door, smith, "PATCH", "/api/settings/rooms", change, headers={"If-Match": '"4"'})
    assert answer.json()["echo"] == {**change, "version": 4}
    answer = call(open_door, smith, "PATCH", f"/api/clinics/{B}/settings/rooms", change)
    assert (answer.json()["echo"], answer.headers["ETag"]) == ({**change, "clinic_id": B}, '"4"')


def test_the_plan_is_read(open_door: Door, smith: requests.Session) -> None:
    assert call(open_door, smith, "GET", "/api/plan").status_code == 200
    assert open_door.told.methods()[-1] == "rooms.get_entitlements"
