"""The live process on a real broker: the signals of a call, and what happens when something goes wrong."""

import base64
import json
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import quote

import pytest
import requests
import simple_websocket

from contracts import media_node
from plumbing.ids import new_id
from tests.backing import VirtualHost
from tests.patience import eventually
from tests.wiring.gateway_door import NODE, OURS, TOKEN, Door, sign_in_id
from tests.wiring.gateway_screens import JONES, SMITH, change_of, guest, nothing_more
from tests.wiring.one_service import Events

pytest_plugins = ["tests.wiring.gateway_fixtures"]


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


def test_a_line_is_shown_to_who_may_read_it_and_not_even_told_of_to_others_of_their_role(
    world: Any, screens: Any, say: Any
) -> None:
    room = world.room("Reception")
    inside, outside = screens(SMITH), screens(JONES)
    for screen in (inside, outside):
        screen.ask(type="subscribe", topic=f"room:{room['id']}")
    line = {
        "id": new_id(),
        "call_id": new_id(),
        "room_id": room["id"],
        "participant_id": new_id(),
        "reader": SMITH["id"],
    }
    line |= {"display_name": "Mia", "text": "I cannot hear you", "said_at": "2026-11-23T10:00:00.000Z"}
    world.lines[line["id"]] = line
    ids = {"line_id": line["id"], **{name: line[name] for name in ("call_id", "room_id", "participant_id")}}
    say.media("call.said", f"line/{line['id']}", OURS, ids)
    assert change_of(inside, line, "line")["view"]["text"] == "I cannot hear you"
    eventually(lambda: JONES["id"] in world.looked, what="it was asked whether the other may read it")
    nothing_more(outside)
