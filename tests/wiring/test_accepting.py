"""Letting in whoever is next, those who belong together, and nobody beside another client unasked; rooms and media are played by the test."""

import datetime as dt
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from contracts import rooms, waiting
from contracts.actor import Actor
from contracts.errors import Conflict, Forbidden, Invalid, NotFound
from contracts.guests import INTERPRETER
from plumbing.ids import new_id
from tests.patience import eventually
from tests.wiring.one_service import Events, Stage
from tests.wiring.two_replicas import kept_by, member, refusal, two_replicas

ORGANISATION = new_id()
SMITH = member(ORGANISATION, "provider")
RECEPTION = replace(member(ORGANISATION, "coordinator"), name="Reception")


def get_room(payload: dict[str, Any], actor: Actor) -> dict[str, Any]:
    """Every room is a Meeting Room, in which providers host."""
    shown = {"id": payload["room_id"], "kind": "meeting", "name": "Team", "owner_member_id": None, "state": "open"}
    settings: dict[str, Any] = {"entry_fields": [], "largest_number": None}
    return {**shown, "settings": settings, "may_host": "provider" in actor.roles, "may_receive": actor.kind == "member"}


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory, backing: dict[str, Any]) -> Iterator[Stage]:
    replies = {rooms.GET_ROOM: get_room}
    with two_replicas("waiting", Path(tmp_path_factory.mktemp("accepting")), backing, replies) as made:
        yield made


@pytest.fixture
def room() -> str:
    return new_id()


def arrive(stage: Stage, room: str, name: str, **came_by: Any) -> dict[str, Any]:
    """By the room link, or by an invitation."""
    role: dict[str, Any] = {key: came_by.pop(key) for key in ("role", "for_recipient_id") if key in came_by}
    actor = Actor("guest", name, ORGANISATION, room_id=room, device_id=name, **came_by)
    view: dict[str, Any] = stage.ask(waiting.ARRIVE, {"room_id": room, "display_name": name, **role}, actor)
    connected = {"caller_id": view["id"], "connected": True, "connection_id": new_id()}
    stage.ask(waiting.NOTE_PRESENCE, connected, replace(actor, caller_id=view["id"]))
    return view


def test_of_forty_who_ask_for_the_next_each_gets_another_caller_and_who_is_too_late_none(
    stage: Stage, room: str
) -> None:
    ids = [arrive(stage, room, f"Guest {number}")["id"] for number in range(30)]
    staff = [replace(member(ORGANISATION, "provider"), name=f"Dr {number}") for number in range(40)]

    def press(who: Actor) -> str | None:
        try:
            return str(stage.ask(waiting.ACCEPT_NEXT, {"room_id": room, "confirmed": True}, who, timeout=30)["id"])
        except Conflict as conflict:
            return None if conflict.extra.get("nobody_waits") else f"not this: {conflict}"

    with ThreadPoolExecutor(40) as pool:
        got = [id for id in pool.map(press, staff) if id]
    assert sorted(got) == sorted(ids)


def test_the_next_is_whoever_stands_first_and_is_there(stage: Stage, room: str) -> None:
    first, second = arrive(stage, room, "First"), arrive(stage, room, "Second")
    assert stage.ask(waiting.ACCEPT_NEXT, {"room_id": room}, SMITH)["id"] == first["id"]
    # pressed again by the same host: there is somebody in the call now, and nobody comes beside them unasked
    asks = refusal(Conflict, stage, waiting.ACCEPT_NEXT, {"room_id": room}, SMITH)
    assert (asks.extra["confirm"], asks.extra["caller_id"]) == ("beside_client", second["id"])
    assert asks.extra["caller_ids"] == [first["id"]]
    meant = {"room_id": room, "confirmed": True, "caller_id": second["id"]}
    assert stage.ask(waiting.ACCEPT_NEXT, meant, SMITH)["id"] == second["id"]
    refusal(Conflict, stage, waiting.ACCEPT_NEXT, {"room_id": room}, SMITH)
    refusal(Forbidden, stage, waiting.ACCEPT_NEXT, {"room_id": room}, RECEPTION)
    refusal(Invalid, stage, waiting.ACCEPT_NEXT, {}, SMITH)


def test_whom_another_host_has_put_back_is_not_next_but_for_that_host(stage: Stage, room: str) -> None:
    caller = {"caller_id": arrive(stage, room, "Mia")["id"]}
    stage.ask(waiting.ACCEPT_CALLER, caller, SMITH)
    stage.ask(waiting.HOLD_BACK, caller, SMITH)
    jones = replace(member(ORGANISATION, "provider"), name="Dr Jones")
    assert refusal(Conflict, stage, waiting.ACCEPT_NEXT, {"room_id": room}, jones).extra["nobody_waits"]
    assert stage.ask(waiting.ACCEPT_NEXT, {"room_id": room}, SMITH)["id"] == caller["caller_id"]


