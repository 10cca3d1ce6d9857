"""The scheduler is started with other rules of zones than sessions were booked with; two replicas, as in a rollout."""

import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from contracts import accounts, rooms, scheduler
from plumbing.ids import new_id
from tests.backing import make_virtual_host, remove_virtual_host
from tests.other_rules import LATER, without_summer_time
from tests.patience import eventually
from tests.wiring.one_service import Events, Neighbours, Stage
from tests.wiring.two_replicas import kept_by, member

ORGANISATION, SMITH = new_id(), new_id()
SMITH_ASKS = member(ORGANISATION, "provider", SMITH)


@pytest.fixture
def stage(tmp_path: Path, backing: dict[str, Any]) -> Iterator[Stage]:
    host = make_virtual_host(backing)
    made = Stage(tmp_path, host.uri, backing["mongo_uri"], f"test_{new_id()[-12:]}_")
    neighbours = Neighbours(host.uri, made.verify)
    shown = {"organisation_id": ORGANISATION, "owner_member_id": SMITH, "may_receive": True}
    neighbours.answer(rooms.GET_ROOM, lambda payload, _: {"id": payload["room_id"], **shown})
    neighbours.answer(accounts.GET_MEMBER, lambda payload, _: {"id": payload["member_id"], "role": "provider"})
    neighbours.start()
    made.migrate("scheduler")
    yield made
    neighbours.stop()
    made.close()
    with kept_by(made, "scheduler") as database:
        database.client.drop_database(database.name)
    remove_virtual_host(host)


def book(stage: Stage, local_start: str, zone: str) -> dict[str, Any]:
    planned = {"local_start": local_start, "zone": zone, "minutes": 30}
    asked = {"room_id": new_id(), "title": "Review", "planned": planned, "invitation_id": new_id(), "override": True}
    booked: dict[str, Any] = stage.ask(scheduler.CREATE_SESSION, asked, SMITH_ASKS)
    return booked


def read(stage: Stage, session: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = stage.ask(scheduler.GET_SESSION, {"session_id": session["id"]}, SMITH_ASKS)
    return found


@pytest.mark.timeout(120)
def test_sessions_keep_their_local_time_once_over_replicas_and_what_clashes_then_is_named(
    stage: Stage, tmp_path: Path
) -> None:
    summer = f"{dt.datetime.now(dt.UTC).year + 1}-07-01"
    events = Events(stage.amqp_uri, "scheduler")
    with stage.running("services.scheduler", "scheduler"):
        berlin = [book(stage, f"{summer}T{hour}:00", "Europe/Berlin") for hour in (10, 12, 14)]
        # at eight in UTC, where Berlin's ten o'clock is until the rules change; an hour later is the next one's time
        in_the_way = book(stage, f"{summer}T09:00", "UTC")
        elsewhere = book(stage, f"{summer}T10:00", "Australia/Sydney")
    changed = {"PYTHONTZPATH": str(without_summer_time(tmp_path / "zones"))}
    with (
        stage.running("services.scheduler", "scheduler", **changed),
        stage.running("services.scheduler", "scheduler", **changed),
    ):
        everything = [*berlin, in_the_way, elsewhere]
        eventually(
            lambda: {read(stage, one)["planned"]["rules"] for one in everything} == {LATER},
            what="all are by the new rules",
            seconds=40,
        )
        after = [read(stage, one) for one in berlin]
        assert [one["planned"]["local_start"] for one in after] == [one["planned"]["local_start"] for one in berlin]
        assert [one["planned"]["starts_at"][11:16] for one in after] == ["09:00", "11:00", "13:00"]
        assert [one["sequence"] for one in after] == [1, 1, 1]
        assert [one["clashes"] for one in after] == [[in_the_way["id"]], [], []]
        assert [one["reminders"][-1]["due_at"][11:16] for one in after] == ["08:50", "10:50", "12:50"]
        for unmoved in (in_the_way, elsewhere):
            assert read(stage, unmoved)["planned"]["starts_at"] == unmoved["planned"]["starts_at"]
            assert read(stage, unmoved)["sequence"] == 0
        eventually(lambda: events.types().count("session.updated") >= 3, what="it is said", seconds=20)
    told = [event for event in events.heard() if event["type"] == "session.updated"]
    events.close()
    assert sorted(event["subject"] for event in told) == sorted(f"session/{one['id']}" for one in berlin)
    assert {event["data"]["reason"] for event in told} == {"zone_rules"}
