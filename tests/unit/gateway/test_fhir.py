"""FHIR R5 as its own specification reads it: every answer is a valid resource, and says of ours what is so."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from fhir.resources import get_fhir_model_class
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from contracts import accounts, rooms, scheduler
from contracts.actor import Actor
from contracts.command import Command
from contracts.errors import NotFound, Unavailable
from contracts.scheduler import OUTCOMES
from gateway.fhir.searching import bounds
from gateway.fhir.shown import appointment, appointment_status, location
from gateway.identity import Identity, SignIns
from plumbing.ids import new_id

BASE = "https://clinic.example"
ORGANISATION, HOST, ROOM = new_id(), new_id(), new_id()
MEMBER = {"id": HOST, "organisation_id": ORGANISATION, "name": "Olive", "role": "provider", "clinic_ids": []}


def room(**more: Any) -> dict[str, Any]:
    shown = {"id": ROOM, "version": 3, "name": "Dr Smith's room", "state": "open", "link": "smith-27b", "kind": "user"}
    may = {"may_host": True, "may_receive": True, "may_rename": False, "locked": False, "waiting": 0, "in_call": 0}
    return {"organisation_id": ORGANISATION, "owner_member_id": HOST, **shown, **may, **more}


def session(day: int = 1, **more: Any) -> dict[str, Any]:
    at = f"2026-12-{day:02}T"
    planned = {"starts_at": f"{at}09:00:00.000Z", "ends_at": f"{at}09:30:00.000Z", "minutes": 30}
    planned |= {"local_start": f"{at}09:00", "zone": "Etc/UTC"}
    made = {"id": new_id(), "version": 2, "room_id": ROOM, "title": "First consultation", "planned": planned}
    more = {"invitation_id": None, "sequence": 0, "created_at": "2026-11-23T08:00:00.000Z", **more}
    return {
        **made,
        "organisation_id": ORGANISATION,
        "host_member_ids": [HOST],
        "state": "planned",
        "outcome": None,
        **more,
    }


class Services:
    """Our own port to the services: some rooms and sessions of one member, and what was asked for."""

    def __init__(self) -> None:
        self.sessions: list[dict[str, Any]] = []
        self.rooms = [room()]
        self.asked: dict[str, Any] = {}
        self.away = False

    def call(self, command: Command, payload: dict[str, Any], actor: Actor, **options: Any) -> dict[str, Any]:
        if command == accounts.RESOLVE_SIGN_IN:
            return {"sign_in_id": new_id(), "expires_at": "2099-01-01T00:00:00.000Z", "member": MEMBER}
        if self.away:
            raise Unavailable
        self.asked = payload
        if command in (rooms.LIST_ROOMS, scheduler.LIST_SESSIONS):
            return {"items": self.rooms if command == rooms.LIST_ROOMS else self.sessions}
        kind, name = (self.rooms, "room_id") if command == rooms.GET_ROOM else (self.sessions, "session_id")
        found = [one for one in kind if one["id"] == payload[name]]
        if not found:
            raise NotFound
        return found[0]


@pytest.fixture
def services() -> Services:
    return Services()


@pytest.fixture
def client(app: Flask, services: Services, monkeypatch: pytest.MonkeyPatch) -> Iterator[FlaskClient]:
    port: Any = services
    hall = app.extensions["housecall"]
    played = replace(hall, rpc=port, identity=Identity(hall.identity.cookies, SignIns(port)))
    monkeypatch.setitem(app.extensions, "housecall", played)
    with app.test_request_context():
        signed = app.make_response("")
        hall.identity.cookies.set_sign_in(signed, "a token", 60)
    with app.test_client() as opened:
        name, value = signed.headers["Set-Cookie"].split(";")[0].split("=", 1)
        opened.set_cookie(name, value)
        yield opened


def valid(answer: TestResponse, kind: str, status: int = 200) -> dict[str, Any]:
    """The resource, once fhir.resources has read it as R5."""
    assert (answer.status_code, answer.mimetype) == (status, "application/fhir+json"), answer.text
    found: dict[str, Any] = answer.json or {}
    assert found["resourceType"] == kind
    get_fhir_model_class(kind).model_validate(found)
    return found


def test_it_says_what_it_can_do_to_everybody(app: Flask) -> None:
    told = valid(app.test_client().get("/fhir/metadata"), "CapabilityStatement")
    assert told["fhirVersion"] == "5.0.0"
    assert {each["type"] for each in told["rest"][0]["resource"]} == {"Location", "Appointment"}


def test_a_room_is_a_virtual_place_with_its_link(client: FlaskClient) -> None:
    answer = client.get(f"/fhir/Location/{ROOM}")
    assert valid(answer, "Location")["virtualService"][0]["addressUrl"] == "http://localhost/join/room/smith-27b"
    assert answer.headers["ETag"] == 'W/"3"'


@pytest.mark.parametrize(("state", "status"), [("suspended", "suspended"), ("removed", "inactive")])
def test_a_room_that_is_not_open_has_no_link(state: str, status: str) -> None:
    shown = location(room(state=state), BASE)
    assert (shown["status"], "virtualService" in shown) == (status, False)


@pytest.mark.parametrize(
    ("state", "outcome", "status"),
    [
        ("planned", None, "booked"),
        ("started", None, "arrived"),
        ("cancelled", None, "cancelled"),
        ("finished", None, "fulfilled"),
        ("finished", "completed", "fulfilled"),
        ("finished", "patient_absent", "noshow"),
        ("finished", "clinician_absent", "noshow"),
        ("finished", "left_without_being_seen", "cancelled"),
        ("finished", "technical_failure", "cancelled"),
    ],
)
def test_the_status_follows_from_what_became_of_the_session(state: str, outcome: str | None, status: str) -> None:
    became = session(state=state, outcome={"outcome": outcome} if outcome else None)
    shown = appointment(became, room(), BASE)
    get_fhir_model_class("Appointment").model_validate(shown)
    assert shown["status"] == status
    assert ("virtualService" in shown) == (status in ("booked", "arrived"))


def test_what_is_played_here_is_as_the_services_show_it() -> None:
    assert rooms.RoomView().validate(room()) == {}
    assert scheduler.SessionView().validate(session()) == {}


def test_an_end_alone_means_the_year_before_it() -> None:
    earliest, latest = bounds(["lt2026-12-01"])
    assert earliest is not None
    assert latest is not None
    assert (latest - earliest).days == 366
    assert bounds(["lt0001-02-01"])[0] is not None


def test_every_outcome_has_a_status() -> None:
    for outcome in OUTCOMES:
        assert appointment_status(session(state="finished", outcome={"outcome": outcome}))


def test_a_session_is_an_appointment_with_its_place_and_hosts(client: FlaskClient, services: Services) -> None:
    services.sessions = [session()]
    found = valid(client.get(f"/fhir/Appointment/{services.sessions[0]['id']}"), "Appointment")
    assert (found["start"], found["minutesDuration"]) == ("2026-12-01T09:00:00.000Z", 30)
    place, host = found["participant"]
    assert place["actor"]["reference"] == f"Location/{ROOM}"
    assert host["actor"]["identifier"]["value"] == HOST


def test_a_search_is_read_page_by_page_and_misses_none(client: FlaskClient, services: Services) -> None:
    services.sessions = [session(day) for day in range(1, 8)]
    address: str | None = "/fhir/Appointment?_count=3&date=ge2026-12-01"
    found: list[str] = []
    while address:
        page = valid(client.get(address), "Bundle")
        assert page["total"] == 7
        found += [entry["resource"]["id"] for entry in page["entry"]]
        address = next((link["url"] for link in page["link"] if link["relation"] == "next"), None)
    assert found == [one["id"] for one in services.sessions]


def test_nothing_found_is_an_empty_page(client: FlaskClient) -> None:
    assert valid(client.get("/fhir/Appointment"), "Bundle")["total"] == 0


def test_a_search_asks_for_the_day_the_place_and_the_host(client: FlaskClient, services: Services) -> None:
    services.rooms = []
    valid(client.get(f"/fhir/Location?name=dr&_id={ROOM}"), "Bundle")
    asked: list[dict[str, Any]] = []
    services_call = services.call

    def call(command: Command, payload: dict[str, Any], actor: Actor, **options: Any) -> dict[str, Any]:
        asked.append({"command": command.name, **payload})
        return services_call(command, payload, actor, **options)

    services.call = call  # type: ignore[method-assign]
    address = f"/fhir/Appointment?date=2026-12-01&location=Location/{ROOM}&practitioner={HOST}"
    valid(client.get(address), "Bundle")
    assert {
        "command": "scheduler.list_sessions",
        "starts_from": "2026-12-01T00:00:00.000Z",
        "starts_until": "2026-12-02T00:00:00.000Z",
        "room_id": ROOM,
        "host_member_id": HOST,
    } in asked


@pytest.mark.parametrize(
    ("status", "days"), [("booked", [1]), ("cancelled", [2]), ("booked,cancelled", [1, 2]), ("noshow", [])]
)
def test_sessions_are_found_by_status(client: FlaskClient, services: Services, status: str, days: list[int]) -> None:
    services.sessions = [session(1), session(2, state="cancelled")]
    page = valid(client.get(f"/fhir/Appointment?status={status}"), "Bundle")
    assert [entry["resource"]["start"][:10] for entry in page["entry"]] == [f"2026-12-{day:02}" for day in days]


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/fhir/Patient", 404),
        ("GET", "/fhir/Location/x", 404),
        ("GET", f"/fhir/Location/{new_id()}", 404),
        ("PUT", f"/fhir/Appointment/{new_id()}", 405),
        ("POST", "/fhir/Appointment", 405),
        ("GET", "/fhir/Appointment?patient=1", 400),
        ("GET", "/fhir/Appointment?date=soon", 400),
        ("GET", "/fhir/Appointment?date=2026-02-30", 400),
        ("GET", "/fhir/Appointment?date=9999-12-31", 400),
        ("GET", "/fhir/Appointment?location=Patient/1", 400),
        ("GET", "/fhir/Location?_count=none", 400),
    ],
)
def test_every_refusal_is_an_operation_outcome(client: FlaskClient, method: str, path: str, status: int) -> None:
    answer = client.open(path, method=method, json=None if method == "GET" else {}, headers={"X-Housecall": "1"})
    valid(answer, "OperationOutcome", status)
    assert ("Allow" in answer.headers) == (status == 405)


def test_who_is_not_signed_in_is_refused_in_fhirs_form(app: Flask) -> None:
    assert valid(app.test_client().get("/fhir/Location"), "OperationOutcome", 401)["issue"][0]["code"] == "login"


def test_a_service_that_is_away_says_when_to_ask_again(client: FlaskClient, services: Services) -> None:
    services.away = True
    answer = client.get("/fhir/Location")
    valid(answer, "OperationOutcome", 503)
    assert answer.headers["Retry-After"] == "1"
