"""Two processes of the scheduler on a real broker and database; rooms, accounts and the gateway are played by the test."""

import datetime as dt
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from typing import Any

import pytest

from contracts import accounts, rooms, scheduler
from contracts.actor import Actor
from contracts.errors import Conflict, Forbidden, Invalid, NotFound
from plumbing.ids import new_id
from tests.patience import eventually
from tests.wiring.one_service import Events, Stage
from tests.wiring.two_replicas import member, ourselves, refusal, two_replicas

ORGANISATION, FOREIGN = new_id(), new_id()
SMITH, JONES, REPORTER = new_id(), new_id(), new_id()
# room → whose User Room it is
ROOMS: dict[str, str | None] = {new_id(): None, new_id(): None, new_id(): SMITH}
MEETING, OTHER, SMITHS = ROOMS


def get_room(payload: dict[str, Any], actor: Actor) -> dict[str, Any]:
    if payload["room_id"] not in ROOMS or actor.organisation_id != ORGANISATION:
        raise NotFound
    owner = ROOMS[payload["room_id"]]
    may_receive = actor.kind == "member" and (owner in {None, actor.id} or "coordinator" in actor.roles)
    return {
        "id": payload["room_id"],
        "organisation_id": ORGANISATION,
        "owner_member_id": owner,
        "may_receive": may_receive,
    }


def get_member(payload: dict[str, Any], actor: Actor) -> dict[str, Any]:
    roles = {SMITH: "provider", JONES: "provider", REPORTER: "reporter"}
    if payload["member_id"] not in roles or actor.organisation_id != ORGANISATION:
        raise NotFound
    return {"id": payload["member_id"], "role": roles[payload["member_id"]]}


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory, backing: dict[str, Any]) -> Iterator[Stage]:
    replies = {rooms.GET_ROOM: get_room, accounts.GET_MEMBER: get_member}
    with two_replicas("scheduler", tmp_path_factory.mktemp("scheduler"), backing, replies) as made:
        yield made


@pytest.fixture
def events(stage: Stage) -> Iterator[Events]:
    opened = Events(stage.amqp_uri, "scheduler")
    yield opened
    opened.close()


DAYS = count(30)


@pytest.fixture
def day() -> str:
    """A day in the future that no other test books."""
    return (dt.datetime.now(dt.UTC).date() + dt.timedelta(days=next(DAYS))).isoformat()


SMITH_ASKS = member(ORGANISATION, "provider", SMITH)
JONES_ASKS = member(ORGANISATION, "provider", JONES)
RECEPTION = member(ORGANISATION, "coordinator")


def request(day: str, time: str = "10:00", room: str = MEETING, minutes: int = 30, **more: Any) -> dict[str, Any]:
    planned = {"local_start": f"{day}T{time}", "zone": "Australia/Sydney", "minutes": minutes}
    return {"room_id": room, "title": "My first call", "planned": planned, **more}


def book(stage: Stage, asked: dict[str, Any], actor: Actor = SMITH_ASKS, **options: Any) -> dict[str, Any]:
    booked: dict[str, Any] = stage.ask(scheduler.CREATE_SESSION, asked, actor, **options)
    return booked


def test_a_session_is_booked_said_and_found(stage: Stage, events: Events, day: str) -> None:
    booked = book(stage, request(day))
    assert booked["host_member_ids"] == [SMITH]
    assert booked["planned"]["local_start"] == f"{day}T10:00"
    read = {"session_id": booked["id"]}
    assert stage.ask(scheduler.GET_SESSION, read, member(ORGANISATION, "reporter")) == booked
    eventually(lambda: events.types(f"session/{booked['id']}") == ["session.created"], what="it is said")


def test_the_owner_hosts_when_reception_books_a_user_room(stage: Stage, day: str) -> None:
    assert book(stage, request(day, room=SMITHS), RECEPTION)["host_member_ids"] == [SMITH]


def test_who_does_not_receive_for_a_room_books_nothing_in_it(stage: Stage, day: str) -> None:
    refusal(Forbidden, stage, scheduler.CREATE_SESSION, request(day, room=SMITHS), JONES_ASKS)


