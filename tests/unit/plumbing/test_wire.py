"""What is written by hand for speed is what py-amqp would have written and reads."""

import struct
from types import SimpleNamespace
from typing import Any

import amqp
import pytest
from amqp.serialization import dumps

from plumbing import wire

FRAME_MAX = 4096


class Broker:
    """Takes what a channel writes, as frames: (type, channel, payload)."""

    def __init__(self) -> None:
        self.bytes = b""
        self.channel: Any = SimpleNamespace(
            channel_id=7, connection=SimpleNamespace(frame_max=FRAME_MAX, transport=self)
        )

    def write(self, data: bytes) -> None:
        self.bytes += data

    @property
    def frames(self) -> list[tuple[int, int, bytes]]:
        found, at = [], 0
        while at < len(self.bytes):
            kind, channel, size = struct.unpack_from(">BHI", self.bytes, at)
            assert self.bytes[at + 7 + size] == 0xCE
            found.append((kind, channel, self.bytes[at + 7 : at + 7 + size]))
            at += size + 8
        return found

    def message(self) -> tuple[bytes, amqp.Message]:
        """The arguments of basic.publish, and the message as py-amqp reads it."""
        (kind, _, method), (_, _, header), *bodies = self.frames
        assert (kind, struct.unpack_from(">HH", method)) == (1, (60, 40))
        read = amqp.Message()
        read.inbound_header(header)
        for _, _, body in bodies:
            read.inbound_body(body)
        return method[4:], read


@pytest.fixture
def broker() -> Broker:
    return Broker()


def test_a_request_is_read_by_py_amqp_as_it_was_meant(broker: Broker) -> None:
    headers: dict[str, str | float] = {"nameko.actor": "ü" * 400, "nameko.deadline": 1795381234.5}
    wire.publish(broker.channel, wire.request(b"{}", headers, "12", "reply", 5000), "nameko-rpc", "rooms.get", True)
    method, message = broker.message()
    assert method == dumps("Bssbb", (0, "nameko-rpc", "rooms.get", True, False))
    assert message.body == b"{}"
    assert message.properties == {
        "content_type": "application/json",
        "content_encoding": "utf-8",
        "application_headers": headers,
        "delivery_mode": 1,
        "priority": 0,
        "correlation_id": "12",
        "reply_to": "reply",
        "expiration": "5000",
    }


@pytest.mark.parametrize("length", [0, 1, FRAME_MAX - 9, FRAME_MAX - 8, FRAME_MAX - 7, 3 * FRAME_MAX])
def test_a_reply_of_any_length_is_read_whole_and_no_frame_is_too_long(broker: Broker, length: int) -> None:
    wire.publish(broker.channel, wire.reply(b"x" * length, "12"), "nameko-rpc", "reply")
    method, message = broker.message()
    assert method == dumps("Bssbb", (0, "nameko-rpc", "reply", False, False))
    assert (message.body or b"") == b"x" * length
    assert message.properties == {
        "content_type": "application/json",
        "content_encoding": "utf-8",
        "application_headers": {},
        "delivery_mode": 1,
        "priority": 0,
        "correlation_id": "12",
    }
    assert all(len(payload) + 8 <= FRAME_MAX and channel == 7 for _, channel, payload in broker.frames)


def test_an_acknowledgement_names_its_delivery(broker: Broker) -> None:
    wire.acknowledge(broker.channel, 2**40 + 3)
    assert broker.frames == [(1, 7, struct.pack(">HH", 60, 80) + dumps("Lb", (2**40 + 3, False)))]


def test_a_name_that_is_too_long_for_the_wire_is_refused_before_anything_is_written(broker: Broker) -> None:
    with pytest.raises(ValueError, match="bytes must be in range"):
        wire.publish(broker.channel, wire.reply(b"{}", "12"), "nameko-rpc", "k" * 256)
    assert broker.bytes == b""
