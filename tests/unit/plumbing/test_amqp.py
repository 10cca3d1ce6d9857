"""Addresses of brokers, and frames cut out of a stream however it comes (AMQP 0-9-1 §4.2.3)."""

import socket
import struct
import threading
from typing import Any

import pytest
from amqp.exceptions import UnexpectedFrame

from plumbing.amqp import parse_uri
from plumbing.frames import Tcp


def test_an_address_says_where_and_as_whom() -> None:
    parsed = parse_uri("amqp://rooms:p%40ss@broker:5673/house%2Fcall")
    assert parsed["host"] == "broker:5673"
    assert parsed["userid"] == "rooms"
    assert parsed["password"] == "p@ss"
    assert parsed["virtual_host"] == "house/call"


@pytest.mark.parametrize("uri", ["amqp://broker", "amqp://broker/", "pyamqp://broker//", "amqp://broker/%2F"])
def test_without_a_virtual_host_it_is_the_first_one(uri: str) -> None:
    assert parse_uri(uri)["virtual_host"] == "/"
    assert parse_uri(uri)["host"] == "broker:5672"


def test_tls_checks_the_brokers_name() -> None:
    parsed = parse_uri("amqps://broker.example")
    assert parsed["host"] == "broker.example:5671"
    assert parsed["ssl"]["server_hostname"] == "broker.example"


@pytest.fixture
def ends() -> Any:
    """The transport on one end of a connection, and the socket on its other."""
    ours, theirs = socket.socketpair()
    transport = Tcp("nowhere")
    transport.sock = ours
    transport._setup_transport()
    yield transport, theirs
    ours.close()
    theirs.close()


def frame(payload: bytes, kind: int = 1, channel: int = 7) -> bytes:
    return struct.pack(">BHI", kind, channel, len(payload)) + payload + b"\xce"


def test_frames_arrive_whole_however_the_stream_is_cut(ends: Any) -> None:
    transport, theirs = ends
    payloads = [b"", b"a", b"b" * 300, b"c" * 70_000, b"d"]
    stream = b"".join(frame(payload) for payload in payloads)

    def dribble() -> None:
        for size in (1, 3, 7, 11, 64):
            nonlocal stream
            theirs.sendall(stream[:size])
            stream = stream[size:]
        theirs.sendall(stream)

    sender = threading.Thread(target=dribble)
    sender.start()
    assert [transport.read_frame() for _ in payloads] == [(1, 7, payload) for payload in payloads]
    sender.join()


def test_a_frame_whose_rest_is_late_is_not_lost(ends: Any) -> None:
    transport, theirs = ends
    transport.sock.settimeout(0.05)
    theirs.sendall(frame(b"late")[:5])
    with pytest.raises(TimeoutError):
        transport.read_frame()
    theirs.sendall(frame(b"late")[5:])
    assert transport.read_frame() == (1, 7, b"late")


def test_a_frame_that_does_not_end_as_frames_do_is_refused(ends: Any) -> None:
    transport, theirs = ends
    theirs.sendall(frame(b"x")[:-1] + b"\x00")
    with pytest.raises(UnexpectedFrame):
        transport.read_frame()


def test_a_closed_stream_is_an_error(ends: Any) -> None:
    transport, theirs = ends
    theirs.close()
    with pytest.raises(OSError, match="closed"):
        transport.read_frame()


def test_what_is_gathered_leaves_together_and_what_another_thread_writes_at_once(ends: Any) -> None:
    transport, theirs = ends
    transport.gather(True)
    transport.write(memoryview(b"one "))
    transport.write(b"two ")
    theirs.settimeout(0.05)
    with pytest.raises(TimeoutError):
        theirs.recv(100)
    other = threading.Thread(target=transport.write, args=(b"three ",))
    other.start()
    other.join()
    assert theirs.recv(100) == b"one two three "
    transport.write(b"four")
    transport.gather(False)
    transport.flush()
    assert theirs.recv(100) == b"four"