def test_who_waits_too_long_is_said_once_by_two_replicas(stage: Stage, room: str) -> None:
    events = Events(stage.amqp_uri, "waiting")
    ids = [arrive(stage, room, f"Guest {number}")["id"] for number in range(3)]
    stage.ask(waiting.ACCEPT_CALLER, {"caller_id": ids[0]}, SMITH)
    with kept_by(stage, "waiting") as database:
        # the one who was let in has no target any more
        late = {"_id": {"$in": ids}, "target_at": {"$type": "date"}}
        assert (
            database["callers"].update_many(late, {"$set": {"target_at": dt.datetime.now(dt.UTC)}}).matched_count == 2
        )
    said = "waiting.target_breached"
    eventually(lambda: events.types().count(said), lambda count: count == 2, what="both are said", seconds=30)
    subjects = [event["subject"] for event in events.heard() if event["type"] == said]
    events.close()
    assert sorted(subjects) == sorted(f"caller/{id}" for id in ids[1:])
    for id in ids[1:]:
        assert stage.ask(waiting.GET_CALLER, {"caller_id": id}, SMITH)["breached_at"]


def test_another_client_comes_beside_one_only_when_it_is_meant(stage: Stage, room: str) -> None:
    mia, tom = arrive(stage, room, "Mia"), arrive(stage, room, "Tom")
    stage.ask(waiting.ACCEPT_CALLER, {"caller_id": mia["id"]}, SMITH)
    asks = refusal(Conflict, stage, waiting.ACCEPT_CALLER, {"caller_id": tom["id"]}, SMITH)
    assert (asks.extra["confirm"], asks.extra["caller_ids"]) == ("beside_client", [mia["id"]])
    assert "Mia" not in asks.detail
    meant = {"caller_id": tom["id"], "confirmed": True}
    assert stage.ask(waiting.ACCEPT_CALLER, meant, SMITH)["state"] == "admitted"


def test_all_of_one_invitation_are_let_in_together_and_just_these(stage: Stage, room: str) -> None:
    invited, client = {"invitation_id": new_id()}, new_id()
    mia = arrive(stage, room, "Mia", recipient_id=client, **invited)
    tom = arrive(stage, room, "Tom", recipient_id=new_id(), **invited)
    interpreter = arrive(
        stage, room, "Ali", recipient_id=new_id(), role=INTERPRETER, for_recipient_id=client, **invited
    )
    stranger = arrive(stage, room, "Stranger")
    together = [each["id"] for each in (interpreter, mia, tom)]
    mixed = refusal(Invalid, stage, waiting.ACCEPT_TOGETHER, {"caller_ids": [*together, stranger["id"]]}, SMITH)
    assert mixed.extra["errors"][0]["pointer"] == "/caller_ids"
    refusal(Forbidden, stage, waiting.ACCEPT_TOGETHER, {"caller_ids": together}, RECEPTION)
    refusal(NotFound, stage, waiting.ACCEPT_TOGETHER, {"caller_ids": [*together, new_id()]}, SMITH)
    answered = stage.ask(waiting.ACCEPT_TOGETHER, {"caller_ids": together}, SMITH)["items"]
    assert {each["caller_id"] for each in answered if each["accepted"]} == set(together)
    here = {each["id"]: each["state"] for each in stage.ask(waiting.LIST_CALLERS, {"room_id": room}, SMITH)["items"]}
    assert here == {**dict.fromkeys(together, "admitted"), stranger["id"]: "waiting"}


def test_an_interpreter_goes_where_their_client_is_handed_on_to_and_gets_in_with_them(stage: Stage, room: str) -> None:
    there, client, invited = new_id(), new_id(), {"invitation_id": new_id()}
    mia = arrive(stage, room, "Mia", recipient_id=client, **invited)["id"]
    ali = arrive(stage, room, "Ali", recipient_id=new_id(), role=INTERPRETER, for_recipient_id=client, **invited)["id"]

    def are(state: str, place: str) -> bool:
        both = (stage.ask(waiting.GET_CALLER, {"caller_id": id}, SMITH) for id in (mia, ali))
        return all((each["state"], each["room_id"]) == (state, place) for each in both)

    stage.ask(waiting.ACCEPT_CALLER, {"caller_id": mia}, SMITH)
    eventually(lambda: are("admitted", room), what="both are let in")
    stage.ask(waiting.HOLD_BACK, {"caller_id": mia}, SMITH)
    eventually(lambda: are("waiting", room), what="both are put back")
    stage.ask(waiting.TRANSFER_CALLER, {"caller_id": mia, "room_id": there}, SMITH)
    eventually(lambda: are("waiting", there), what="both wait in the other room")
    stage.ask(waiting.ACCEPT_CALLER, {"caller_id": mia}, SMITH)
    eventually(lambda: are("admitted", there), what="both are let in there")


def test_of_those_together_one_who_has_left_is_told_and_stops_nobody(stage: Stage, room: str) -> None:
    invited = {"invitation_id": new_id()}
    mia = arrive(stage, room, "Mia", recipient_id=new_id(), **invited)
    tom = arrive(stage, room, "Tom", recipient_id=new_id(), **invited)
    stage.ask(waiting.REFUSE_CALLER, {"caller_id": mia["id"]}, SMITH)
    answered = stage.ask(waiting.ACCEPT_TOGETHER, {"caller_ids": [mia["id"], tom["id"]]}, SMITH)["items"]
    assert [(each["accepted"], each["problem"]) for each in answered] == [
        (False, "This caller has left."),
        (True, None),
    ]
