"""Two processes of waiting on a real broker and database; rooms, media and the gateway are played by the test."""

import datetime as dt
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from contracts import rooms, waiting
from contracts.actor import Actor, system
from contracts.errors import Conflict, Forbidden, Gone, Invalid, NotFound, Unavailable
from plumbing.ids import new_id
from tests.patience import eventually
from tests.wiring.one_service import Events, Neighbours, Stage

ORGANISATION, ROOM, SMITH, JONES = new_id(), new_id(), new_id(), new_id()
ASKING_ROOM, CLOSED_ROOM, FOREIGN = new_id(), new_id(), new_id()


AWAY = {"rooms": False}
ASKED = [{"key": "born", "label": "Date of birth", "kind": "date", "required": True, "choices": []}]


def get_room(payload: dict[str, Any], actor: Actor) -> dict[str, Any]:
    """Rooms, with one User Room of Dr Smith, one that asks something, and one that was removed."""
    if AWAY["rooms"]:
        raise Unavailable
    if actor.organisation_id != ORGANISATION or payload["room_id"] not in {ROOM, ASKING_ROOM, CLOSED_ROOM}:
        raise NotFound
    return {
        "id": payload["room_id"],
        "kind": "user",
        "name": "Dr Smith",
        "state": "removed" if payload["room_id"] == CLOSED_ROOM else "open",
        "settings": {"entry_fields": ASKED if payload["room_id"] == ASKING_ROOM else []},
        "may_host": actor.id == SMITH or "provider" in actor.roles,
        "may_receive": actor.kind == "member" and "reporter" not in actor.roles,
    }


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory, backing: dict[str, Any]) -> Iterator[Stage]:
    from tests.backing import make_virtual_host, remove_virtual_host

    host = make_virtual_host(backing)
    prefix = f"test_{new_id()[-12:]}_"
    made = Stage(Path(tmp_path_factory.mktemp("waiting")), host.uri, backing["mongo_uri"], prefix)
    neighbours = Neighbours(host.uri, made.verify)
    neighbours.answer(rooms.GET_ROOM, get_room)
    neighbours.answer(rooms.LIST_ROOMS, lambda _, actor: {"items": [get_room({"room_id": ROOM}, actor)]})
    neighbours.start()
    made.migrate("waiting")
    with made.running("services.waiting", "waiting"), made.running("services.waiting", "waiting"):
        yield made
    neighbours.stop()
    made.close()
    from pymongo import MongoClient

    with MongoClient[dict[str, Any]](backing["mongo_uri"]) as client:
        client.drop_database(f"{prefix}waiting")
    remove_virtual_host(host)


@pytest.fixture
def events(stage: Stage) -> Iterator[Events]:
    opened = Events(stage.amqp_uri, "waiting")
    yield opened
    opened.close()


def host(member_id: str, name: str = "Dr Smith", role: str = "provider", organisation: str = ORGANISATION) -> Actor:
    return Actor("member", member_id, organisation, roles=(role,), name=name)


def guest(recipient: str | None, device: str, caller_id: str | None = None, room: str = ROOM) -> Actor:
    return Actor(
        "guest", device, ORGANISATION, room_id=room, recipient_id=recipient, device_id=device, caller_id=caller_id
    )


def arrive(stage: Stage, actor: Actor, name: str = "Mia Keller", invited: str | None = "Mia Keller") -> dict[str, Any]:
    request = {"room_id": actor.room_id, "display_name": name, "invited_name": invited}
    view: dict[str, Any] = stage.ask(waiting.ARRIVE, request, actor)
    return view


def read(stage: Stage, caller_id: str, actor: Actor | None = None) -> dict[str, Any]:
    view: dict[str, Any] = stage.ask(waiting.GET_CALLER, {"caller_id": caller_id}, actor or host(SMITH))
    return view


