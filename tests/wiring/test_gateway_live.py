"""The live process on a real broker: what screens are shown, to whom, and what happens when something goes wrong."""

import base64
import json
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import requests
import simple_websocket

from contracts import media_node
from plumbing.ids import new_id
from tests.backing import VirtualHost, make_virtual_host, remove_virtual_host
from tests.journeys.client import Live
from tests.patience import eventually
from tests.wiring.gateway_door import NODE, OURS, THEIRS, TOKEN, Door, door, member, sign_in_id
from tests.wiring.one_service import Events

SMITH, JONES = member("Smith", "provider"), member("Jones", "provider")
CORA, RITA = member("Cora", "coordinator"), member("Rita", "reporter")
FOREIGN = member("Foreign", "owner", THEIRS)


@pytest.fixture(scope="module")
def host(backing: dict[str, Any]) -> Iterator[VirtualHost]:
    made = make_virtual_host(backing)
    yield made
    remove_virtual_host(made)


@pytest.fixture(scope="module")
def open_door(host: VirtualHost, tmp_path_factory: pytest.TempPathFactory, backing: dict[str, Any]) -> Iterator[Door]:
    with door(Path(tmp_path_factory.mktemp("live")), host.uri, backing["mongo_uri"]) as made:
        made.told.start()
        with made.running("api"), made.running("live"):
            yield made


@pytest.fixture
def world(open_door: Door) -> Any:
    return open_door.world


@pytest.fixture
def screens(open_door: Door) -> Iterator[Callable[[dict[str, Any]], Live]]:
    """Opens members' tabs, and closes them in the end."""
    opened: list[Live] = []

    def screen(signed_in_as: dict[str, Any]) -> Live:
        opened.append(open_door.screen(signed_in_as))
        return opened[-1]

    yield screen
    for each in opened:
        each.close()


@pytest.fixture
def say(open_door: Door) -> Iterator[Callable[..., None]]:
    """Says that something changed, as the service that owns it."""
    events = {source: Events(open_door.stage.amqp_uri, source) for source in ("rooms", "waiting", "media", "accounts")}

    def told(kind: str, thing: dict[str, Any], **data: Any) -> None:
        name = kind.partition(".")[0]
        source = {"room": "rooms", "caller": "waiting", "call": "media"}[name]
        more = {"room_id": thing["room_id"]} if "room_id" in thing else {}
        thing["version"] += 1
        events[source].say(
            source, kind, f"{name}/{thing['id']}", thing["organisation_id"], {f"{name}_id": thing["id"], **more, **data}
        )

    told.accounts = events["accounts"]  # type: ignore[attr-defined]
    yield told
    for each in events.values():
        each.close()


def subjects(snapshot: dict[str, Any]) -> set[str]:
    return {item["subject"] for item in snapshot["items"]}


def change_of(live: Live, thing: dict[str, Any], kind: str) -> dict[str, Any]:
    return live.wait_for(
        lambda f: f["type"] == "change" and f["subject"] == f"{kind}/{thing['id']}", f"a change of the {kind}"
    )


def nothing_more(live: Live) -> None:
    """Whatever was on its way has arrived, and no change was among it: the next answer is the pong's."""
    live.send({"type": "ping"})
    assert live.wait_for(lambda frame: frame["type"] in ("pong", "change"), "the pong")["type"] == "pong"


def test_a_tab_is_greeted_with_how_often_to_ping(screens: Callable[..., Live]) -> None:
    hello = screens(SMITH).wait_for(lambda frame: frame["type"] == "hello", "the greeting")
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


def test_nonsense_gets_an_error_and_the_connection_lives(screens: Any) -> None:
    screen = screens(SMITH)
    for nonsense in (
        "{",
        "[]",
        "7",
        '{"type": "dance"}',
        '{"type":"subscribe","topic":"everything"}',
        '{"type":"call.publish"}',
    ):
        screen.send(nonsense)
        error = screen.wait_for(lambda frame: frame["type"] == "error", f"an error for {nonsense}")
        assert error["problem"]["status"] in (400, 422)
    assert screen.ask(type="subscribe", topic="rooms")["type"] == "snapshot"


