"""Whatever arrives at the port: counted, dropped, and nobody else notices."""

import random
import socket
import struct

import pytest

from tests.media.participants import Participant, running, until

GARBAGE = {
    "nothing at all": b"",
    "one byte": b"\x80",
    "text": b"GET / HTTP/1.1\r\n\r\n",
    "an RTP header cut short": b"\x80\x60\x00",
    "RTP from nobody": b"\x80\x60" + bytes(40),
    "RTCP from nobody": b"\x80\xc8\x00\x06" + bytes(24),
    "DTLS from nobody": b"\x16\xfe\xfd" + bytes(50),
    "STUN cut short": b"\x00\x01\x00\x08\x21\x12\xa4\x42" + bytes(12),
    "STUN that says more than it has": b"\x00\x01\xff\xfc\x21\x12\xa4\x42" + bytes(12),
    "STUN without integrity": b"\x00\x01\x00\x00\x21\x12\xa4\x42" + bytes(12),
    "a jumbo datagram": bytes([200]) * 9000,
}


def counted(node):
    report = node.port.report()
    return report["strays"] + report["refused"] + report["unanswered"]


@pytest.mark.parametrize("data", GARBAGE.values(), ids=list(GARBAGE))
def test_a_datagram_that_is_none_is_counted_and_dropped(play, backend, data):
    async def call():
        async with running(backend) as node:
            with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as stranger:
                stranger.sendto(data, node.address)
                await until(lambda: counted(node) == 1)
            assert node.port.report()["links"] == 0

    play(call())


def test_a_call_goes_on_while_a_stranger_floods_the_port(play, backend):
    async def call():
        async with running(backend) as node:
            anna, _ = [await Participant(node, name).join() for name in ("anna", "ben")]
            await until(lambda: anna.numbers("ben", "camera"))
            noise = random.Random(1)
            with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as stranger:
                for number in range(2000):
                    stranger.sendto(noise.randbytes(1 + number % 1400), node.address)
            heard = len(anna.numbers("ben", "camera"))
            await until(lambda: len(anna.numbers("ben", "camera")) > heard + 10)
            await until(lambda: counted(node) > 1000)

    play(call())


def test_media_with_a_participants_address_and_without_their_key_is_refused(play, backend):
    async def call():
        async with running(backend) as node:
            anna, ben = [await Participant(node, name).join() for name in ("anna", "ben")]
            await until(lambda: len(anna.numbers("ben", "camera")) > 3)
            transport = ben.sending.getTransceivers()[0].receiver.transport.transport._connection
            ssrc = ben.sending.getTransceivers()[1].sender._ssrc
            for sequence in range(50):
                await transport.send(struct.pack("!BBHII", 0x80, 97, sequence, 0, ssrc) + b"forged" * 20)
                await transport.send(struct.pack("!BBHI", 0x80, 201, 1, ssrc) + bytes(20))
            await until(lambda: node.port.report()["refused"] == 100)
            heard = len(anna.numbers("ben", "camera"))
            await until(lambda: len(anna.numbers("ben", "camera")) > heard + 5)
            assert not any(b"forged" in data for data in anna.received["ben", "camera"].frames)

    play(call())


def test_a_recorded_packet_played_again_passes_once(play, backend):
    async def call():
        async with running(backend) as node:
            anna, ben = [await Participant(node, name).join() for name in ("anna", "ben")]
            await until(lambda: len(anna.numbers("ben", "camera")) > 3)
            connection = ben.sending.getTransceivers()[0].receiver.transport.transport._connection
            send = connection.send
            recorded = []

            async def record(data):
                recorded.append(data)
                await send(data)

            ben.sending.getTransceivers()[0].receiver.transport.transport._send = record
            await until(lambda: len([data for data in recorded if data[0] == 0x90]) > 20)
            refused = node.port.report()["refused"]
            again = [data for data in recorded if data[0] == 0x90][:20]
            for data in again:
                await send(data)
            await until(lambda: node.port.report()["refused"] >= refused + 20)
            numbers = anna.numbers("ben", "camera")
            assert len(numbers) == len(set(numbers))

    play(call())
