"""What invitations is told by its neighbours in the tests: one clinic, one User Room, one provider who invites to it."""

import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from contracts import accounts, rooms, scheduler
from contracts.actor import Actor
from contracts.errors import Conflict, NotFound
from plumbing.ids import follow, new_id
from tests.backing import make_virtual_host, remove_virtual_host
from tests.wiring.one_service import ROOT, Neighbours, Stage

ORGANISATION, FOREIGN, ROOM = new_id(), new_id(), new_id()
SMITH = Actor("member", new_id(), ORGANISATION, roles=("provider",), name="Dr Smith")
JONES = Actor("member", new_id(), ORGANISATION, roles=("provider",), name="Dr Jones")
REPORTER = Actor("member", new_id(), ORGANISATION, roles=("reporter",), name="Reporter")
STRANGER = Actor("member", new_id(), FOREIGN, roles=("owner",), name="Stranger")
PROGRAM = Actor("api_client", new_id(), ORGANISATION, scopes=("invitations:write", "invitations:read", "rooms:read"))
BASE_URL = "https://housecall.example"
PLANNED = {"local_start": "2027-03-30T10:00", "zone": "Europe/Berlin", "minutes": 30}
# what is booked, as a test may change it
SESSIONS: dict[str, dict[str, Any]] = {}
NOT_FREE = {**PLANNED, "local_start": "2027-03-30T12:00"}


def get_room(payload: dict[str, Any], actor: Actor) -> dict[str, Any]:
    if actor.organisation_id != ORGANISATION or payload["room_id"] != ROOM:
        raise NotFound
    receives = actor.kind == "api_client" or actor.id == SMITH.id
    return {
        "id": ROOM,
        "organisation_id": ORGANISATION,
        "kind": "user",
        "name": "Dr Smith",
        "state": "open",
        "may_host": actor.id == SMITH.id,
        "may_receive": receives,
    }


def get_member(payload: dict[str, Any], actor: Actor) -> dict[str, Any]:
    assert (actor.kind, actor.id) == ("member", payload["member_id"])
    return {"id": actor.id, "name": "Dr Smith", "email": "smith@clinic.example", "language": None}


def get_organisation(_payload: dict[str, Any], actor: Actor) -> dict[str, Any]:
    assert actor.organisation_id == ORGANISATION
    assert actor.kind in {"member", "system"}
    return {"id": ORGANISATION, "name": "Northside Clinic", "language": "en", "contact_phone": "+61 2 5550 1234"}


def create_session(payload: dict[str, Any], actor: Actor) -> dict[str, Any]:
    if payload["planned"] == NOT_FREE:
        raise Conflict("Dr Smith has another session then.")
    instants = {"starts_at": "2027-03-30T08:00:00.000Z", "ends_at": "2027-03-30T08:30:00.000Z"}
    session = {
        "id": follow(payload["invitation_id"], "session"),
        "title": payload["title"],
        "planned": {**payload["planned"], **instants},
        "sequence": 0,
        "state": "planned",
    }
    SESSIONS[session["id"]] = session
    return session


def get_session(payload: dict[str, Any], actor: Actor) -> dict[str, Any]:
    assert actor.kind == "system"
    found = SESSIONS[payload["session_id"]]
    if actor.organisation_id != found.get("organisation_id", ORGANISATION):
        raise NotFound
    return found


@contextmanager
def clinic(
    folder: Path, backing: dict[str, Any], smtp_uri: str, more: Callable[[Neighbours], None] = lambda _: None
) -> Iterator[tuple[Stage, Neighbours, dict[str, str]]]:
    """The stage, who answers on it (`more` adds answers), and the settings of a process of invitations; none runs yet."""
    (folder / "link.key").write_text("k" * 40)
    settings = {
        "LINK_KEY": str(folder / "link.key"),
        "SMTP_URI": smtp_uri,
        "BASE_URL": BASE_URL,
        "MAIL_FROM": "Housecall <no-reply@housecall.example>",
    }
    host = make_virtual_host(backing)
    prefix = f"test_{new_id()[-12:]}_"
    stage = Stage(folder, host.uri, backing["mongo_uri"], prefix)
    neighbours = Neighbours(host.uri, stage.verify)
    neighbours.answer(rooms.GET_ROOM, get_room)
    neighbours.answer(accounts.GET_MEMBER, get_member)
    neighbours.answer(accounts.GET_ORGANISATION, get_organisation)
    neighbours.answer(scheduler.CREATE_SESSION, create_session)
    neighbours.answer(scheduler.GET_SESSION, get_session)
    more(neighbours)
    neighbours.start()
    try:
        subprocess.run(
            [sys.executable, "-m", "services.invitations", "migrate"],
            cwd=ROOT,
            env=stage.environment("invitations", 0, **settings),
            check=True,
        )
        yield stage, neighbours, settings
    finally:
        neighbours.stop()
        stage.close()
        _drop(backing["mongo_uri"], f"{prefix}invitations")
        remove_virtual_host(host)


def database(stage: Stage) -> Any:
    """The service's database, as the service may not see it: for looking into only."""
    from pymongo import MongoClient

    client: MongoClient[dict[str, Any]] = MongoClient(stage.mongo_uri)
    return client[f"{stage.database_prefix}invitations"]


def _drop(mongo_uri: str, name: str) -> None:
    from pymongo import MongoClient

    with MongoClient[dict[str, Any]](mongo_uri) as client:
        client.drop_database(name)