def test_another_sites_page_and_who_is_nobody_are_refused_at_the_door(open_door: Door) -> None:
    for browser, origin, status in (
        (open_door.browser(SMITH), "https://evil.example", 403),
        (open_door.browser(SMITH), "null", 403),
        (open_door.browser(), open_door.base_url, 401),
    ):
        with pytest.raises(simple_websocket.ConnectionError, match=str(status)):
            open_door.live(browser, origin=origin)
    plain = requests.get(open_door.live_url.replace("ws:", "http:"), headers={"Origin": open_door.base_url}, timeout=10)
    assert plain.headers["Content-Type"] == "application/problem+json"


def test_signing_out_closes_every_tab_of_that_sign_in(open_door: Door, say: Any) -> None:
    browser = open_door.browser(SMITH)
    tabs = [open_door.live(browser), open_door.live(browser)]
    other = open_door.screen(SMITH)
    for tab in (*tabs, other):
        tab.ask(type="subscribe", topic="rooms")
    data = {"sign_in_id": sign_in_id(browser.cookies["housecall"]), "member_id": SMITH["id"]}
    say.accounts.say("accounts", "sign_in.ended", f"sign_in/{new_id()}", OURS, data)
    for tab in tabs:
        tab.wait_for(lambda frame: frame["type"] == "closed", "the end")
        assert tab._socket.close_reason == 4401
    assert other.ask(type="subscribe", topic="rooms")["type"] == "snapshot"
    other.close()


def guest(open_door: Door, link: str = TOKEN) -> tuple[requests.Session, dict[str, Any]]:
    """A phone that has arrived by a link."""
    phone = open_door.browser()
    arrived = phone.post(f"{open_door.base_url}/api/join/{link}/arrivals", json={"display_name": "Mia"}, timeout=20)
    return phone, arrived.json()


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


def test_the_signals_of_a_call_go_between_browser_and_node(open_door: Door, world: Any, screens: Any) -> None:
    room = world.room("Dr Smith", owner=SMITH)
    host = screens(SMITH)
    seat = host.ask(type="call.join", room_id=room["id"], device_id="desk")["result"]
    assert open_door.told.asked[-1][1] == {"room_id": room["id"], "device_id": "desk"}
    own = {"participant_id": seat["participant_id"]}
    tracks = [{"mid": "0", "source": "microphone"}]
    assert host.ask(type="call.publish", sdp="offer", tracks=tracks, **own)["result"] == {"sdp": "answer"}
    name, payload, actor = open_door.told.asked[-1]
    assert name == f"media_node_{NODE}.publish"
    assert payload == {"call_id": seat["call_id"], "sdp": "offer", "tracks": tracks, **own}
    assert actor.id == SMITH["id"]
    assert host.ask(type="call.subscribe", **own)["result"] == {"ok": True}
    signals = Events(open_door.stage.amqp_uri, "media")
    offer = {"type": "offer", "call_id": seat["call_id"], "offer_id": "o1", "sdp": "node's", "tracks": []}
    signals.publish(media_node.SIGNALS_EXCHANGE, seat["participant_id"], {**offer, **own})
    signals.publish(media_node.SIGNALS_EXCHANGE, new_id(), {**offer, "sdp": "for somebody else"})
    heard = host.wait_for(lambda frame: frame["type"] == "call.offer", "the node's offer")
    assert heard == {**offer, **own, "type": "call.offer"}
    assert host.ask(type="call.answer", offer_id="o1", sdp="mine", **own)["result"] == {"ok": True}
    assert host.ask(type="call.leave", **own)["result"] == {"ok": True}
    assert open_door.told.asked[-1][:2] == ("media.leave_call", {"call_id": seat["call_id"], **own})
    signals.publish(media_node.SIGNALS_EXCHANGE, seat["participant_id"], {**offer, **own})
    signals.close()
    host.send({"type": "ping"})
    assert host.wait_for(lambda frame: frame["type"] in ("pong", "call.offer"), "the pong")["type"] == "pong"


def test_nobody_speaks_for_anothers_seat(world: Any, screens: Any) -> None:
    room = world.room("Reception")
    host, other = screens(SMITH), screens(JONES)
    seat = host.ask(type="call.join", room_id=room["id"])["result"]
    for frame in (
        {"type": "call.publish", "sdp": "x", "tracks": []}, {"type": "call.subscribe"}, {"type": "call.leave"},
        {"type": "call.answer", "offer_id": "o", "sdp": "x"}, {"type": "call.unmute", "kind": "audio"},
    ):  # fmt: skip
        refused = other.ask(**frame, participant_id=seat["participant_id"])
        assert (refused["type"], refused["problem"]["status"]) == ("error", 404), frame


