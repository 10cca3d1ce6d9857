"""A process of integrations is killed while events are heard and posted: the log and the receiver have every one, in order."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from contracts import integrations, webhooks
from plumbing.ids import new_id
from tests.patience import eventually
from tests.wiring.one_service import Events, Stage
from tests.wiring.two_replicas import member, two_replicas
from tests.wiring.webhook_receiver import receiver

ROOMS, EACH = 8, 25


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory, backing: dict[str, Any]) -> Iterator[Stage]:
    with two_replicas("integrations", tmp_path_factory.mktemp("killed"), backing) as made:
        yield made


@pytest.fixture
def events(stage: Stage) -> Iterator[Events]:
    opened = Events(stage.amqp_uri, "integrations")
    yield opened
    opened.close()


def test_a_process_killed_in_the_middle_loses_no_event_and_lets_none_overtake(stage: Stage, events: Events) -> None:
    owner = member(new_id(), "owner")
    rooms = [new_id() for _ in range(ROOMS)]

    def rename_each() -> None:
        for room in rooms:
            events.say("rooms", "room.renamed", f"room/{room}", str(owner.organisation_id), {"room_id": room})

    with receiver() as desk, stage.running("services.integrations", "integrations") as third:
        stage.ask(webhooks.CREATE_WEBHOOK, {"url": desk.url, "types": ["room.renamed"], "at_once": 8}, owner)
        for _ in range(EACH // 2):
            rename_each()
        eventually(lambda: len(desk.posted), lambda count: count > ROOMS, "some were received")
        third.kill()
        for _ in range(EACH - EACH // 2):
            rename_each()
        # what the killed one had claimed is free again when its lease is over
        eventually(lambda: len(set(desk.ids())), lambda count: count == ROOMS * EACH, "all were received", 120)
        received = {each.headers["webhook-id"]: json.loads(each.body) for each in list(desk.posted)}
    everything = stage.ask(integrations.LIST_EVENTS, {"types": "room.renamed", "limit": 1000}, owner)["items"]
    assert {each["id"]: each for each in everything} == received
    for told in (everything, list(received.values())):
        for room in rooms:
            numbers = [int(each["sequence"]) for each in told if each["subject"] == f"room/{room}"]
            assert numbers == list(range(1, EACH + 1))
