"""What a room's settings ask of those who arrive, wait and are let in, enforced by the real services."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from contracts import media, rooms, waiting
from contracts.actor import Actor
from contracts.errors import Conflict, Invalid
from plumbing.ids import new_id
from tests.patience import eventually
from tests.wiring.house import House
from tests.wiring.one_service import Events, Stage

pytest_plugins = ["tests.wiring.front_fixtures"]
FIELDS = [
    {"label": "Date of birth", "kind": "date", "required": True},
    {"label": "How do you feel?", "kind": "choice", "choices": ["Well", "Ill"]},
]
CONSENT = "I agree to be seen by video."
LARGEST = 4


@pytest.fixture(scope="module")
def house(every: Stage) -> House:
    made = House(every, "Settings Health")
    made.furnish()
    return made


@pytest.fixture
def room(every: Stage, house: House) -> dict[str, Any]:
    """A Meeting Room of its own for each test."""
    asked = {"name": f"Room {new_id()[-6:]}"}
    made: dict[str, Any] = every.ask(rooms.CREATE_MEETING_ROOM, asked, house.owner, timeout=20)
    return made


def set_up(stage: Stage, house: House, room: dict[str, Any], **settings: Any) -> None:
    stage.ask(rooms.CHANGE_ROOM, {"room_id": room["id"], "settings": settings}, house.owner, timeout=20)


def guest(house: House, room: dict[str, Any]) -> Actor:
    device = new_id()
    return Actor("guest", device, house.id, room_id=room["id"], device_id=device)


def arrive(stage: Stage, who: Actor, **given: Any) -> dict[str, Any]:
    asked = {"room_id": who.room_id, "display_name": "Mia", **given}
    caller: dict[str, Any] = stage.ask(waiting.ARRIVE, asked, who, timeout=20)
    return caller


def accept(stage: Stage, house: House, caller: dict[str, Any], **given: Any) -> dict[str, Any]:
    asked = {"caller_id": caller["id"], **given}
    accepted: dict[str, Any] = stage.ask(waiting.ACCEPT_CALLER, asked, house.owner, timeout=30)
    return accepted


def test_who_arrives_answers_and_consents_and_hosts_read_it(every: Stage, house: House, room: dict[str, Any]) -> None:
    set_up(
        every, house, room, entry_fields=FIELDS, consent_text=CONSENT, waiting_content="Please have your card ready."
    )
    who = guest(house, room)
    door = every.ask(waiting.GET_DOOR, {"room_id": room["id"]}, who)
    assert [field["key"] for field in door["entry_fields"]] == ["field-1", "field-2"]
    assert (door["consent_text"], door["waiting_content"]) == (CONSENT, "Please have your card ready.")
    with pytest.raises(Invalid) as refused:
        arrive(every, who, answers={"field-2": "Fine"})
    assert {error["pointer"] for error in refused.value.extra["errors"]} == {
        "/answers/field-1",
        "/answers/field-2",
        "/consent_version",
    }
    assert every.ask(waiting.LIST_CALLERS, {"room_id": room["id"]}, house.owner)["items"] == []
    events = Events(every.amqp_uri, "waiting")
    caller = arrive(every, who, answers={"field-1": "1980-02-29"}, consent_version=door["consent_version"])
    (seen,) = every.ask(waiting.LIST_CALLERS, {"room_id": room["id"]}, house.owner)["items"]
    assert seen["answers"] == [{"key": "field-1", "label": "Date of birth", "kind": "date", "value": "1980-02-29"}]
    assert seen["consent"]["version"] == door["consent_version"]
    assert seen["consent"]["accepted_at"]
    subject = f"caller/{caller['id']}"
    said = eventually(
        lambda: [each for each in events.heard() if each["subject"] == subject], what="the arrival is said"
    )
    events.close()
    assert "1980" not in str(said)


def test_where_the_room_wants_it_accept_is_confirmed(every: Stage, house: House, room: dict[str, Any]) -> None:
    set_up(every, house, room, confirm_before_joining=True)
    caller = arrive(every, guest(house, room))
    with pytest.raises(Conflict) as refused:
        accept(every, house, caller)
    assert refused.value.extra["confirm"] == "confirm_before_joining"
    assert accept(every, house, caller, confirmed=True)["state"] == "admitted"
    assert accept(every, house, caller)["state"] in {"admitted", "in_call"}, "pressed again it changes nothing"


def test_of_fifty_accepted_at_once_no_more_are_let_in_than_the_call_takes(
    every: Stage, house: House, room: dict[str, Any]
) -> None:
    set_up(every, house, room, largest_number=LARGEST)
    callers = [arrive(every, guest(house, room)) for _ in range(50)]
    every.ask(media.JOIN_CALL, {"room_id": room["id"], "device_id": "desk"}, house.owner, timeout=20)

    def press(caller: dict[str, Any]) -> str:
        try:
            return str(accept(every, house, caller, confirmed=True)["state"])
        except Conflict as full:
            return full.detail

    with ThreadPoolExecutor(25) as crowd:
        outcomes = list(crowd.map(press, callers))
    words = f"This call is full: it takes {LARGEST} people, hosts included. Wait until somebody has left."
    assert sorted(outcomes) == sorted(["admitted"] * (LARGEST - 1) + [words] * (50 - LARGEST + 1))
    still = every.ask(waiting.LIST_CALLERS, {"room_id": room["id"]}, house.owner)["items"]
    assert sum(each["state"] == "waiting" for each in still) == 50 - LARGEST + 1


def test_a_host_does_not_enter_a_call_that_is_full(every: Stage, house: House, room: dict[str, Any]) -> None:
    set_up(every, house, room, largest_number=2)
    every.ask(media.JOIN_CALL, {"room_id": room["id"], "device_id": "desk"}, house.owner, timeout=20)
    accept(every, house, arrive(every, guest(house, room)))
    colleague = Actor("member", new_id(), house.id, roles=("provider",), name="Dr Jones")
    with pytest.raises(Conflict, match="it takes 2 people"):
        every.ask(media.JOIN_CALL, {"room_id": room["id"], "device_id": "other"}, colleague, timeout=20)
