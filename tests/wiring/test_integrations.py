"""Two processes of integrations on a real broker and database; everybody who speaks is played by the test."""

import threading
from collections.abc import Iterator
from typing import Any

import pytest

from contracts import integrations
from contracts.actor import Actor
from contracts.catalogue import SPEAKERS
from contracts.errors import Forbidden, PastKeeping, Refused
from contracts.events import Envelope, exchange_name, sequence_text
from plumbing.clock import now
from plumbing.ids import new_id
from tests.patience import eventually
from tests.wiring.one_service import Events, Stage
from tests.wiring.two_replicas import kept_by, member, refusal, two_replicas

SAYING = [speaker for speaker in SPEAKERS if speaker != "integrations"]


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory, backing: dict[str, Any]) -> Iterator[Stage]:
    with two_replicas("integrations", tmp_path_factory.mktemp("integrations"), backing) as made:
        yield made


@pytest.fixture
def events(stage: Stage) -> Iterator[Events]:
    opened = Events(stage.amqp_uri, "integrations")
    yield opened
    opened.close()


def say(events: Events, organisation_id: str, count: int = 1, source: str = "rooms") -> None:
    for _ in range(count):
        room = new_id()
        events.say(source, "room.renamed", f"room/{room}", organisation_id, {"room_id": room})


def read(stage: Stage, actor: Actor, after: str | None = None, limit: int = 100) -> dict[str, Any]:
    page: dict[str, Any] = stage.ask(integrations.LIST_EVENTS, {"after": after, "limit": limit}, actor)
    return page


def test_every_speaker_is_heard(stage: Stage, events: Events) -> None:
    organisation = new_id()
    for source in SAYING:
        say(events, organisation, source=source)
    page = eventually(
        lambda: read(stage, member(organisation, "owner")), lambda page: len(page["items"]) == len(SAYING)
    )
    assert {event["source"] for event in page["items"]} == {f"/{source}" for source in SAYING}
    for event in page["items"]:
        assert Envelope().validate(event) == {}


def test_pages_lead_from_one_to_the_next_without_gap_or_repeat(stage: Stage, events: Events) -> None:
    organisation = new_id()
    owner = member(organisation, "owner")
    say(events, organisation, 25)
    everything = eventually(lambda: read(stage, owner)["items"], lambda items: len(items) == 25)
    found, cursor, more = [], None, True
    while more:
        page = read(stage, owner, cursor, 10)
        found += page["items"]
        cursor, more = page["cursor"], page["more"]
    assert found == everything
    assert read(stage, owner, cursor) == {"items": [], "cursor": cursor, "more": False}


def test_an_event_heard_again_is_kept_once(stage: Stage, events: Events) -> None:
    organisation, room = new_id(), new_id()
    envelope = {
        "specversion": "1.0",
        "id": new_id(),
        "source": "/rooms",
        "type": "room.renamed",
        "subject": f"room/{room}",
        "time": now().isoformat(),
        "organisationid": organisation,
        "sequence": sequence_text(1),
        "data": {"room_id": room},
    }
    for _ in range(5):
        events.publish(exchange_name("rooms"), "room.renamed", envelope)
    say(events, organisation)
    page = eventually(lambda: read(stage, member(organisation, "owner")), lambda page: len(page["items"]) == 2)
    assert [event["id"] for event in page["items"]].count(envelope["id"]) == 1


def test_a_reader_who_follows_misses_nothing_that_two_processes_write(stage: Stage, events: Events) -> None:
    organisation = new_id()
    owner = member(organisation, "owner")
    count = 200
    followed: list[str] = []

    def follow() -> None:
        cursor = None

        def step() -> int:
            nonlocal cursor
            page = read(stage, owner, cursor, 7)
            cursor = page["cursor"] or cursor
            followed.extend(event["id"] for event in page["items"])
            return len(followed)

        eventually(step, lambda seen: seen >= count, "everything was followed", 30.0)

    reader = threading.Thread(target=follow)
    reader.start()
    say(events, organisation, count)
    reader.join()
    everything = [event["id"] for event in read(stage, owner, None, 1000)["items"]]
    assert followed == everything
    assert len(set(followed)) == count


def test_another_organisations_events_are_not_there(stage: Stage, events: Events) -> None:
    organisation = new_id()
    say(events, organisation, 3)
    eventually(lambda: len(read(stage, member(organisation, "owner"))["items"]) == 3)
    stranger = member(new_id(), "owner")
    assert read(stage, stranger) == {"items": [], "cursor": None, "more": False}
    ours = read(stage, member(organisation, "owner"), None, 2)["cursor"]
    refused = refusal(Refused, stage, integrations.LIST_EVENTS, {"after": ours}, stranger)
    assert (refused.status, refused.extra["errors"][0]["pointer"]) == (400, "/after")


def test_only_who_runs_the_organisation_reads_its_events(stage: Stage) -> None:
    for role in ("provider", "coordinator", "reporter"):
        refusal(Forbidden, stage, integrations.LIST_EVENTS, {}, member(new_id(), role))


def test_a_cursor_of_somebody_elses_making_is_refused_at_its_field(stage: Stage) -> None:
    refused = refusal(Refused, stage, integrations.LIST_EVENTS, {"after": "yesterday"}, member(new_id(), "owner"))
    assert (refused.status, refused.extra["errors"][0]["pointer"]) == (400, "/after")


def test_who_asks_for_some_types_gets_those_and_is_led_past_the_others(stage: Stage, events: Events) -> None:
    organisation, room = new_id(), new_id()
    owner = member(organisation, "owner")
    for kind in ("room.created", "room.renamed", "room.locked"):
        events.say("rooms", kind, f"room/{room}", organisation, {"room_id": room})
    eventually(lambda: len(read(stage, owner)["items"]) == 3)
    asked = {"types": "room.created,room.renamed", "subject": f"room/{room}"}
    page = stage.ask(integrations.LIST_EVENTS, asked, owner)
    assert [event["type"] for event in page["items"]] == ["room.created", "room.renamed"]
    assert read(stage, owner, page["cursor"])["items"] == []
    refused = refusal(Refused, stage, integrations.LIST_EVENTS, {"types": "room.exploded"}, owner)
    assert (refused.status, refused.extra["errors"][0]["pointer"]) == (400, "/types")


def test_a_cursor_from_before_what_is_kept_is_answered_with_the_oldest_that_is(stage: Stage, events: Events) -> None:
    organisation = new_id()
    owner = member(organisation, "owner")
    say(events, organisation, 4)
    eventually(lambda: len(read(stage, owner)["items"]) == 4)
    first = read(stage, owner, None, 1)["cursor"]
    with kept_by(stage, "integrations") as database:
        # as the timer leaves it
        database["events"].delete_many({"organisation_id": organisation, "position": {"$lt": 4}})
    gone = refusal(PastKeeping, stage, integrations.LIST_EVENTS, {"after": first}, owner)
    assert gone.status == 410
    assert len(read(stage, owner, gone.extra["oldest"])["items"]) == 1