def test_of_fifty_hosts_who_press_accept_one_wins_and_the_others_are_told_who(stage: Stage, events: Events) -> None:
    caller = arrive(stage, guest(new_id(), "phone"))
    hosts = [host(new_id(), f"Dr {number}") for number in range(50)]

    def press(member: Actor) -> dict[str, Any] | Conflict:
        try:
            return dict(stage.ask(waiting.ACCEPT_CALLER, {"caller_id": caller["id"]}, member, timeout=20))
        except Conflict as conflict:
            return conflict

    with ThreadPoolExecutor(50) as pool:
        outcomes = list(pool.map(press, hosts))
    winners = [outcome for outcome in outcomes if isinstance(outcome, dict)]
    losers = [outcome for outcome in outcomes if isinstance(outcome, Conflict)]
    assert (len(winners), len(losers)) == (1, 49)
    winner = winners[0]["admitted_by_name"]
    assert {loser.extra["by_name"] for loser in losers} == {winner}
    assert {loser.detail for loser in losers} == {f"{winner} has already accepted this caller."}
    subject = f"caller/{caller['id']}"
    eventually(lambda: events.types(subject), lambda types: "caller.admitted" in types)
    assert events.types(subject) == ["caller.waiting", "caller.admitted"]


def test_pressing_accept_twice_returns_the_caller(stage: Stage) -> None:
    caller = arrive(stage, guest(new_id(), "phone"))
    first = stage.ask(waiting.ACCEPT_CALLER, {"caller_id": caller["id"], "confirmed": True}, host(SMITH))
    second = stage.ask(waiting.ACCEPT_CALLER, {"caller_id": caller["id"], "confirmed": True}, host(SMITH))
    assert (second["state"], second["version"]) == ("admitted", first["version"])


def test_a_reload_gets_the_same_caller_back(stage: Stage) -> None:
    actor = guest(new_id(), "phone")
    assert arrive(stage, actor)["id"] == arrive(stage, actor)["id"]


def test_twenty_arrivals_at_once_by_one_link_make_one_caller(stage: Stage) -> None:
    recipient = new_id()
    with ThreadPoolExecutor(20) as pool:
        views = list(pool.map(lambda number: arrive(stage, guest(recipient, f"device-{number % 2}")), range(20)))
    assert len({view["id"] for view in views}) == 1


def test_a_second_device_takes_over_and_the_first_is_told(stage: Stage, events: Events) -> None:
    recipient = new_id()
    caller = arrive(stage, guest(recipient, "phone"))
    again = arrive(stage, guest(recipient, "tablet"))
    assert (again["id"], again["waiting_since"]) == (caller["id"], caller["waiting_since"])
    assert read(stage, caller["id"], guest(recipient, "phone", caller["id"]))["moved_to_other_device"] is True
    assert read(stage, caller["id"], guest(recipient, "tablet", caller["id"]))["moved_to_other_device"] is False
    with pytest.raises(Conflict, match="another device"):
        stage.ask(waiting.LEAVE, {"caller_id": caller["id"]}, guest(recipient, "phone", caller["id"]))
    subject = f"caller/{caller['id']}"
    eventually(lambda: events.types(subject), lambda types: types == ["caller.waiting", "caller.resumed"])
    assert events.heard()[-1]["data"]["device_changed"] is True


def test_another_device_with_the_link_of_somebody_let_in_waits_again(stage: Stage) -> None:
    recipient = new_id()
    caller = arrive(stage, guest(recipient, "phone"))
    stage.ask(waiting.ACCEPT_CALLER, {"caller_id": caller["id"], "confirmed": True}, host(SMITH))
    other = arrive(stage, guest(recipient, "tablet"))
    assert other["id"] != caller["id"]
    assert other["state"] == "waiting"
    assert arrive(stage, guest(recipient, "phone"))["id"] == caller["id"]


def test_by_the_room_link_each_device_is_a_person(stage: Stage) -> None:
    assert (
        arrive(stage, guest(None, "one"), invited=None)["id"] != arrive(stage, guest(None, "two"), invited=None)["id"]
    )


def test_only_the_owner_accepts_into_a_user_room_though_reception_sees_who_waits(stage: Stage) -> None:
    caller = arrive(stage, guest(new_id(), "phone"))
    reception = host(JONES, "Reception", "coordinator")
    assert caller["id"] in [view["id"] for view in stage.ask(waiting.LIST_CALLERS, {}, reception)["items"]]
    with pytest.raises(Forbidden, match="owner of a User Room"):
        stage.ask(waiting.ACCEPT_CALLER, {"caller_id": caller["id"]}, reception)
    with pytest.raises(Forbidden):
        stage.ask(waiting.LIST_CALLERS, {"room_id": ROOM}, host(JONES, role="reporter"))


