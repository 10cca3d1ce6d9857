"""Who looks at screens in the tests of the live process, and what they wait for on them."""

from typing import Any

import requests

from tests.journeys.client import Live
from tests.wiring.gateway_door import THEIRS, TOKEN, Door, member

SMITH, JONES = member("Smith", "provider"), member("Jones", "provider")
CORA, RITA = member("Cora", "coordinator"), member("Rita", "reporter")
FOREIGN = member("Foreign", "owner", THEIRS)


def subjects(snapshot: dict[str, Any]) -> set[str]:
    return {item["subject"] for item in snapshot["items"]}


def change_of(live: Live, thing: dict[str, Any], kind: str) -> dict[str, Any]:
    return live.wait_for(
        lambda f: f["type"] == "change" and f["subject"] == f"{kind}/{thing['id']}", f"a change of the {kind}"
    )


def nothing_more(live: Live) -> None:
    """Whatever was on its way has arrived, and no change was among it: the next answer is the pong's."""
    live.send({"type": "ping"})
    assert live.wait_for(lambda frame: frame["type"] in ("pong", "change"), "the pong")["type"] == "pong"


def guest(open_door: Door, link: str = TOKEN) -> tuple[requests.Session, dict[str, Any]]:
    """A phone that has arrived by a link."""
    phone = open_door.browser()
    arrived = phone.post(f"{open_door.base_url}/api/join/{link}/arrivals", json={"display_name": "Mia"}, timeout=20)
    return phone, arrived.json()
