"""Two processes of media with real media nodes on a real broker and database; rooms, waiting and the gateway are played."""

import asyncio
import base64
import hashlib
import hmac
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

import pytest

from contracts import media, media_node
from contracts.actor import Actor
from contracts.errors import Conflict, Forbidden, Gone, NotFound
from plumbing.ids import new_id
from tests.media.participants import Participant, only_loopback
from tests.patience import eventually
from tests.wiring.media_scene import (
    FOREIGN,
    ORGANISATION,
    SMITH,
    TURN_SECRET,
    Scene,
    joined_on,
    leave,
    media_scene,
    report,
    smith,
)
from tests.wiring.one_service import Events


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory, backing: dict[str, Any]) -> Iterator[Scene]:
    with media_scene(tmp_path_factory.mktemp("media"), backing) as made:
        yield made


@pytest.fixture
def events(scene: Scene) -> Iterator[Events]:
    opened = Events(scene.stage.amqp_uri, "media")
    yield opened
    opened.close()


def test_a_call_in_a_room_that_is_suspended_meanwhile_goes_on_to_its_end(scene: Scene) -> None:
    people = [smith(), scene.house.admit(room := new_id())]
    before = [scene.join(who, room)["participant_id"] for who in people]
    scene.house.suspended.add(room)
    assert [scene.join(who, room)["participant_id"] for who in people] == before
    scene.stage.ask(media.END_CALL, {"call_id": scene.join(smith(), room)["call_id"]}, smith())
    with pytest.raises(Conflict):
        scene.join(smith(), room)


def test_a_host_enters_and_is_seated_on_the_node(scene: Scene, events: Events) -> None:
    room = new_id()
    seat = scene.join(smith(), room)
    assert (seat["node_id"], seat["role"]) == ("a", "host")
    assert scene.on_node("a", seat["call_id"])
    eventually(events.types, lambda types: types == ["call.started", "participant.joined"])
    (participant,) = scene.call(seat["call_id"])["participants"]
    assert (participant["display_name"], participant["state"]) == ("Dr Smith", "seated")
    assert scene.join(smith(), room)["participant_id"] == seat["participant_id"]


def test_many_who_enter_one_room_at_once_are_in_one_call(scene: Scene) -> None:
    room = new_id()
    guests = [scene.house.admit(room, device=f"device-{number}") for number in range(10)]
    with ThreadPoolExecutor(20) as pool:
        hosts = [pool.submit(scene.join, smith(), room, f"desk-{number}") for number in range(10)]
        others = [pool.submit(scene.join, guest) for guest in guests]
        seats = [future.result() for future in [*hosts, *others]]
    assert len({seat["call_id"] for seat in seats}) == 1
    assert len({seat["participant_id"] for seat in seats}) == 20
    assert len(scene.states(seats[0]["call_id"])) == 20


def test_turn_credentials_are_those_of_the_shared_secret(scene: Scene) -> None:
    seat = scene.join(smith(), new_id())
    (server,) = seat["ice_servers"]
    assert server["urls"] == ["turn:turn.example:3478"]
    assert server["username"].endswith(f":{seat['participant_id']}")
    digest = hmac.new(TURN_SECRET, server["username"].encode(), hashlib.sha1).digest()
    assert server["credential"] == base64.b64encode(digest).decode()


def test_who_was_not_let_in_gets_no_seat(scene: Scene) -> None:
    room = new_id()
    with pytest.raises(Conflict, match="Waiting Room"):
        scene.join(scene.house.admit(room, state="waiting"))
    with pytest.raises(Gone):
        scene.join(scene.house.admit(room, state="left"))
    let_in = scene.house.admit(room)
    with pytest.raises(Conflict, match="another device"):
        scene.join(Actor(**{**let_in.claims(), "device_id": "tablet"}))


