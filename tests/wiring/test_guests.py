"""People are added to a session while processes are killed; rooms, accounts and the scheduler are played by the test."""

import subprocess
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from contracts import guests, invitations, scheduler
from contracts.actor import Actor
from contracts.errors import Conflict, Gone, NotFound, Unavailable
from plumbing.ids import follow, new_id
from tests.patience import eventually
from tests.unit.invitations.mail_server import MailServer
from tests.wiring import clinic
from tests.wiring.clinic import ORGANISATION, PLANNED, PROGRAM, ROOM, SESSIONS, SMITH, STRANGER
from tests.wiring.invitations_scene import address, mail, open_link, token_in
from tests.wiring.one_service import Neighbours, Stage

__all__ = ["mail"]
INSTANTS = {"starts_at": "2027-03-30T08:00:00.000Z", "ends_at": "2027-03-30T08:30:00.000Z"}
DOOMED: list[subprocess.Popen[bytes]] = []
REFUSED: dict[str, Conflict] = {}


def change_guests(payload: dict[str, Any], actor: Actor) -> dict[str, Any]:
    assert actor.organisation_id == ORGANISATION
    if payload["session_id"] in REFUSED:
        raise REFUSED[payload["session_id"]]
    session = SESSIONS[payload["session_id"]]
    session["invitation_id"] = session["invitation_id"] or payload["invitation_id"]
    if DOOMED:
        DOOMED.pop().kill()
    return session


@pytest.fixture(scope="module")
def opened(
    tmp_path_factory: pytest.TempPathFactory, backing: dict[str, Any], mail: MailServer
) -> Iterator[tuple[Stage, dict[str, str]]]:
    def with_the_scheduler(neighbours: Neighbours) -> None:
        neighbours.answer(scheduler.CHANGE_GUESTS, change_guests)

    folder = tmp_path_factory.mktemp("guests")
    with clinic.clinic(folder, backing, mail.uri, with_the_scheduler) as (stage, _, settings):
        yield stage, settings


@pytest.fixture
def stage(opened: tuple[Stage, dict[str, str]]) -> Stage:
    return opened[0]


@pytest.fixture(scope="module")
def running(opened: tuple[Stage, dict[str, str]]) -> Iterator[None]:
    stage, settings = opened
    with stage.running("services.invitations", "invitations", **settings):
        yield


def session(**changes: Any) -> dict[str, Any]:
    made = {
        "id": new_id(), "organisation_id": ORGANISATION, "room_id": ROOM, "title": "A review", "host_member_ids": [SMITH.id],
        "planned": {**PLANNED, **INSTANTS}, "sequence": 2, "state": "planned", "invitation_id": None, "series_id": None, "version": 1,
        **changes,
    }  # fmt: skip
    SESSIONS[made["id"]] = made
    return made


def add(stage: Stage, to: dict[str, Any], recipients: str, command_id: str = "", actor: Actor = SMITH) -> Any:
    asked = {"session_id": to["id"], "recipients": recipients}
    return stage.ask(guests.ADD_GUESTS, asked, actor, command_id=command_id or new_id(), timeout=3.0)


def test_whoever_is_killed_between_the_services_loses_nobody_and_invites_nobody_twice(
    opened: tuple[Stage, dict[str, str]], mail: MailServer
) -> None:
    stage, settings = opened
    booked, to, command_id = session(), address(), new_id()
    with stage.running("services.invitations", "invitations", **settings) as doomed:
        DOOMED.append(doomed)
        with pytest.raises(Unavailable):
            add(stage, booked, to, command_id)
    assert booked["invitation_id"] == follow(booked["id"], "invitation")
    with stage.running("services.invitations", "invitations", **settings):
        sent = eventually(lambda: _answered(stage, booked, to, command_id), what="the repeated command is answered")
        again = add(stage, booked, to)
        assert [one["id"] for one in again["invitation"]["recipients"]] == [
            one["id"] for one in sent["invitation"]["recipients"]
        ]
        token = token_in(mail, to)
        assert open_link(stage, token)["session_id"] == booked["id"]
        asked = {"invitation_id": booked["invitation_id"]}
        eventually(
            lambda: stage.ask(invitations.GET_INVITATION, asked, SMITH)["recipients"][0]["delivery"] == "taken",
            what="the mail is recorded",
        )
        assert mail.times_taken()[to] == 1


def _answered(stage: Stage, booked: dict[str, Any], to: str, command_id: str) -> Any:
    try:
        return add(stage, booked, to, command_id)
    except Unavailable:
        return None


@pytest.mark.usefixtures("running")
def test_two_who_add_at_once_to_a_session_without_guests_meet_in_one_invitation(stage: Stage) -> None:
    booked = session()
    with ThreadPoolExecutor() as pool:
        answers = list(pool.map(lambda to: add(stage, booked, to)["invitation"], [address() for _ in range(4)]))
    assert len({answer["id"] for answer in answers}) == 1
    assert len(add(stage, booked, address())["invitation"]["recipients"]) == 5


@pytest.mark.usefixtures("running")
def test_a_link_is_dead_as_soon_as_the_removal_is_answered(stage: Stage, mail: MailServer) -> None:
    booked, to = session(), address()
    person = add(stage, booked, to)["invitation"]["recipients"][0]
    token = token_in(mail, to)
    asked = {"session_id": booked["id"], "recipient_id": person["id"]}
    stage.ask(guests.REMOVE_GUEST, asked, SMITH, command_id=new_id())
    with pytest.raises(Gone):
        open_link(stage, token)
    unknown = {**asked, "recipient_id": new_id()}
    with pytest.raises(NotFound):
        stage.ask(guests.REMOVE_GUEST, unknown, SMITH, command_id=new_id())


@pytest.mark.usefixtures("running")
def test_what_the_scheduler_refuses_and_a_stranger_asks_for_invites_nobody(stage: Stage) -> None:
    booked = session()
    REFUSED[booked["id"]] = Conflict("This session is over.")
    with pytest.raises(Conflict):
        add(stage, booked, address())
    foreign = session(invitation_id=add(stage, session(), address())["invitation"]["id"])
    with pytest.raises(NotFound):
        add(stage, foreign, address())
    with pytest.raises(NotFound):
        add(stage, session(organisation_id=new_id()), address(), actor=STRANGER)
    assert add(stage, session(), address(), actor=PROGRAM)["invitation"]


@pytest.mark.usefixtures("running")
def test_when_no_entry_is_an_address_nobody_is_asked(stage: Stage) -> None:
    booked = session()
    answer = add(stage, booked, "nobody, at all")
    assert (answer["invitation"], [one["accepted"] for one in answer["verdicts"]]) == (None, [False, False])
    assert booked["invitation_id"] is None
