"""Warm handovers by two replicas: one offer of a caller, one way in, and nothing left of it when they go; the other services are played by the test."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from contracts import accounts, rooms, waiting, waiting_handovers
from contracts.actor import Actor
from contracts.errors import Conflict, Forbidden, NotFound, Refused
from plumbing.ids import new_id
from tests.patience import eventually
from tests.wiring.one_service import Events, Stage
from tests.wiring.two_replicas import kept_by, member, ourselves, refusal, two_replicas

ORGANISATION = new_id()
JONES = replace(member(ORGANISATION), name="Dr Jones")
JONES_ROOM, NOBODYS = new_id(), new_id()
SETTINGS: dict[str, Any] = {"entry_fields": [], "largest_number": None}


def get_room(payload: dict[str, Any], actor: Actor) -> dict[str, Any]:
    """Every room is a Meeting Room, in which providers host, but the own one of Dr Jones."""
    own = payload["room_id"] == JONES_ROOM
    shown = {"id": payload["room_id"], "kind": "user" if own else "meeting", "name": "Room", "state": "open"}
    may_host = actor.id == JONES.id if own else "provider" in actor.roles
    owner = JONES.id if own else None
    return {**shown, "owner_member_id": owner, "settings": SETTINGS, "may_host": may_host, "may_receive": may_host}


def list_rooms(payload: dict[str, Any], actor: Actor) -> dict[str, Any]:
    return {"items": [get_room({"room_id": JONES_ROOM}, JONES)]}


def get_member(payload: dict[str, Any], actor: Actor) -> dict[str, Any]:
    if payload["member_id"] == NOBODYS:
        raise NotFound
    return {"id": payload["member_id"], "email": "x@example.org", "name": "Dr Jones", "role": "provider", "state": "active"}  # fmt: skip


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory, backing: dict[str, Any]) -> Iterator[Stage]:
    replies = {rooms.GET_ROOM: get_room, rooms.LIST_ROOMS: list_rooms, accounts.GET_MEMBER: get_member}
    with two_replicas("waiting", Path(tmp_path_factory.mktemp("handovers")), backing, replies) as made:
        yield made


@pytest.fixture
def events(stage: Stage) -> Iterator[Events]:
    heard = Events(stage.amqp_uri, "waiting")
    yield heard
    heard.close()


@pytest.fixture
def smith() -> Actor:
    return member(ORGANISATION)


def in_call(stage: Stage, events: Events, host: Actor, name: str = "Mia", **came_by: Any) -> str:
    """Somebody in a call with the host, in a room of its own."""
    room = new_id()
    actor = Actor("guest", name, ORGANISATION, room_id=room, device_id=name, **came_by)
    id = str(stage.ask(waiting.ARRIVE, {"room_id": room, "display_name": name}, actor)["id"])
    stage.ask(waiting.ACCEPT_CALLER, {"caller_id": id}, host)
    joins(stage, events, id, room)
    return id


def joins(stage: Stage, events: Events, id: str, room: str) -> None:
    seat = {"call_id": new_id(), "room_id": room, "participant_id": new_id(), "caller_id": id, "role": "guest"}
    events.say("media", "participant.joined", f"participant/{seat['participant_id']}", ORGANISATION, seat)
    eventually(lambda: state(stage, id)[0], lambda now: now == "in_call", "they are in the call")


def state(stage: Stage, id: str) -> tuple[str, str]:
    found = stage.ask(waiting.GET_ADMISSION, {"caller_id": id}, ourselves(ORGANISATION))
    return str(found["state"]), str(found["room_id"])


def offer(stage: Stage, by: Actor, caller_id: str, note: str = "Her rash has spread.") -> dict[str, Any]:
    wanted = {"caller_id": caller_id, "member_id": JONES.id, "note": note}
    made: dict[str, Any] = stage.ask(waiting_handovers.OFFER_HANDOVER, wanted, by)
    return made


def read(stage: Stage, made: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = stage.ask(waiting_handovers.GET_HANDOVER, {"handover_id": made["id"]}, JONES)
    return found


def passes(stage: Stage, who: Actor) -> bool:
    asked = {"member_id": who.id, "room_id": JONES_ROOM}
    return bool(stage.ask(waiting_handovers.GET_PASS, asked, ourselves(ORGANISATION))["allowed"])


def leave(stage: Stage, events: Events, id: str) -> None:
    """Media says that the seat is given up."""
    seat = stage.ask(waiting.GET_ADMISSION, {"caller_id": id}, ourselves(ORGANISATION))
    with kept_by(stage, "waiting") as database:
        kept = database["callers"].find_one({"_id": id})
    left = {"call_id": kept["call_id"], "room_id": seat["room_id"], "participant_id": kept["participant_id"]}
    said = {**left, "caller_id": id, "role": "guest", "reason": "left"}
    events.say("media", "participant.left", f"participant/{left['participant_id']}", ORGANISATION, said)
    eventually(lambda: state(stage, id)[0], lambda now: now == "left", "they have left")


def test_a_caller_is_offered_the_two_meet_and_the_caller_comes_in_once(
    stage: Stage, events: Events, smith: Actor
) -> None:
    mia = in_call(stage, events, smith)
    made = offer(stage, smith, mia)
    about = {"handover_id": made["id"]}
    assert [each["id"] for each in stage.ask(waiting_handovers.LIST_HANDOVERS, {}, JONES)["items"]] == [made["id"]]
    refusal(NotFound, stage, waiting_handovers.GET_HANDOVER, about, member(ORGANISATION))
    refusal(NotFound, stage, waiting_handovers.ACCEPT_HANDOVER, about, smith)
    refusal(Conflict, stage, waiting_handovers.COMPLETE_HANDOVER, about, smith)
    assert not passes(stage, smith)
    assert stage.ask(waiting_handovers.ACCEPT_HANDOVER, about, JONES)["state"] == "accepted"
    assert passes(stage, smith)
    assert not passes(stage, member(ORGANISATION))

    def bring(who: Actor) -> str:
        return str(stage.ask(waiting_handovers.COMPLETE_HANDOVER, about, who, timeout=20)["state"])

    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(bring, [smith, JONES] * 4)) == {"completed"}
    assert state(stage, mia) == ("admitted", JONES_ROOM)

    def said_of(subject: str) -> list[str]:
        return [each["type"] for each in events.heard() if each["subject"] == subject]

    completed = eventually(
        lambda: said_of(f"handover/{made['id']}"), lambda types: "call.transfer_completed" in types, "it is said"
    )
    assert completed == ["call.transfer_offered", "call.transfer_accepted", "call.transfer_completed"]
    path = eventually(lambda: said_of(f"caller/{mia}"), lambda types: types.count("caller.admitted") == 2, "they go in")
    assert path[-2:] == ["call.transferred", "caller.admitted"]
    assert path.count("call.transferred") == 1
    assert not any("rash" in str(each) for each in events.heard())

    joins(stage, events, mia, JONES_ROOM)
    assert passes(stage, smith)
    leave(stage, events, mia)
    gone = eventually(lambda: read(stage, made), lambda view: view["over_at"], "the handover is over")
    assert (gone["note"], gone["caller_name"]) == ("", "")
    with kept_by(stage, "waiting") as database:
        assert "rash" not in str(database["handovers"].find_one({"_id": made["id"]}))
    assert not passes(stage, smith)


def test_of_twenty_offers_of_one_caller_there_is_one(stage: Stage, events: Events, smith: Actor) -> None:
    mia = in_call(stage, events, smith)

    def press(number: int) -> str:
        try:
            return str(offer(stage, smith, mia)["id"])
        except Conflict as conflict:
            return "" if "Dr Jones" in conflict.detail else f"not this: {conflict}"

    with ThreadPoolExecutor(20) as pool:
        made = [id for id in pool.map(press, range(20)) if id]
    assert len(made) == 1
    stage.ask(waiting_handovers.WITHDRAW_HANDOVER, {"handover_id": made[0]}, smith)
    assert offer(stage, smith, mia)["state"] == "offered"


def test_who_leaves_while_they_are_offered_leaves_no_note_behind(stage: Stage, events: Events, smith: Actor) -> None:
    mia = in_call(stage, events, smith)
    made = offer(stage, smith, mia)
    leave(stage, events, mia)
    gone = eventually(lambda: read(stage, made), lambda view: view["state"] == "withdrawn", "it is withdrawn")
    assert (gone["withdrawn_because"], gone["note"]) == ("caller_left", "")
    refusal(Conflict, stage, waiting_handovers.ACCEPT_HANDOVER, {"handover_id": made["id"]}, JONES)


def test_a_note_that_is_kept_is_there_when_the_caller_has_gone(stage: Stage, events: Events, smith: Actor) -> None:
    mia = in_call(stage, events, smith)
    made = offer(stage, smith, mia)
    about = {"handover_id": made["id"]}
    stage.ask(waiting_handovers.ACCEPT_HANDOVER, about, JONES)
    stage.ask(waiting_handovers.COMPLETE_HANDOVER, about, JONES)
    joins(stage, events, mia, JONES_ROOM)
    stage.ask(waiting_handovers.KEEP_NOTE, {**about, "kept": True}, JONES)
    leave(stage, events, mia)
    kept = eventually(lambda: read(stage, made), lambda view: view["over_at"], "the handover is over")
    assert (kept["note"], kept["caller_name"]) == ("Her rash has spread.", "Mia")
    assert made["id"] in {each["id"] for each in stage.ask(waiting_handovers.LIST_HANDOVERS, {}, smith)["items"]}
    stage.ask(waiting_handovers.KEEP_NOTE, {**about, "kept": False}, smith)
    assert read(stage, made)["note"] == ""


def test_the_two_do_not_meet_where_another_client_would_hear_them(stage: Stage, events: Events, smith: Actor) -> None:
    mia = in_call(stage, events, smith)
    about = {"handover_id": offer(stage, smith, mia)["id"]}
    actor = Actor("guest", "Tom", ORGANISATION, room_id=JONES_ROOM, device_id="Tom")
    tom = str(stage.ask(waiting.ARRIVE, {"room_id": JONES_ROOM, "display_name": "Tom"}, actor)["id"])
    stage.ask(waiting.ACCEPT_CALLER, {"caller_id": tom}, JONES)
    asks = refusal(Conflict, stage, waiting_handovers.ACCEPT_HANDOVER, about, JONES)
    assert asks.extra["caller_ids"] == [tom]
    stage.ask(waiting.LEAVE, {"caller_id": tom}, replace(actor, caller_id=tom))
    assert stage.ask(waiting_handovers.ACCEPT_HANDOVER, about, JONES)["state"] == "accepted"


@pytest.mark.parametrize(
    ("changes", "kind"),
    [({"member_id": NOBODYS}, NotFound), ({"caller_id": new_id()}, NotFound), ({"member_id": "own"}, Conflict)],
)
def test_an_offer_that_cannot_be_is_refused(
    stage: Stage, events: Events, smith: Actor, changes: dict[str, str], kind: type[Refused]
) -> None:
    wanted = {"caller_id": in_call(stage, events, smith), "member_id": JONES.id, **changes}
    wanted["member_id"] = smith.id if wanted["member_id"] == "own" else wanted["member_id"]
    refusal(kind, stage, waiting_handovers.OFFER_HANDOVER, wanted, smith)


def test_only_who_hosts_where_they_are_offers_them(stage: Stage, events: Events, smith: Actor) -> None:
    mia = in_call(stage, events, smith)
    wanted = {"caller_id": mia, "member_id": JONES.id}
    refusal(Forbidden, stage, waiting_handovers.OFFER_HANDOVER, wanted, member(ORGANISATION, "coordinator"))
    elsewhere = replace(smith, organisation_id=new_id())
    refusal(NotFound, stage, waiting_handovers.OFFER_HANDOVER, wanted, elsewhere)


def test_what_nobody_answers_in_time_runs_out_once(stage: Stage, events: Events, smith: Actor) -> None:
    made = offer(stage, smith, in_call(stage, events, smith))
    with kept_by(stage, "waiting") as database:
        database["handovers"].update_one({"_id": made["id"]}, {"$set": {"due_at": database["handovers"].find_one({"_id": made["id"]})["offered_at"]}})  # fmt: skip
    out = eventually(lambda: read(stage, made), lambda view: view["state"] == "withdrawn", "it runs out", seconds=30)
    assert out["withdrawn_because"] == "ran_out"
    subject = f"handover/{made['id']}"
    eventually(
        lambda: [each["type"] for each in events.heard() if each["subject"] == subject],
        lambda types: types == ["call.transfer_offered", "call.transfer_withdrawn"],
        "it is said once",
    )