def test_who_came_by_another_link_is_seated_where_they_were_let_in(scene: Scene) -> None:
    let_in = scene.house.admit(new_id())
    by_area = scene.join(Actor(**{**let_in.claims(), "room_id": new_id()}))
    assert scene.join(let_in)["call_id"] == by_area["call_id"]


def test_only_the_owner_enters_a_user_room_and_a_foreign_one_is_not_found(scene: Scene) -> None:
    room = new_id()
    with pytest.raises(Forbidden, match="Only the owner enters"):
        scene.join(Actor("member", new_id(), ORGANISATION, roles=("coordinator",), name="Reception"), room)
    with pytest.raises(NotFound):
        scene.join(Actor("member", SMITH, FOREIGN, roles=("provider",), name="Dr Smith"), room)


def test_who_hands_somebody_over_meets_the_colleague_and_rules_nothing_there(scene: Scene) -> None:
    room, jones = new_id(), Actor("member", new_id(), ORGANISATION, roles=("provider",), name="Dr Jones")
    own = scene.join(smith(), room)
    with pytest.raises(Forbidden, match="Only the owner enters"):
        scene.join(jones, room)
    scene.house.passes.add((jones.id, room))
    seat = scene.join(jones, room)
    assert seat["call_id"] == own["call_id"]
    scene.house.passes.clear()
    # a seat that is kept is found again, and one that was given up is not
    assert scene.join(jones, room)["participant_id"] == seat["participant_id"]
    with pytest.raises(Forbidden):
        scene.stage.ask(media.END_CALL, {"call_id": seat["call_id"]}, jones)
    removed = {"call_id": seat["call_id"], "participant_id": seat["participant_id"]}
    scene.stage.ask(media.REMOVE_PARTICIPANT, removed, smith())
    with pytest.raises(Forbidden):
        scene.join(jones, room)
    scene.stage.ask(media.END_CALL, {"call_id": own["call_id"]}, smith())


def test_a_seat_is_ready_when_the_guest_comes_and_nobody_is_told_before(scene: Scene, events: Events) -> None:
    room = new_id()
    seat = scene.join(smith(), room)
    before = scene.seats_on("a")
    guest = scene.house.admit(room)
    said = {"caller_id": guest.caller_id, "room_id": room, "member_id": SMITH}
    events.say("waiting", "caller.admitted", f"caller/{guest.caller_id}", ORGANISATION, said)
    eventually(lambda: scene.seats_on("a"), lambda seats: seats == before + 1)
    assert len(scene.call(seat["call_id"])["participants"]) == 1
    own = scene.join(guest)
    assert scene.seats_on("a") == before + 1
    assert own["call_id"] == seat["call_id"]
    subject = f"participant/{own['participant_id']}"
    eventually(lambda: events.types(subject), lambda types: types == ["participant.joined"])


def test_a_guest_who_goes_before_coming_in_gives_the_seat_back(scene: Scene, events: Events) -> None:
    room = new_id()
    scene.join(smith(), room)
    before = scene.seats_on("a")
    guest = scene.house.admit(room)
    subject = f"caller/{guest.caller_id}"
    said = {"caller_id": guest.caller_id, "room_id": room}
    events.say("waiting", "caller.admitted", subject, ORGANISATION, {**said, "member_id": SMITH})
    eventually(lambda: scene.seats_on("a"), lambda seats: seats == before + 1)
    events.say("waiting", "caller.left", subject, ORGANISATION, {**said, "reason": "left_without_being_seen"})
    eventually(lambda: scene.seats_on("a"), lambda seats: seats == before)


def test_a_room_that_was_removed_has_no_call_any_more(scene: Scene, events: Events) -> None:
    room = new_id()
    seat = scene.join(smith(), room)
    events.say("rooms", "room.removed", f"room/{room}", ORGANISATION, {"room_id": room})
    eventually(lambda: scene.call(seat["call_id"])["state"], lambda state: state == "ended")


