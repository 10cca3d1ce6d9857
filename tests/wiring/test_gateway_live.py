"""The live process on a real broker: what screens are shown, and to whom."""

from typing import Any

import pytest
import simple_websocket

from contracts import rooms
from contracts.errors import Unavailable
from plumbing.ids import new_id
from tests.patience import eventually
from tests.wiring.gateway_door import OURS, TOKEN, Door, member
from tests.wiring.gateway_screens import CORA, FOREIGN, JONES, RITA, SMITH, change_of, guest, nothing_more, subjects
from tests.wiring.one_service import Events

pytest_plugins = ["tests.wiring.gateway_fixtures"]


def test_a_tab_is_greeted_with_how_often_to_ping(screens: Any) -> None:
    screen = screens(SMITH)
    # simple-websocket's client looks at what came with the upgrade's answer when something more comes
    screen.send({"type": "ping"})
    hello = screen.wait_for(lambda frame: frame["type"] == "hello", "the greeting")
    assert hello["heartbeat_seconds"] > 0
    assert hello["connection_id"]


def test_a_screen_gets_what_there_is_and_then_what_changes(world: Any, screens: Any, say: Any) -> None:
    room = world.room("Reception")
    screen = screens(SMITH)
    snapshot = screen.ask(type="subscribe", topic="rooms")
    assert f"room/{room['id']}" in subjects(snapshot)
    room["name"] = "Front desk"
    say("room.renamed", room)
    change = change_of(screen, room, "room")
    assert (change["topic"], change["view"]["name"]) == ("rooms", "Front desk")
    known = next(item["sequence"] for item in snapshot["items"] if item["subject"] == change["subject"])
    assert change["sequence"] > known


def test_each_role_is_shown_what_it_may_do(world: Any, screens: Any, say: Any) -> None:
    room = world.room("Dr Smith", owner=SMITH)
    tabs = {known["name"]: screens(known) for known in (SMITH, JONES, CORA, RITA)}
    for tab in tabs.values():
        tab.ask(type="subscribe", topic="rooms")
    say("room.occupancy_changed", room)
    views = {name: change_of(tab, room, "room")["view"] for name, tab in tabs.items()}
    assert {name: (view["may_host"], view["may_receive"]) for name, view in views.items()} == {
        "Smith": (True, True), "Jones": (False, False), "Cora": (False, True), "Rita": (False, False),
    }  # fmt: skip


def test_another_organisation_is_shown_nothing(world: Any, screens: Any, say: Any) -> None:
    room = world.room("Reception")
    theirs, ours = screens(FOREIGN), screens(SMITH)
    assert subjects(theirs.ask(type="subscribe", topic="rooms")) == set()
    refused = theirs.ask(type="subscribe", topic=f"room:{room['id']}")
    assert (refused["type"], refused["problem"]["status"]) == ("error", 404)
    theirs.ask(type="subscribe", topic="waiting")
    ours.ask(type="subscribe", topic="rooms")
    ours.ask(type="subscribe", topic="waiting")
    say("room.renamed", room)
    say("caller.waiting", world.caller(room, "Mia"))
    change_of(ours, room, "room")
    ours.wait_for(lambda frame: frame["type"] == "change" and frame["topic"] == "waiting", "the caller")
    nothing_more(theirs)


def test_who_receives_sees_who_waits_and_others_do_not(world: Any, screens: Any, say: Any) -> None:
    room = world.room("Dr Smith", owner=SMITH)
    tabs = {known["name"]: screens(known) for known in (SMITH, JONES, CORA, RITA)}
    for tab in tabs.values():
        assert subjects(tab.ask(type="subscribe", topic=f"room:{room['id']}")) == {f"room/{room['id']}"}
    mia = world.caller(room, "Mia")
    say("caller.waiting", mia)
    for name in ("Smith", "Cora"):
        assert change_of(tabs[name], mia, "caller")["view"]["display_name"] == "Mia"
    for name in ("Jones", "Rita"):
        nothing_more(tabs[name])
    later = screens(CORA).ask(type="subscribe", topic=f"room:{room['id']}")
    assert f"caller/{mia['id']}" in subjects(later)


def test_a_view_is_read_once_however_many_screens_show_it(open_door: Door, world: Any, screens: Any, say: Any) -> None:
    room = world.room("Reception")
    tabs = [screens(member(f"Provider{number}", "provider")) for number in range(12)]
    for tab in tabs:
        tab.ask(type="subscribe", topic="rooms")
    before = open_door.told.methods().count("rooms.get_room")
    say("room.renamed", room)
    for tab in tabs:
        change_of(tab, room, "room")
    assert open_door.told.methods().count("rooms.get_room") == before + 1


def test_many_changes_at_once_end_with_the_last(world: Any, screens: Any, say: Any) -> None:
    room = world.room("Reception")
    tabs = [screens(SMITH), screens(CORA)]
    for tab in tabs:
        tab.ask(type="subscribe", topic="rooms")
    for number in range(40):
        room["name"] = f"Name {number}"
        say("room.renamed", room)
    for tab in tabs:
        tab.wait_for_view(lambda view: view["name"] == "Name 39", "the last name")


def test_inherited_settings_and_plans_are_on_every_page_that_shows_rooms(
    open_door: Door, world: Any, screens: Any
) -> None:
    room = world.room("Reception")
    tabs = [screens(SMITH), screens(CORA)]
    tabs[0].ask(type="subscribe", topic="rooms")
    tabs[1].ask(type="subscribe", topic=f"room:{room['id']}")
    events = Events(open_door.stage.amqp_uri, "rooms")
    for number, kind in enumerate(("settings.changed", "quota.changed")):
        room["name"] = f"Name {number}"
        events.say("rooms", kind, f"{kind.partition('.')[0]}/{OURS}", OURS, {})
        for tab in tabs:
            tab.wait_for(
                lambda frame: frame["type"] == "snapshot" and room["name"] in str(frame["items"]), "the rooms anew"
            )
    events.close()