def test_another_organisation_finds_nobody(stage: Stage) -> None:
    caller = arrive(stage, guest(new_id(), "phone"))
    with pytest.raises(NotFound):
        read(stage, caller["id"], host(SMITH, organisation=FOREIGN))
    with pytest.raises(NotFound):
        stage.ask(waiting.ACCEPT_CALLER, {"caller_id": caller["id"]}, host(SMITH, organisation=FOREIGN))


def test_a_guest_reads_only_their_own_caller_and_nothing_of_the_staff(stage: Stage) -> None:
    mia, tom = new_id(), new_id()
    caller = arrive(stage, guest(mia, "phone"), name="Somebody Else")
    with pytest.raises(NotFound):
        read(stage, caller["id"], guest(tom, "phone", new_id()))
    own = read(stage, caller["id"], guest(mia, "phone", caller["id"]))
    assert (own["name_differs"], own["recipient_id"]) == (False, None)
    seen = read(stage, caller["id"])
    assert (seen["name_differs"], seen["recipient_id"], seen["invited_name"]) == (True, mia, "Mia Keller")
    items = stage.ask(waiting.LIST_CALLERS, {}, guest(mia, "phone", caller["id"]))["items"]
    assert [view["id"] for view in items] == [caller["id"]]


def test_the_longest_waiting_is_first(stage: Stage) -> None:
    ids = [arrive(stage, guest(new_id(), f"queue-{number}"))["id"] for number in range(3)]
    listed = [view["id"] for view in stage.ask(waiting.LIST_CALLERS, {"room_id": ROOM}, host(SMITH))["items"]]
    assert [id for id in listed if id in ids] == ids


def test_nobody_waits_in_a_room_that_is_gone_or_was_not_linked(stage: Stage) -> None:
    with pytest.raises(Gone):
        arrive(stage, guest(new_id(), "phone", room=CLOSED_ROOM))
    with pytest.raises(Forbidden):
        stage.ask(waiting.ARRIVE, {"room_id": ROOM, "display_name": "Mia"}, guest(None, "phone", room=CLOSED_ROOM))


def test_refusing_tells_the_guest_why(stage: Stage, events: Events) -> None:
    recipient = new_id()
    caller = arrive(stage, guest(recipient, "phone"))
    stage.ask(waiting.REFUSE_CALLER, {"caller_id": caller["id"], "message": "Please call us."}, host(SMITH))
    own = read(stage, caller["id"], guest(recipient, "phone", caller["id"]))
    assert (own["state"], own["end_reason"], own["end_message"]) == ("left", "refused", "Please call us.")
    eventually(lambda: events.types(f"caller/{caller['id']}"), lambda types: types[-1:] == ["caller.refused"])
    assert arrive(stage, guest(recipient, "phone"))["id"] != caller["id"]


def test_who_leaves_while_waiting_was_not_seen(stage: Stage) -> None:
    actor = guest(new_id(), "phone")
    caller = arrive(stage, actor)
    left = stage.ask(waiting.LEAVE, {"caller_id": caller["id"]}, guest(actor.recipient_id, "phone", caller["id"]))
    assert left["end_reason"] == "left_without_being_seen"


def test_a_closed_connection_keeps_the_place_and_coming_back_resumes(stage: Stage, events: Events) -> None:
    recipient = new_id()
    caller = arrive(stage, guest(recipient, "phone"))
    own = guest(recipient, "phone", caller["id"])

    def note(connected: bool, connection: str) -> dict[str, Any]:
        request = {"caller_id": caller["id"], "connected": connected, "connection_id": connection}
        return dict(stage.ask(waiting.NOTE_PRESENCE, request, own))

    assert note(True, "first")["connected"] is True
    assert note(False, "first")["connected"] is False
    assert note(True, "second")["connected"] is True
    subject = f"caller/{caller['id']}"
    expected = ["caller.waiting", "caller.disconnected", "caller.resumed"]
    eventually(lambda: events.types(subject), lambda types: types == expected)


