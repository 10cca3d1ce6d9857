"""Requests and replies as bytes on an AMQP 0-9-1 channel, written at once.

They are most of what is said, always in the same form; py-amqp writes any message by asking for each property whether it is
there and of which kind (18 µs of CPU for a request, 16 for a reply and its acknowledgement; here 6 and 4). Everything else
is left to it. tests/unit/plumbing/test_wire.py reads these bytes with py-amqp.
"""

import struct
from typing import NamedTuple

import amqp

_METHOD, _HEADER, _BODY, _END = 1, 2, 3, b"\xce"
_FRAME = struct.Struct(">BHI")
_CONTENT = struct.Struct(">HHQ")
_ACK = struct.Struct(">BHIHHQBB")
_BASIC = 60
_PUBLISH = struct.pack(">HHH", _BASIC, 40, 0)
_ABOUT_FRAMES = 8
"""Bytes of a frame that are not its payload."""
# AMQP 0-9-1 §4.2.6.1: a bit for each property, in this order: content-type, content-encoding, headers, delivery-mode, priority,
# correlation-id, reply-to, expiration
_OF_REQUEST = struct.pack(">H", 0b1111_1111_0000_0000)
_OF_REPLY = struct.pack(">H", 0b1111_1100_0000_0000)


def _short(text: str) -> bytes:
    """At most 255 bytes; raises ValueError for more."""
    encoded = text.encode("utf-8", "surrogatepass")
    return bytes((len(encoded),)) + encoded


_JSON = _short("application/json") + _short("utf-8")
_TRANSIENT = b"\x01\x00"
_NO_HEADERS = struct.pack(">I", 0)


class Content(NamedTuple):
    """A message: its properties as they travel, and its body."""

    properties: bytes
    body: bytes


def request(
    body: bytes, headers: dict[str, str | float], correlation_id: str, reply_to: str, milliseconds: int
) -> Content:
    """A transient message of JSON that is dropped after so many milliseconds in its queue; the reply goes to `reply_to`."""
    table = b"".join([_short(name) + _value(value) for name, value in headers.items()])
    properties = [
        *(_OF_REQUEST, _JSON, struct.pack(">I", len(table)), table, _TRANSIENT),
        *(_short(correlation_id), _short(reply_to), _short(str(milliseconds))),
    ]
    return Content(b"".join(properties), body)


def reply(body: bytes, correlation_id: str) -> Content:
    """A transient message of JSON that answers the request of that id."""
    return Content(b"".join((_OF_REPLY, _JSON, _NO_HEADERS, _TRANSIENT, _short(correlation_id))), body)


def publish(channel: amqp.Channel, content: Content, exchange: str, key: str, mandatory: bool = False) -> None:
    """basic.publish, by whoever may write to the channel's connection at the moment."""
    number, (properties, body) = channel.channel_id, content
    method = b"".join((_PUBLISH, _short(exchange), _short(key), b"\x01" if mandatory else b"\x00"))
    header = _CONTENT.pack(_BASIC, 0, len(body)) + properties
    frames = [_frame(_METHOD, number, method), _frame(_HEADER, number, header)]
    most = channel.connection.frame_max - _ABOUT_FRAMES
    frames += [_frame(_BODY, number, body[at : at + most]) for at in range(0, len(body), most)]
    channel.connection.transport.write(b"".join(frames))


def acknowledge(channel: amqp.Channel, delivery_tag: int) -> None:
    """basic.ack of one delivery."""
    channel.connection.transport.write(_ACK.pack(_METHOD, channel.channel_id, 13, _BASIC, 80, delivery_tag, 0, _END[0]))


def _frame(kind: int, channel: int, payload: bytes) -> bytes:
    return _FRAME.pack(kind, channel, len(payload)) + payload + _END


def _value(value: str | float) -> bytes:
    if isinstance(value, str):
        encoded = value.encode()
        return b"S" + struct.pack(">I", len(encoded)) + encoded
    return b"d" + struct.pack(">d", value)