def test_a_topic_that_is_no_longer_followed_is_quiet(world: Any, screens: Any, say: Any) -> None:
    room = world.room("Reception")
    away, here = screens(SMITH), screens(SMITH)
    for tab in (away, here):
        tab.ask(type="subscribe", topic="rooms")
    away.send({"type": "unsubscribe", "topic": "rooms"})
    nothing_more(away)
    say("room.renamed", room)
    change_of(here, room, "room")
    nothing_more(away)


def test_a_guest_is_shown_their_own_place_and_nothing_else(open_door: Door, world: Any, say: Any) -> None:
    room = world.room("Own" + new_id()[-6:])
    phone, own = guest(open_door, f"room/{room['link']}")
    _, other = guest(open_door, f"room/{room['link']}")
    tab = open_door.live(phone)
    assert subjects(tab.ask(type="subscribe", topic="caller")) == {f"caller/{own['id']}"}
    for topic in ("rooms", f"room:{room['id']}", "waiting", "sessions"):
        assert tab.ask(type="subscribe", topic=topic)["problem"]["status"] == 403
    say("caller.waiting", world.callers[other["id"]])
    world.callers[own["id"]]["state"] = "admitted"
    say("caller.admitted", world.callers[own["id"]])
    assert change_of(tab, own, "caller")["view"]["state"] == "admitted"
    nothing_more(tab)
    tab.close()


def test_a_guest_is_told_how_many_are_before_them_and_again_when_it_changes(open_door: Door, world: Any) -> None:
    phone, own = guest(open_door)
    estimate = {"soonest_minutes": 5, "latest_minutes": 20, "sample": 30}
    world.places[own["id"]] = {"caller_id": own["id"], "ahead": 2, "estimate": estimate}
    tab = open_door.live(phone)
    items = {each["subject"]: each["view"] for each in tab.ask(type="subscribe", topic="caller")["items"]}
    assert items[f"place/{own['id']}"] == world.places[own["id"]]
    world.places[own["id"]] = {"caller_id": own["id"], "ahead": 1, "estimate": None}
    subject = f"place/{own['id']}"
    told = tab.wait_for(lambda f: f.get("subject") == subject and f["view"]["ahead"] == 1, "the place in front")
    assert told["view"]["estimate"] is None
    tab.close()


def test_waiting_is_told_when_a_guests_page_opens_and_closes(open_door: Door, world: Any) -> None:
    phone, own = guest(open_door)
    tab = open_door.live(phone)
    eventually(lambda: (own["id"], True) in world.present, what="presence")
    assert (own["id"], False) not in world.present
    tab.close()
    eventually(lambda: (own["id"], False) in world.present, what="absence")


def test_two_links_in_one_browser_are_two_guests(open_door: Door, world: Any) -> None:
    room = world.room("Two" + new_id()[-6:])
    phone, first = guest(open_door)
    link = f"room/{room['link']}"
    second = phone.post(
        f"{open_door.base_url}/api/join/{link}/arrivals", json={"display_name": "Omar"}, timeout=20
    ).json()
    for name, own in ((TOKEN, first), (link, second)):
        tab = open_door.live(phone, link=name)
        assert subjects(tab.ask(type="subscribe", topic="caller")) == {f"caller/{own['id']}"}
        tab.close()
    with pytest.raises(simple_websocket.ConnectionError, match="409"):
        open_door.live(phone)


def test_a_member_who_opens_a_guests_link_is_a_guest_there(open_door: Door) -> None:
    phone, own = guest(open_door)
    phone.cookies.set("housecall", open_door.world.sign_in(SMITH))
    tab = open_door.live(phone, link=TOKEN)
    assert subjects(tab.ask(type="subscribe", topic="caller")) == {f"caller/{own['id']}"}
    tab.close()


def test_a_guest_in_a_call_sees_who_is_in_it(open_door: Door, world: Any, say: Any) -> None:
    room = world.room("Call" + new_id()[-6:])
    phone, _ = guest(open_door, f"room/{room['link']}")
    tab = open_door.live(phone)
    tab.ask(type="subscribe", topic="caller")
    call_id = tab.ask(type="call.join")["result"]["call_id"]
    call = world.calls[call_id]
    say("call.started", call)
    first = change_of(tab, call, "call")
    call["participants"] = [{"id": new_id(), "display_name": "Dr Smith"}]
    say.media("participant.joined", f"participant/{new_id()}", OURS, {"call_id": call_id, "room_id": room["id"]})
    second = change_of(tab, call, "call")
    assert second["view"]["participants"][0]["display_name"] == "Dr Smith"
    assert second["sequence"] == first["sequence"]
    tab.close()


def test_a_topic_whose_part_is_away_is_shown_when_it_is_back(open_door: Door, world: Any, screens: Any) -> None:
    room = world.room("Reception")

    def away(_payload: dict[str, Any], _actor: Any) -> dict[str, Any]:
        raise Unavailable

    open_door.told.answer(rooms.LIST_ROOMS, away)
    screen = screens(SMITH)
    assert screen.ask(type="subscribe", topic="rooms")["problem"]["status"] == 503
    open_door.told.answer(rooms.LIST_ROOMS, world.list_rooms)
    late = screen.wait_for(lambda frame: frame["type"] == "snapshot", "the snapshot")
    assert f"room/{room['id']}" in subjects(late)