def test_the_seat_in_the_call_moves_the_caller_along_and_ends_the_visit(stage: Stage, events: Events) -> None:
    caller = arrive(stage, guest(new_id(), "phone"))
    stage.ask(waiting.ACCEPT_CALLER, {"caller_id": caller["id"], "confirmed": True}, host(SMITH))
    seat = {
        "call_id": new_id(),
        "room_id": ROOM,
        "participant_id": new_id(),
        "caller_id": caller["id"],
        "role": "guest",
    }
    subject = f"participant/{seat['participant_id']}"
    events.say("media", "participant.joined", subject, ORGANISATION, seat)
    eventually(lambda: read(stage, caller["id"])["state"], lambda state: state == "in_call")
    events.say("media", "participant.left", subject, ORGANISATION, {**seat, "reason": "removed"})
    ended = eventually(lambda: read(stage, caller["id"]), lambda view: view["state"] == "left")
    assert ended["end_reason"] == "removed"


def test_the_end_of_the_call_ends_who_was_on_their_way_to_it(stage: Stage, events: Events) -> None:
    caller = arrive(stage, guest(new_id(), "phone"))
    stage.ask(waiting.ACCEPT_CALLER, {"caller_id": caller["id"], "confirmed": True}, host(SMITH))
    data = {"call_id": new_id(), "room_id": ROOM, "reason": "ended", "caller_ids": [caller["id"], new_id()]}
    events.say("media", "call.ended", f"call/{data['call_id']}", ORGANISATION, data)
    eventually(lambda: read(stage, caller["id"])["state"], lambda state: state == "left")


def test_nobody_waits_in_a_room_that_was_removed(stage: Stage, events: Events) -> None:
    caller = arrive(stage, guest(new_id(), "phone"))
    events.say("rooms", "room.removed", f"room/{ROOM}", ORGANISATION, {"room_id": ROOM})
    ended = eventually(lambda: read(stage, caller["id"]), lambda view: view["state"] == "left")
    assert ended["end_reason"] == "cancelled"


def test_media_learns_on_which_device_somebody_was_let_in(stage: Stage) -> None:
    caller = arrive(stage, guest(new_id(), "phone"))
    asking = Actor(**{**system("media").claims(), "organisation_id": ORGANISATION})
    found = stage.ask(waiting.GET_ADMISSION, {"caller_id": caller["id"]}, asking)
    assert (found["device_id"], found["state"]) == ("phone", "waiting")
    with pytest.raises(Forbidden):
        stage.ask(waiting.GET_ADMISSION, {"caller_id": caller["id"]}, host(SMITH))


def test_who_stays_away_longer_than_the_grace_loses_the_place(stage: Stage, events: Events) -> None:
    recipient = new_id()
    caller = arrive(stage, guest(recipient, "phone"))
    from pymongo import MongoClient

    long_ago = dt.datetime.now(dt.UTC) - dt.timedelta(minutes=6)
    with MongoClient[dict[str, Any]](stage.mongo_uri) as client:
        callers = client[f"{stage.database_prefix}waiting"]["callers"]
        callers.update_one({"_id": caller["id"]}, {"$set": {"away_since": long_ago}})
    ended = eventually(lambda: read(stage, caller["id"]), lambda view: view["state"] == "left")
    assert ended["end_reason"] == "expired"
    eventually(lambda: events.types(f"caller/{caller['id']}"), lambda types: types == ["caller.waiting", "caller.left"])


def test_while_rooms_is_away_guests_arrive_as_their_room_last_asked(stage: Stage) -> None:
    came, comes = (guest(None, device, room=ASKING_ROOM) for device in ("first", "second"))
    asked = {"room_id": ASKING_ROOM, "display_name": "Mia", "answers": {"born": "1980-02-29"}}
    stage.ask(waiting.ARRIVE, asked, came)
    AWAY["rooms"] = True
    try:
        door = stage.ask(waiting.GET_DOOR, {"room_id": ASKING_ROOM}, comes)
        assert (door["room_name"], door["entry_fields"]) == ("Dr Smith", ASKED)
        with pytest.raises(Invalid):
            stage.ask(waiting.ARRIVE, {**asked, "answers": {}}, comes)
        assert stage.ask(waiting.ARRIVE, asked, comes)["state"] == "waiting"
        unknown = new_id()
        with pytest.raises(Unavailable):
            stage.ask(waiting.GET_DOOR, {"room_id": unknown}, guest(None, "third", room=unknown))
    finally:
        AWAY["rooms"] = False
