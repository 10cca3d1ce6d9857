"""The live process, its world and its screens, as fixtures: `pytest_plugins = ["tests.wiring.gateway_fixtures"]`."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.backing import VirtualHost, make_virtual_host, remove_virtual_host
from tests.journeys.client import Live
from tests.wiring.gateway_door import Door, door
from tests.wiring.one_service import Events


@pytest.fixture(scope="module")
def host(backing: dict[str, Any]) -> Iterator[VirtualHost]:
    made = make_virtual_host(backing)
    yield made
    remove_virtual_host(made)


@pytest.fixture(scope="module")
def open_door(host: VirtualHost, tmp_path_factory: pytest.TempPathFactory, backing: dict[str, Any]) -> Iterator[Door]:
    with door(Path(tmp_path_factory.mktemp("live")), host.uri, backing["mongo_uri"]) as made:
        made.told.start()
        with made.running("api"), made.running("live"):
            yield made


@pytest.fixture
def world(open_door: Door) -> Any:
    return open_door.world


@pytest.fixture
def screens(open_door: Door) -> Iterator[Callable[[dict[str, Any]], Live]]:
    """Opens members' tabs, and closes them in the end."""
    opened: list[Live] = []

    def screen(signed_in_as: dict[str, Any]) -> Live:
        opened.append(open_door.screen(signed_in_as))
        return opened[-1]

    yield screen
    for each in opened:
        each.close()


@pytest.fixture
def say(open_door: Door) -> Iterator[Callable[..., None]]:
    """Says that something changed, as the service that owns it."""
    events = {source: Events(open_door.stage.amqp_uri, source) for source in ("rooms", "waiting", "media", "accounts")}

    def told(kind: str, thing: dict[str, Any], **data: Any) -> None:
        name = kind.partition(".")[0]
        source = {"room": "rooms", "caller": "waiting", "call": "media"}[name]
        more = {"room_id": thing["room_id"]} if "room_id" in thing else {}
        thing["version"] += 1
        events[source].say(
            source, kind, f"{name}/{thing['id']}", thing["organisation_id"], {f"{name}_id": thing["id"], **more, **data}
        )

    told.accounts = events["accounts"]  # type: ignore[attr-defined]
    told.media = lambda *event: events["media"].say("media", *event)  # type: ignore[attr-defined]
    yield told
    for each in events.values():
        each.close()