def test_a_taken_room_or_host_is_refused_with_what_is_in_the_way(stage: Stage, day: str) -> None:
    first = book(stage, request(day))
    for asked, actor, room_id, hosts in (
        (request(day, "10:15"), JONES_ASKS, MEETING, []),
        (request(day, "09:45", room=OTHER), SMITH_ASKS, None, [SMITH]),
    ):
        refused = refusal(Conflict, stage, scheduler.CREATE_SESSION, asked, actor)
        (conflict,) = refused.extra["conflicts"]
        assert conflict["session_id"] == first["id"]
        assert (conflict["room_id"], conflict["host_member_ids"]) == (room_id, hosts)
        assert conflict["starts_at"] == first["planned"]["starts_at"]
        assert "My first call" not in str(refused.extra) + refused.detail
    assert book(stage, request(day, "10:30"))["state"] == "planned"


def test_of_a_hundred_at_once_over_two_processes_one_gets_the_room(stage: Stage, day: str) -> None:
    def one(number: int) -> str:
        try:
            book(stage, request(day, f"10:{number % 30:02d}"), (SMITH_ASKS, JONES_ASKS)[number % 2], timeout=40.0)
        except Conflict as conflict:
            return f"taken by {len(conflict.extra['conflicts'])}"
        return "booked"

    with ThreadPoolExecutor(25) as crowd:
        assert sorted(crowd.map(one, range(100))) == ["booked", *["taken by 1"] * 99]


def test_of_many_at_once_in_different_rooms_one_gets_the_host(stage: Stage, day: str) -> None:
    def one(number: int) -> str:
        try:
            book(
                stage, request(day, room=(MEETING, OTHER)[number % 2], host_member_ids=[JONES]), RECEPTION, timeout=40.0
            )
        except Conflict:
            return "taken"
        return "booked"

    with ThreadPoolExecutor(20) as crowd:
        assert sorted(crowd.map(one, range(40))) == ["booked", *["taken"] * 39]


def test_the_same_wish_many_times_is_one_session(stage: Stage, day: str) -> None:
    wish = new_id()
    with ThreadPoolExecutor(8) as crowd:
        booked = list(crowd.map(lambda _: book(stage, request(day), command_id=wish, timeout=20.0)["id"], range(8)))
    assert set(booked) == {wish}


def test_an_override_books_all_the_same(stage: Stage, day: str) -> None:
    book(stage, request(day))
    assert book(stage, request(day, override=True))["state"] == "planned"


def test_another_service_books_for_a_member_and_names_the_hosts(stage: Stage, day: str) -> None:
    invitation = new_id()
    asked = request(day, host_member_ids=[SMITH], invitation_id=invitation)
    booked = book(stage, asked, ourselves(ORGANISATION))
    assert (booked["invitation_id"], booked["host_member_ids"]) == (invitation, [SMITH])


@pytest.mark.parametrize("host", [REPORTER, new_id()])
def test_who_does_not_host_here_is_refused_at_the_field(stage: Stage, day: str, host: str) -> None:
    refused = refusal(Invalid, stage, scheduler.CREATE_SESSION, request(day, host_member_ids=[host]), RECEPTION)
    assert refused.extra["errors"][0]["pointer"] == "/host_member_ids"


def test_a_skipped_hour_is_refused_at_its_field(stage: Stage) -> None:
    year = dt.datetime.now(dt.UTC).year + 1
    first_sunday = next(day for day in range(1, 8) if dt.date(year, 10, day).weekday() == 6)
    asked = request(f"{year}-10-{first_sunday:02d}", "02:30")
    refused = refusal(Invalid, stage, scheduler.CREATE_SESSION, asked, SMITH_ASKS)
    assert refused.extra["errors"][0]["pointer"] == "/planned/local_start"


def test_a_cancelled_session_frees_its_time_and_stays_cancelled(stage: Stage, events: Events, day: str) -> None:
    first = book(stage, request(day))
    read = {"session_id": first["id"]}
    refusal(Forbidden, stage, scheduler.CANCEL_SESSION, read, JONES_ASKS)
    for _ in range(2):
        cancelled = stage.ask(scheduler.CANCEL_SESSION, read, SMITH_ASKS)
        assert (cancelled["state"], cancelled["sequence"]) == ("cancelled", 1)
    assert book(stage, request(day))["id"] != first["id"]
    said = ["session.created", "session.cancelled"]
    eventually(lambda: events.types(f"session/{first['id']}") == said, what="said once each")


def test_a_session_is_moved_said_once_and_leaves_its_time_to_others(stage: Stage, events: Events, day: str) -> None:
    first = book(stage, request(day))
    planned = request(day, "14:00")["planned"]
    asked = {"session_id": first["id"], "planned": planned, "version": first["version"]}
    refusal(Forbidden, stage, scheduler.CHANGE_SESSION, asked, JONES_ASKS)
    for _ in range(2):
        moved = stage.ask(scheduler.CHANGE_SESSION, asked, SMITH_ASKS)
        assert (moved["planned"]["local_start"], moved["sequence"]) == (f"{day}T14:00", 1)
    assert book(stage, request(day))["state"] == "planned"
    refusal(Conflict, stage, scheduler.CREATE_SESSION, request(day, "14:10"), SMITH_ASKS)
    said = ["session.created", "session.updated"]
    eventually(lambda: events.types(f"session/{first['id']}") == said, what="said once each")


