"""Frames reach a browser whole and in order, and a slow one holds up nobody."""

import socket
import struct
import threading
from collections.abc import Iterator

import pytest

from gateway.live import wire as wires
from gateway.live.wire import Wire, encoded
from tests.patience import eventually


class Server:
    """What Wire uses of simple_websocket.Server: its socket, what came in, and its good-bye."""

    def __init__(self, sock: socket.socket) -> None:
        self.sock = sock
        self.input_buffer: list[str] = []

    def receive(self, timeout: float) -> str | None:
        return self.input_buffer.pop(0) if self.input_buffer else None

    def close(self, code: int, reason: str) -> None:
        self.sock.send(struct.pack("!BBH", 0x88, 2 + len(reason), code) + reason.encode())


@pytest.fixture
def ends() -> Iterator[tuple[socket.socket, socket.socket]]:
    ours, browser = socket.socketpair()
    browser.settimeout(5)
    yield ours, browser
    ours.close()
    browser.close()


def received(browser: socket.socket, count: int) -> bytes:
    found = b""
    while len(found) < count:
        chunk = browser.recv(65536)
        if not chunk:
            break
        found += chunk
    return found


@pytest.mark.parametrize("size", [0, 1, 125, 126, 65_535, 65_536, 200_000])
def test_a_frame_says_its_length_as_the_rfc_has_it(size: int) -> None:
    frame = encoded("x" * size)
    short = frame[1]
    head = 2 if size < 126 else 4 if size < 65_536 else 10
    length = {2: short, 4: int.from_bytes(frame[2:4]), 10: int.from_bytes(frame[2:10])}[head]
    assert frame[0] == 0x81
    assert not short & 0x80
    assert (length, len(frame)) == (size, head + size)


def test_frames_arrive_whole_and_in_order(ends: tuple[socket.socket, socket.socket]) -> None:
    ours, browser = ends
    wire = Wire(Server(ours))
    sent = [encoded(f"{number} " + "x" * 50_000) for number in range(40)]
    reading = []
    reader = threading.Thread(target=lambda: reading.append(received(browser, sum(map(len, sent)))))
    reader.start()
    for frame in sent:
        wire.send(frame)
    reader.join(10)
    assert reading[0] == b"".join(sent)


def test_whole_frames_also_beside_pongs(ends: tuple[socket.socket, socket.socket]) -> None:
    ours, browser = ends
    server = Server(ours)
    wire = Wire(server)
    pong = b"\x8a\x02ok"
    frames = [encoded("x" * 30_000) for _ in range(20)]

    def answer_pings() -> None:
        for _ in range(200):
            server.sock.send(pong)

    expected = sum(map(len, frames)) + 200 * len(pong)
    reading = []
    reader = threading.Thread(target=lambda: reading.append(received(browser, expected)))
    pinging = threading.Thread(target=answer_pings)
    reader.start()
    pinging.start()
    for frame in frames:
        wire.send(frame)
    pinging.join(10)
    reader.join(10)
    rest = reading[0].replace(pong, b"")
    assert rest == b"".join(frames)


def test_a_browser_that_takes_nothing_is_told_of_and_does_not_hold_up_the_sender(
    ends: tuple[socket.socket, socket.socket], monkeypatch: pytest.MonkeyPatch
) -> None:
    ours, _browser = ends
    # without gevent a send waits as long as the socket's timeout; here the browser never reads
    monkeypatch.setattr(wires, "SEND_SECONDS", 0.05)
    monkeypatch.setattr(wires, "MOST_BYTES_WAITING", 1_000_000)
    wire = Wire(Server(ours))
    slow = threading.Event()
    wire.too_slow = slow.set
    for _ in range(60):
        wire.send(encoded("x" * 50_000))
        if slow.is_set():
            break
    assert slow.is_set() or wire._closed


def test_closing_says_why_and_ends_it(ends: tuple[socket.socket, socket.socket]) -> None:
    ours, browser = ends
    wire = Wire(Server(ours))
    wire.close(4408, "too slow", patience_seconds=0.1)
    assert browser.recv(100) == struct.pack("!BBH", 0x88, 10, 4408) + b"too slow"
    assert eventually(lambda: browser.recv(1) == b"", what="the end of the connection")


def test_nothing_is_sent_after_the_end(ends: tuple[socket.socket, socket.socket]) -> None:
    ours, browser = ends
    wire = Wire(Server(ours))
    wire.close(4401, "bye", patience_seconds=0.1)
    wire.send(encoded("late"))
    assert b"late" not in received(browser, 1000)


def test_who_says_more_than_is_taken_is_cut_off(ends: tuple[socket.socket, socket.socket]) -> None:
    ours, browser = ends
    server = Server(ours)
    Wire(server)

    def talk() -> None:
        try:
            browser.sendall(b"x" * 2 * wires.MOST_BYTES_UNREAD)
        except OSError:
            return

    talking = threading.Thread(target=talk)
    talking.start()
    came = 0
    while data := server.sock.recv(65_536):
        came += len(data)
    talking.join(5)
    assert came <= wires.MOST_BYTES_UNREAD


def test_what_was_taken_counts_no_more(ends: tuple[socket.socket, socket.socket]) -> None:
    ours, browser = ends
    server = Server(ours)
    wire = Wire(server)
    chunk = b"x" * 60_000
    for _ in range(2 * wires.MOST_BYTES_UNREAD // len(chunk)):
        browser.sendall(chunk)
        assert received_here(server, len(chunk)) == len(chunk)
        wire.receive(0)


def received_here(server: Server, count: int) -> int:
    came = 0
    while came < count and (data := server.sock.recv(65_536)):
        came += len(data)
    return came