def test_a_guests_device_is_the_one_that_arrived_whatever_the_page_says(open_door: Door) -> None:
    phone, own = guest(open_door)
    tab = open_door.live(phone)
    assert tab.ask(type="call.join", device_id="another")["type"] == "reply"
    _, payload, actor = open_door.told.asked[-1]
    assert payload["device_id"] == actor.device_id == own["device_id"]
    tab.close()


def test_what_was_missed_while_the_broker_was_away_is_shown(
    open_door: Door, host: VirtualHost, world: Any, screens: Any
) -> None:
    room = world.room("Reception")
    screen = screens(SMITH)
    screen.ask(type="subscribe", topic="rooms")
    room["name"], room["version"] = "Changed unheard", room["version"] + 1
    cut_live_connections(host)
    again = screen.wait_for(lambda frame: frame["type"] == "snapshot", "a fresh snapshot")
    views = {item["subject"]: item["view"] for item in again["items"]}
    assert views[f"room/{room['id']}"]["name"] == "Changed unheard"


def test_who_signed_out_while_the_broker_was_away_is_closed(open_door: Door, host: VirtualHost) -> None:
    browser = open_door.browser(SMITH)
    tab = open_door.live(browser)
    tab.ask(type="subscribe", topic="rooms")
    del open_door.world.members[browser.cookies["housecall"]]
    cut_live_connections(host)
    tab.wait_for(lambda frame: frame["type"] == "closed", "the end")
    assert tab._socket.close_reason == 4401


def cut_live_connections(host: VirtualHost) -> None:
    """Have the broker close what the live process hears by."""

    def hears() -> list[str]:
        found = host.management("GET", "/api/vhosts/{vhost}/connections")
        return [
            each["name"]
            for each in found
            if each.get("client_properties", {}).get("connection_name") == "gateway-live hears"
        ]

    from urllib.parse import quote

    for name in eventually(hears, what="the broker lists the connection"):
        host.management("DELETE", f"/api/connections/{quote(name, safe='')}")


def test_a_slow_browser_is_dropped_and_the_others_go_on(open_door: Door, world: Any, screens: Any, say: Any) -> None:
    room = world.room("Reception")
    quick = screens(SMITH)
    quick.ask(type="subscribe", topic=f"room:{room['id']}")
    with stalled(open_door, f"room:{room['id']}") as slow:
        for number in range(60):
            room["name"] = f"{number} " + "x" * 200_000
            say("room.renamed", room)
            quick.wait_for_view(lambda view, number=number: view["name"].startswith(f"{number} "), f"change {number}")
        # whoever was not dropped would be read from until this times out
        while slow.recv(1_000_000):
            continue
    assert quick.ask(type="subscribe", topic="rooms")["type"] == "snapshot"


@contextmanager
def stalled(open_door: Door, topic: str) -> Iterator[socket.socket]:
    """A browser that follows a topic and has stopped reading."""
    browser = open_door.browser(SMITH)
    with socket.create_connection(("127.0.0.1", open_door.live_port), timeout=20) as tab:
        head = (
            f"GET /live HTTP/1.1\r\nHost: localhost\r\nOrigin: {open_door.base_url}\r\nUpgrade: websocket\r\n"
            f"Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: {base64.b64encode(b'k' * 16).decode()}\r\n"
            f"Cookie: housecall={browser.cookies['housecall']}\r\n\r\n"
        )
        tab.sendall(head.encode())
        read_until(tab, b'"hello"')
        frame = json.dumps({"type": "subscribe", "topic": topic}).encode()
        # masked with zeros (RFC 6455 §5.3), so that it can be read here
        tab.sendall(bytes([0x81, 0x80 | len(frame), 0, 0, 0, 0]) + frame)
        read_until(tab, b'"snapshot"')
        yield tab


def read_until(tab: socket.socket, word: bytes) -> None:
    found = b""
    while word not in found:
        found += tab.recv(4096)


def test_logs_hold_neither_links_nor_names(open_door: Door) -> None:
    phone, _ = guest(open_door)
    tab = open_door.live(phone, link=TOKEN)
    tab.ask(type="subscribe", topic="caller")
    tab.close()
    log = open_door.log_of("live").read_text()
    assert TOKEN not in log
    assert "Mia" not in log
    assert json.dumps("defect") not in log
