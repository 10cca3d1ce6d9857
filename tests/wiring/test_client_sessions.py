"""Sessions that API clients make, before every real service: the room that they get, and what is in their way."""

from datetime import UTC, datetime, timedelta
from typing import Any

from contracts import accounts, client_sessions, rooms, scheduler
from contracts.actor import Actor
from contracts.errors import Forbidden
from contracts.fields import instant_text
from plumbing.ids import new_id
from tests.patience import eventually
from tests.wiring.house import House
from tests.wiring.one_service import Stage
from tests.wiring.two_replicas import ourselves

pytest_plugins = ["tests.wiring.front_fixtures"]
SCOPES = ("sessions:read", "sessions:write")


def client(organisation_id: str, *clinic_ids: str) -> Actor:
    return Actor("api_client", new_id(), organisation_id, clinic_ids=clinic_ids, scopes=SCOPES, name="Bookings")


def booked(stage: Stage, who: Actor) -> dict[str, Any]:
    start = datetime.now(UTC) + timedelta(days=3)
    asked = {"name": "Check-up", "starts_at": instant_text(start), "ends_at": instant_text(start + timedelta(hours=1))}
    return dict(stage.ask(client_sessions.CREATE_CLIENT_SESSION, asked, who, timeout=20.0))


def room_of(stage: Stage, session: dict[str, Any]) -> dict[str, Any]:
    asked = {"room_id": session["room_id"]}
    return dict(stage.ask(rooms.GET_ROOM, asked, ourselves(session["organisation_id"])))


def test_a_client_has_one_room_for_its_clinic_and_an_overlap_in_it_is_recorded(every: Stage) -> None:
    house = House(every, "One room")
    south = every.ask(accounts.CREATE_CLINIC, {"name": "South"}, house.owner)["id"]
    free, bound = client(house.id), client(house.id, south)
    first, second, other = booked(every, free), booked(every, free), booked(every, bound)
    assert first["room_id"] == second["room_id"]
    assert (first["clinic_id"], room_of(every, first)["clinic_id"]) == (house.ids["clinic_id"],) * 2
    assert (other["clinic_id"], room_of(every, other)["clinic_id"]) == (south, south)
    assert room_of(every, first)["name"] == "Bookings"
    known = every.ask(scheduler.GET_SESSION, {"session_id": second["id"]}, house.owner)
    assert known["overrode"] == [first["id"]]
    assert known["host_member_ids"] == []


def test_where_the_plan_has_no_place_for_its_room_an_open_one_is_taken(every: Stage) -> None:
    owner = {"email": f"{new_id()}@example.com", "name": "Olga Owner", "password": "seven green kettles sing"}
    asked = {"name": "Small", "plan": "essentials", "owner": owner}
    made = every.ask(accounts.CREATE_ORGANISATION, asked, ourselves(), timeout=20.0)
    itself = ourselves(made["id"])

    def meeting_rooms() -> list[str]:
        listed = every.ask(rooms.LIST_ROOMS, {}, itself)["items"]
        return [room["id"] for room in listed if room["kind"] == "meeting"]

    eventually(meeting_rooms, what="the first Meeting Room is there")
    before = meeting_rooms()
    entitled = every.ask(rooms.GET_ENTITLEMENTS, {}, client_who_reads(made["id"]))
    assert entitled["meeting_rooms_used"] == entitled["plan"]["meeting_rooms"]
    assert booked(every, client(made["id"]))["room_id"] in before
    assert meeting_rooms() == before


def client_who_reads(organisation_id: str) -> Actor:
    return Actor("api_client", new_id(), organisation_id, scopes=("organisation:read",))


def test_a_session_that_members_booked_is_no_clients(every: Stage) -> None:
    house = House(every, "Theirs too")
    planned = {"local_start": "2027-06-02T10:00", "zone": "Europe/Berlin", "minutes": 30}
    made = every.ask(scheduler.CREATE_SESSION, {"room_id": house.room["id"], "planned": planned}, house.owner)
    for command in (client_sessions.GET_CLIENT_SESSION, client_sessions.CANCEL_CLIENT_SESSION):
        try:
            every.ask(command, {"session_id": made["id"]}, client(house.id))
        except Forbidden:
            continue
        raise AssertionError(f"{command.name} is carried out")