def test_leaving_leaves_the_others_and_the_last_one_out_ends_the_call(scene: Scene, events: Events) -> None:
    room = new_id()
    host_seat = scene.join(smith(), room)
    guest = scene.house.admit(room)
    guest_seat = scene.join(guest)
    call_id = host_seat["call_id"]
    with pytest.raises(NotFound):
        leave(scene, guest, host_seat)
    leave(scene, smith(), host_seat)
    assert scene.call(call_id)["state"] == "open"
    assert len(scene.states(call_id)) == 1
    leave(scene, guest, guest_seat)
    assert scene.call(call_id)["state"] == "ended"
    assert not scene.on_node("a", call_id)
    eventually(lambda: events.types(f"call/{call_id}"), lambda types: types == ["call.started", "call.ended"])
    assert scene.join(smith(), room)["call_id"] != call_id


def test_end_call_puts_everybody_out(scene: Scene, events: Events) -> None:
    room = new_id()
    seat = scene.join(smith(), room)
    guest = scene.house.admit(room)
    own = scene.join(guest)
    with pytest.raises(Forbidden):
        scene.stage.ask(media.END_CALL, {"call_id": seat["call_id"]}, guest)
    ended = scene.stage.ask(media.END_CALL, {"call_id": seat["call_id"]}, smith())
    assert (ended["state"], ended["participants"]) == ("ended", [])
    assert not scene.on_node("a", seat["call_id"])
    left = f"participant/{own['participant_id']}"
    eventually(lambda: events.types(left), lambda types: types == ["participant.joined", "participant.left"])
    again = scene.stage.ask(media.END_CALL, {"call_id": seat["call_id"]}, smith())
    assert again["version"] == scene.call(seat["call_id"])["version"]


def test_a_removed_participant_is_out_and_is_told_why(scene: Scene, events: Events) -> None:
    room = new_id()
    seat = scene.join(smith(), room)
    own = scene.join(scene.house.admit(room))
    before = scene.seats_on("a")
    request = {"call_id": seat["call_id"], "participant_id": own["participant_id"]}
    view = scene.stage.ask(media.REMOVE_PARTICIPANT, request, smith())
    assert [one["id"] for one in view["participants"]] == [seat["participant_id"]]
    assert scene.seats_on("a") == before - 1
    subject = f"participant/{own['participant_id']}"
    eventually(lambda: events.types(subject), lambda types: types[1:] == ["participant.removed", "participant.left"])
    assert events.heard()[-1]["data"]["reason"] == "removed"


def test_the_node_says_who_is_connected_and_a_crash_keeps_the_seat(scene: Scene, events: Events) -> None:
    room = new_id()
    seat = scene.join(smith(), room)
    report(events, "seat.connected", seat, 1)
    eventually(lambda: scene.states(seat["call_id"]), lambda states: states == ["connected"])
    report(events, "seat.lost", seat, 2)
    eventually(lambda: scene.states(seat["call_id"]), lambda states: states == ["reconnecting"])
    assert scene.join(smith(), room)["participant_id"] == seat["participant_id"]
    report(events, "seat.connected", seat, 3)
    eventually(lambda: scene.states(seat["call_id"]), lambda states: states == ["connected"])
    subject = f"participant/{seat['participant_id']}"
    expected = ["participant.joined", "participant.reconnecting", "participant.reconnected"]
    eventually(lambda: events.types(subject), lambda types: types == expected)


class ThroughGateway:
    """What `Participant` uses of a node, done over the bus as the gateway does it for one seat."""

    def __init__(self, scene: Scene, actor: Actor, seat: dict[str, Any]) -> None:
        self.calls, self.participants = self, dict[str, Participant]()
        self._scene, self._actor, self._seat = scene, actor, seat

    async def publish(self, _call: str, _name: str, sdp: str, _sources: dict[str, str]) -> str:
        payload = {**{key: self._seat[key] for key in ("call_id", "participant_id")}, "sdp": sdp, "tracks": []}
        service = media_node.service_name(self._seat["node_id"])
        ask = partial(self._scene.stage.ask, media_node.PUBLISH, payload, self._actor, service=service)
        return str((await asyncio.to_thread(ask))["sdp"])