def test_a_move_to_a_taken_time_is_refused_with_what_is_in_the_way_or_overridden(stage: Stage, day: str) -> None:
    there, mine = book(stage, request(day)), book(stage, request(day, "12:00"))
    asked = {"session_id": mine["id"], "planned": request(day, "10:15")["planned"]}
    refused = refusal(Conflict, stage, scheduler.CHANGE_SESSION, asked, SMITH_ASKS)
    assert [conflict["session_id"] for conflict in refused.extra["conflicts"]] == [there["id"]]
    assert stage.ask(scheduler.GET_SESSION, {"session_id": mine["id"]}, SMITH_ASKS) == mine
    moved = stage.ask(scheduler.CHANGE_SESSION, {**asked, "override": True}, SMITH_ASKS)
    assert moved["planned"]["local_start"] == f"{day}T10:15"


def test_a_list_has_what_overlaps_its_range_soonest_first(stage: Stage, day: str) -> None:
    late, early = book(stage, request(day, "15:00")), book(stage, request(day, "08:00", room=OTHER))
    bounds = {"starts_from": early["planned"]["starts_at"], "starts_until": late["planned"]["ends_at"]}

    def ids(**more: Any) -> list[str]:
        return [found["id"] for found in stage.ask(scheduler.LIST_SESSIONS, {**bounds, **more}, SMITH_ASKS)["items"]]

    assert ids() == [early["id"], late["id"]]
    assert ids(room_id=MEETING) == [late["id"]]
    assert ids(starts_from=early["planned"]["ends_at"]) == [late["id"]]
    assert ids(starts_until=late["planned"]["starts_at"]) == [early["id"]]


def test_a_list_is_read_page_by_page_until_there_is_no_cursor(stage: Stage, day: str) -> None:
    booked = [book(stage, request(day, time)) for time in ("08:00", "10:00", "12:00")]
    begin, end = booked[0]["planned"]["starts_at"], booked[-1]["planned"]["ends_at"]
    bounds = {"starts_from": begin, "starts_until": end, "limit": 2}
    first = stage.ask(scheduler.LIST_SESSIONS, bounds, SMITH_ASKS)
    second = stage.ask(scheduler.LIST_SESSIONS, {**bounds, "cursor": first["cursor"]}, SMITH_ASKS)
    assert [[each["id"] for each in page["items"]] for page in (first, second)] == [
        [each["id"] for each in page] for page in (booked[:2], booked[2:])
    ]
    assert second["cursor"] is None
    refusal(Invalid, stage, scheduler.LIST_SESSIONS, {**bounds, "cursor": "mine"}, SMITH_ASKS)


def test_a_guest_finds_their_own_session_only(stage: Stage, day: str) -> None:
    own, other = book(stage, request(day)), book(stage, request(day, "12:00"))
    guest = Actor("guest", new_id(), ORGANISATION, session_id=own["id"])
    assert stage.ask(scheduler.GET_SESSION, {"session_id": own["id"]}, guest)["id"] == own["id"]
    refusal(NotFound, stage, scheduler.GET_SESSION, {"session_id": other["id"]}, guest)
    for limit in (1, 1000):
        listed = stage.ask(scheduler.LIST_SESSIONS, {"limit": limit}, guest)
        assert ([found["id"] for found in listed["items"]], listed["cursor"]) == ([own["id"]], None)


def test_another_organisations_room_and_session_are_not_found_by_any_command(stage: Stage, day: str) -> None:
    booked = book(stage, request(day))
    stranger = member(FOREIGN, "owner")
    read = {"session_id": booked["id"]}
    refusal(NotFound, stage, scheduler.CREATE_SESSION, request(day, "12:00"), stranger)
    refusal(NotFound, stage, scheduler.GET_SESSION, read, stranger)
    refusal(NotFound, stage, scheduler.CANCEL_SESSION, read, stranger)
    refusal(NotFound, stage, scheduler.CHANGE_SESSION, {**read, "title": "Mine"}, stranger)
    assert stage.ask(scheduler.LIST_SESSIONS, {}, stranger)["items"] == []
