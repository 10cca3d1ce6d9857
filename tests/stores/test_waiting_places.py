"""Places in the queue and their estimates, out of the callers of a real database."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from pymongo.database import Database

from plumbing.ids import new_id
from plumbing.mapping import to_document
from services.waiting.caller import Caller, place_of
from services.waiting.estimating.estimate import FEWEST_TURNS
from services.waiting.estimating.places import Places
from services.waiting.estimating.store import StoredQueues
from services.waiting.store import INDEXES
from tests.unit.waiting.people import NOW, ROOM, caller

ORGANISATION = caller().organisation_id
SMITH = new_id()


def shows(_room_id: str) -> bool:
    return True


@pytest.fixture
def database(real_database: Database[dict[str, Any]]) -> Database[dict[str, Any]]:
    for name, indexes in INDEXES.items():
        real_database[name].create_indexes(indexes)
    return real_database


def keep(database: Database[dict[str, Any]], *callers: Caller) -> list[str]:
    database["callers"].insert_many([to_document(each) for each in callers])
    return [each.id for each in callers]


def somebody(minutes_ago: float, room_id: str = ROOM, **changes: Any) -> Caller:
    """Who came so long ago."""
    made = caller(id=new_id(), recipient_id=new_id(), waiting_since=NOW - timedelta(minutes=minutes_ago))
    made = replace(made, room_id=room_id, **changes)
    return replace(made, place=place_of(made.state, made.room_id, made.recipient_id, made.device_id))


def seen(minutes_ago: float, waited: float = 5, with_host: float = 10, **changes: Any) -> Caller:
    """Who was let in by Dr Smith and has left."""
    began = NOW - timedelta(minutes=minutes_ago)
    ended = began + timedelta(minutes=with_host)
    made = somebody(minutes_ago + waited, state="left", end_reason="completed", admitted_at=began, ended_at=ended)
    return replace(made, admitted_by_member_id=SMITH, **changes)


def a_morning() -> list[Caller]:
    """Turns of twelve minutes, the last of which ended a minute ago."""
    return [seen(11 + 12 * number) for number in range(FEWEST_TURNS + 5)]


def test_everybody_is_told_how_many_came_before_them_in_their_own_room(database: Database[dict[str, Any]]) -> None:
    other_room = new_id()
    ids = keep(database, *(somebody(9 - number) for number in range(3)), somebody(20, other_room))
    gone = keep(database, seen(30), somebody(40, state="admitted", admitted_at=NOW))
    found = Places(StoredQueues(database)).of(ORGANISATION, [*ids, *gone, new_id()], shows, NOW)
    assert {each["caller_id"]: each["ahead"] for each in found} == {ids[0]: 0, ids[1]: 1, ids[2]: 2, ids[3]: 0}
    assert {each["estimate"] for each in found} == {None}


def test_a_foreign_organisation_is_told_nothing(database: Database[dict[str, Any]]) -> None:
    ids = keep(database, somebody(5))
    assert Places(StoredQueues(database)).of(new_id(), ids, shows, NOW) == []


def test_where_the_room_switches_it_off_nobody_is_told_and_the_room_is_not_asked_each_time(
    database: Database[dict[str, Any]],
) -> None:
    ids = keep(database, somebody(5))
    asked: list[str] = []

    def hides(room_id: str) -> bool:
        asked.append(room_id)
        return False

    places = Places(StoredQueues(database))
    for _ in range(3):
        assert places.of(ORGANISATION, ids, hides, NOW) == []
    assert asked == [ROOM]


def test_after_enough_consultations_there_is_a_range_and_its_sample(database: Database[dict[str, Any]]) -> None:
    keep(database, *a_morning(), somebody(6, state="in_call", admitted_at=NOW, admitted_by_member_id=SMITH))
    ids = keep(database, somebody(4), somebody(3))
    found = {each["caller_id"]: each for each in Places(StoredQueues(database)).of(ORGANISATION, ids, shows, NOW)}
    first, second = (found[each]["estimate"] for each in ids)
    assert first["sample"] == FEWEST_TURNS + 5
    assert first["soonest_minutes"] <= 12 <= first["latest_minutes"]
    assert second["soonest_minutes"] <= 24 <= second["latest_minutes"]


def test_forecasts_are_kept_once_and_count_when_the_caller_is_let_in(database: Database[dict[str, Any]]) -> None:
    keep(database, *a_morning(), somebody(6, state="in_call", admitted_at=NOW, admitted_by_member_id=SMITH))
    waiting = somebody(4)
    keep(database, waiting)
    for replica in (Places(StoredQueues(database)), Places(StoredQueues(database))):
        assert replica.of(ORGANISATION, [waiting.id], shows, NOW)
    assert database["forecasts"].count_documents({}) == 1
    queues = StoredQueues(database)
    assert queues.queue(ORGANISATION, ROOM, None, NOW).outcomes == ()
    left = {"state": "left", "admitted_by_member_id": SMITH, "admitted_at": NOW + timedelta(hours=5)}
    database["callers"].update_one(
        {"_id": waiting.id}, {"$set": {**left, "ended_at": NOW + timedelta(hours=6)}, "$unset": {"place": ""}}
    )
    late = queues.queue(ORGANISATION, ROOM, None, NOW + timedelta(hours=7)).outcomes
    assert len(late) == 1
    assert late[0] > 1


def test_a_line_is_read_out_of_its_index(database: Database[dict[str, Any]]) -> None:
    keep(database, *(somebody(number) for number in range(50)), *a_morning())
    where = {"organisation_id": ORGANISATION, "room_id": ROOM, "state": "waiting"}
    order = [("standing.at", 1), ("waiting_since", 1), ("_id", 1)]
    ran = database["callers"].find(where, {"waiting_since": 1}, sort=order).explain()["executionStats"]
    assert (ran["nReturned"], ran["totalDocsExamined"]) == (50, 0)


def test_the_turns_of_a_waiting_area_are_its_own_in_whichever_room_they_were(
    database: Database[dict[str, Any]],
) -> None:
    area, elsewhere = new_id(), new_id()
    keep(database, *(replace(each, area_id=area, room_id=elsewhere) for each in a_morning()))
    (waits,) = keep(database, somebody(2, room_id=area, area_id=area))
    (place,) = Places(StoredQueues(database)).of(ORGANISATION, [waits], shows, NOW)
    assert place["estimate"] is not None
    (other,) = keep(database, somebody(2, room_id=elsewhere))
    (place,) = Places(StoredQueues(database)).of(ORGANISATION, [other], shows, NOW)
    assert place["estimate"] is None