def test_a_browser_that_connects_is_lost_and_comes_back_is_seen_so(
    scene: Scene, events: Events, monkeypatch: pytest.MonkeyPatch
) -> None:
    only_loopback(monkeypatch)
    room = new_id()
    seat = scene.join(smith(), room)

    async def come_and_go() -> None:
        node: Any = ThroughGateway(scene, smith(), seat)
        browser = Participant(node, "smith", seated=False)
        await browser.publish()
        await asyncio.to_thread(eventually, lambda: scene.states(seat["call_id"]), lambda found: found == ["connected"])
        await browser.stop()

    asyncio.run(asyncio.wait_for(come_and_go(), 40))
    eventually(lambda: scene.states(seat["call_id"]), lambda states: states == ["reconnecting"])
    assert scene.join(smith(), room)["participant_id"] == seat["participant_id"]
    asyncio.run(asyncio.wait_for(come_and_go(), 40))
    subject = f"participant/{seat['participant_id']}"
    expected = ["participant.joined", "participant.reconnecting", "participant.reconnected", "participant.reconnecting"]
    eventually(lambda: events.types(subject), lambda types: types == expected)


def test_a_guest_reads_only_the_call_they_sit_in(scene: Scene) -> None:
    room = new_id()
    seat = scene.join(smith(), room)
    guest, other = scene.house.admit(room), scene.house.admit(new_id())
    with pytest.raises(NotFound):
        scene.call(seat["call_id"], guest)
    scene.join(guest)
    seen = scene.call(seat["call_id"], guest)["participants"]
    assert [participant["member_id"] for participant in seen] == [None, None]
    with pytest.raises(NotFound):
        scene.call(seat["call_id"], other)
    found = scene.stage.ask(media.FIND_CALL, {"room_id": room}, smith())
    assert found["call"]["id"] == seat["call_id"]
    assert scene.stage.ask(media.FIND_CALL, {"room_id": new_id()}, smith()) == {"call": None}


def test_the_calls_of_a_killed_node_go_to_another_with_everybody_seated(scene: Scene, events: Events) -> None:
    with scene.node("b") as dying, scene.node("c"):
        seat = eventually(lambda: joined_on(scene, "b"), what="a call on b") or {}
        call_id = seat["call_id"]
        report(events, "seat.connected", seat, 1)
        eventually(lambda: scene.states(call_id), lambda states: states == ["connected"])
        dying.kill()
        moved = eventually(lambda: scene.call(call_id), lambda call: call["node_id"] != "b", seconds=10)
        assert moved["placement"] == 2
        eventually(lambda: scene.on_node(moved["node_id"], call_id))
        types = eventually(lambda: events.types(f"call/{call_id}"), lambda types: types[-1] == "call.updated")
        assert types[0] == "call.started"
        assert scene.states(call_id) == ["reconnecting"]
        again = scene.join(smith(), moved["room_id"])
        assert (again["participant_id"], again["placement"]) == (seat["participant_id"], 2)
        scene.stage.ask(media.END_CALL, {"call_id": call_id}, smith())


def test_a_node_that_starts_again_gets_its_calls_back(scene: Scene) -> None:
    with scene.node("d") as first:
        seat = eventually(lambda: joined_on(scene, "d"), what="a call on d") or {}
        first.kill()
        first.wait()
        with scene.node("d"):
            call = eventually(lambda: scene.call(seat["call_id"]), lambda call: call["placement"] == 2, seconds=10)
            assert eventually(lambda: scene.on_node(call["node_id"], call["id"]))
            scene.stage.ask(media.END_CALL, {"call_id": seat["call_id"]}, smith())
