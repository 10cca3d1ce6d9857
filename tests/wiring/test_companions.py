"""Carers, interpreters and clinicians at the door: two processes of waiting on a real broker and database."""

from collections.abc import Iterator
from typing import Any

import pytest

from contracts import rooms, waiting
from contracts.actor import Actor
from contracts.errors import Conflict, Forbidden
from plumbing.ids import new_id
from tests.patience import eventually
from tests.wiring.one_service import Events, Stage
from tests.wiring.two_replicas import member, two_replicas

ORGANISATION, ROOM, SMITH = new_id(), new_id(), new_id()
SMITH_ASKS = member(ORGANISATION, "provider", SMITH)


def get_room(payload: dict[str, Any], _actor: Actor) -> dict[str, Any]:
    who = {"may_host": True, "may_receive": True}
    return {"id": payload["room_id"], "kind": "meeting", "name": "Ward", "state": "open", "settings": {}, **who}


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory, backing: dict[str, Any]) -> Iterator[Stage]:
    with two_replicas("waiting", tmp_path_factory.mktemp("companions"), backing, {rooms.GET_ROOM: get_room}) as made:
        yield made


@pytest.fixture
def events(stage: Stage) -> Iterator[Events]:
    opened = Events(stage.amqp_uri, "waiting")
    yield opened
    opened.close()


def arrive(stage: Stage, recipient: str, role: str = "client", client: str | None = None) -> dict[str, Any]:
    comes = Actor("guest", recipient, ORGANISATION, room_id=ROOM, recipient_id=recipient, device_id=recipient[:20])
    request = {"room_id": ROOM, "display_name": role, "role": role, "for_recipient_id": client}
    view: dict[str, Any] = stage.ask(waiting.ARRIVE, request, comes)
    return view


def accept(stage: Stage, caller: dict[str, Any]) -> dict[str, Any]:
    view: dict[str, Any] = stage.ask(waiting.ACCEPT_CALLER, {"caller_id": caller["id"]}, SMITH_ASKS)
    return view


def state_of(stage: Stage, caller: dict[str, Any]) -> tuple[str, str | None]:
    view = stage.ask(waiting.GET_CALLER, {"caller_id": caller["id"]}, SMITH_ASKS)
    return view["state"], view["end_reason"]


def becomes(stage: Stage, caller: dict[str, Any], state: str, reason: str | None = None) -> None:
    eventually(lambda: state_of(stage, caller) == (state, reason), what=f"{caller['display_name']} is {state}")


def leave_call(events: Events, caller: dict[str, Any], reason: str) -> None:
    told = {"call_id": new_id(), "room_id": ROOM, "participant_id": new_id(), "caller_id": caller["id"]}
    subject = f"participant/{told['participant_id']}"
    events.say("media", "participant.joined", subject, ORGANISATION, told)
    events.say("media", "participant.left", subject, ORGANISATION, {**told, "reason": reason})


def test_an_interpreter_comes_in_with_their_client_and_not_alone_and_goes_with_them(
    stage: Stage, events: Events
) -> None:
    mia, other = new_id(), new_id()
    interpreter, strangers = arrive(stage, new_id(), "interpreter", mia), arrive(stage, new_id(), "carer", other)
    with pytest.raises(Conflict, match="comes in together with their client"):
        accept(stage, interpreter)
    client = arrive(stage, mia)
    with pytest.raises(Conflict, match="comes in together with their client"):
        accept(stage, interpreter)
    accept(stage, client)
    becomes(stage, interpreter, "admitted")
    late = arrive(stage, new_id(), "carer", mia)
    assert accept(stage, late)["state"] == "admitted"
    assert state_of(stage, strangers)[0] == "waiting"
    leave_call(events, client, "removed")
    becomes(stage, client, "left", "removed")
    becomes(stage, interpreter, "left", "cancelled")
    becomes(stage, late, "left", "cancelled")
    assert state_of(stage, strangers)[0] == "waiting"


def test_a_companion_still_waits_when_their_client_gives_up_and_goes_when_the_client_is_refused(stage: Stage) -> None:
    mia = new_id()
    carer, client = arrive(stage, new_id(), "carer", mia), arrive(stage, mia)
    own = Actor("guest", mia, ORGANISATION, room_id=ROOM, device_id=mia[:20], caller_id=client["id"])
    stage.ask(waiting.LEAVE, {"caller_id": client["id"]}, own)
    again = arrive(stage, mia)
    stage.ask(waiting.REFUSE_CALLER, {"caller_id": again["id"]}, SMITH_ASKS)
    becomes(stage, carer, "left", "cancelled")
    assert again["id"] != client["id"]


def test_the_link_of_a_clinician_makes_nobody_a_guest(stage: Stage) -> None:
    with pytest.raises(Forbidden, match="Sign in"):
        arrive(stage, new_id(), "clinician")
