"""Series on two processes of the scheduler, one of which is killed while it books; rooms and accounts are played by the test."""

import threading
from collections.abc import Iterator
from typing import Any

import pytest

from contracts import accounts, rooms, scheduler
from contracts.actor import Actor
from contracts.errors import Outdated, Unavailable
from plumbing.ids import new_id
from tests.patience import eventually
from tests.wiring.one_service import Events, Stage
from tests.wiring.test_scheduler import MEETING, ORGANISATION, get_member, get_room
from tests.wiring.two_replicas import kept_by, member, refusal, two_replicas

RECEPTION = member(ORGANISATION, "coordinator")


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory, backing: dict[str, Any]) -> Iterator[Stage]:
    replies = {rooms.GET_ROOM: get_room, accounts.GET_MEMBER: get_member}
    with two_replicas("scheduler", tmp_path_factory.mktemp("series"), backing, replies) as made:
        yield made


@pytest.fixture
def events(stage: Stage) -> Iterator[Events]:
    opened = Events(stage.amqp_uri, "scheduler")
    yield opened
    opened.close()


def clinic(first: str, count: int = 60, frequency: str = "daily") -> dict[str, Any]:
    planned = {"local_start": first, "zone": "Europe/Berlin", "minutes": 30}
    return {
        "room_id": MEETING,
        "title": "Clinic",
        "planned": planned,
        "recurrence": {"frequency": frequency, "count": count},
    }


def booked(stage: Stage, asked: dict[str, Any], command_id: str, actor: Actor = RECEPTION) -> dict[str, Any]:
    """As a client does that repeats what was not answered."""

    def answer() -> dict[str, Any] | None:
        try:
            made: dict[str, Any] = stage.ask(
                scheduler.CREATE_SESSION, asked, actor, command_id=command_id, timeout=10.0
            )
        except Unavailable:
            return None
        return made

    found = eventually(answer, what="the series is booked")
    assert found
    return found


@pytest.mark.parametrize("hour", [7, 8, 9])
def test_a_series_whose_booker_is_killed_is_there_whole_or_not_at_all_and_said_once(
    stage: Stage, events: Events, hour: int
) -> None:
    command_id, asked = new_id(), clinic(f"2027-03-01T{hour:02d}:00")
    answers: list[dict[str, Any]] = []
    with stage.running("services.scheduler", "scheduler") as third, kept_by(stage, "scheduler") as database:
        asking = threading.Thread(target=lambda: answers.append(booked(stage, asked, command_id)))
        asking.start()
        third.kill()
        seen = database["sessions"].count_documents({"series_id": command_id})
        asking.join(60)
        assert seen in (0, 60)
        assert database["sessions"].count_documents({"series_id": command_id}) == 60
    assert answers[0]["series_id"] == command_id

    def said() -> bool:
        of_series = [one for one in events.heard() if one["data"].get("series_id") == command_id]
        created = [one["subject"] for one in of_series if one["type"] == "session.created"]
        return len(created) == len(set(created)) == 60

    eventually(said, what="each session is said once")


def test_of_two_coordinators_who_change_all_the_second_is_told_so(stage: Stage) -> None:
    first = booked(stage, clinic("2027-08-03T09:00", 6, "weekly"), new_id())
    change = {"session_id": first["id"], "scope": "all", "version": first["version"]}
    assert stage.ask(scheduler.CHANGE_SESSION, {**change, "title": "Eyes"}, RECEPTION)["title"] == "Eyes"
    refusal(Outdated, stage, scheduler.CHANGE_SESSION, {**change, "title": "Ears"}, RECEPTION)
    refusal(Outdated, stage, scheduler.CANCEL_SESSION, change, RECEPTION)
    series = stage.ask(scheduler.GET_SERIES, {"series_id": first["series_id"]}, RECEPTION)
    assert {item["title"] for item in series["items"]} == {"Eyes"}
