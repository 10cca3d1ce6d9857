"""A room link at two api processes of the gateway, before two processes of rooms: a rotated one is dead at once at each."""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
import requests

from contracts import accounts, rooms
from contracts.actor import Actor
from plumbing.ids import new_id
from tests.patience import eventually
from tests.wiring.gateway_door import Door, World
from tests.wiring.one_service import Events, Stage
from tests.wiring.two_replicas import member, two_replicas

OWN = new_id()


def get_organisation(_payload: dict[str, Any], _actor: Actor) -> dict[str, Any]:
    return {"id": OWN, "name": "Example Health", "language": "en", "contact_phone": None, "contact_email": None}


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory, backing: dict[str, Any]) -> Iterator[Stage]:
    answers = {accounts.GET_ORGANISATION: get_organisation}
    with two_replicas("rooms", tmp_path_factory.mktemp("links"), backing, answers) as made:
        made.migrate("waiting")
        with made.running("services.waiting", "waiting"):
            yield made


@pytest.fixture(scope="module")
def gateways(stage: Stage, tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[str]]:
    """The addresses of two api processes."""
    with ExitStack() as running:
        addresses = []
        for _ in range(2):
            folder = Path(tmp_path_factory.mktemp("gateway"))
            door = Door(stage, folder, World(), None)  # type: ignore[arg-type]
            running.enter_context(door.running("api"))
            addresses.append(door.base_url)
        yield addresses


def status(gateway: str, link: str) -> tuple[int, int]:
    """Of what the page asks for, and of the page itself."""
    paths = (f"/api/join/room/{link}", f"/join/room/{link}")
    api, page = (requests.get(gateway + path, timeout=20).status_code for path in paths)
    return api, page


def test_a_rotated_link_is_dead_at_once_at_every_gateway_process(stage: Stage, gateways: list[str]) -> None:
    owner = member(OWN, "owner")
    events = Events(stage.amqp_uri, "rooms")
    said = {"organisation_id": OWN, "plan": "Essentials", "policy_version": 1}
    events.say("accounts", "organisation.created", f"organisation/{OWN}", OWN, said)
    events.close()
    found = eventually(lambda: stage.ask(rooms.LIST_ROOMS, {}, owner)["items"], what="the first room")
    (room,) = found
    for _ in range(3):
        old = room["link"]
        assert [status(gateway, old) for gateway in gateways] == [(200, 200)] * 2
        room = stage.ask(rooms.ROTATE_LINK, {"room_id": room["id"]}, owner)
        assert [status(gateway, old) for gateway in gateways] == [(404, 404)] * 2
        assert [status(gateway, room["link"]) for gateway in gateways] == [(200, 200)] * 2


def test_nobody_arrives_by_a_link_that_was_rotated_while_they_read_its_page(stage: Stage, gateways: list[str]) -> None:
    owner = member(OWN, "owner")
    room = stage.ask(rooms.LIST_ROOMS, {}, owner)["items"][0]
    phone = requests.Session()
    phone.headers["X-Housecall"] = "1"
    assert phone.get(f"{gateways[0]}/api/join/room/{room['link']}", timeout=20).ok
    stage.ask(rooms.ROTATE_LINK, {"room_id": room["id"]}, owner)
    arrival = phone.post(
        f"{gateways[0]}/api/join/room/{room['link']}/arrivals", json={"display_name": "Mia"}, timeout=20
    )
    assert arrival.status_code == 404


def test_who_waits_by_a_link_that_is_rotated_stays_and_nobody_else_comes_by_it(
    stage: Stage, gateways: list[str]
) -> None:
    owner = member(OWN, "owner")
    room = stage.ask(rooms.LIST_ROOMS, {}, owner)["items"][0]
    old = room["link"]
    phone = requests.Session()
    phone.headers["X-Housecall"] = "1"
    address = f"{gateways[0]}/api/join/room/{old}"
    assert phone.get(address, timeout=20).ok
    assert phone.post(f"{address}/arrivals", json={"display_name": "Mia"}, timeout=20).status_code == 201
    stage.ask(rooms.ROTATE_LINK, {"room_id": room["id"]}, owner)
    # after a reload at either process: the page, what it reads, and the place
    assert phone.get(f"{gateways[0]}/join/room/{old}", timeout=20).status_code == 200
    assert phone.get(address, timeout=20).json()["room_name"] == room["name"]
    assert phone.get(f"{gateways[0]}/api/caller?link=room/{old}", timeout=20).json()["state"] == "waiting"
    assert [status(gateway, old) for gateway in gateways] == [(404, 404)] * 2
    assert phone.post(f"{gateways[0]}/api/caller/leave?link=room/{old}", json={}, timeout=20).ok
    assert phone.get(f"{gateways[0]}/join/room/{old}", timeout=20).status_code == 404
    assert phone.get(address, timeout=20).status_code == 404
