"""RTP and RTCP as bytes, against aiortc's reading of them, and against noise."""

import random
import struct
from typing import Any

import pytest
from aiortc import rtp as theirs

from services.media.node.forwarding import rtcp, rtp


def packet(payload=b"payload", extensions=None, padding=0):
    """As aiortc writes it."""
    made = theirs.RtpPacket(
        payload_type=97, marker=1, sequence_number=65535, timestamp=2**32 - 1, ssrc=7, payload=payload
    )
    ids = theirs.HeaderExtensionsMap()
    if extensions:
        from aiortc.rtcrtpparameters import RTCRtpHeaderExtensionParameters, RTCRtpParameters

        uris = {1: "urn:ietf:params:rtp-hdrext:sdes:mid", 2: "urn:ietf:params:rtp-hdrext:ssrc-audio-level"}
        ids.configure(
            RTCRtpParameters(headerExtensions=[RTCRtpHeaderExtensionParameters(id=i, uri=u) for i, u in uris.items()])
        )
        made.extensions.mid, made.extensions.audio_level = extensions
    made.padding_size = padding
    return made.serialize(ids)


def test_a_packet_is_read_as_it_was_written():
    plain = packet(extensions=("12", (True, 30)), padding=4)
    header = rtp.read_header(plain)
    assert header is not None
    assert (header.marker, header.payload_type, header.sequence, header.timestamp, header.ssrc) == (
        True,
        97,
        65535,
        2**32 - 1,
        7,
    )
    assert header.extensions[1] == b"12"
    assert header.extensions[2][0] & 127 == 30
    assert plain[header.start : header.end] == b"payload"


def test_what_we_write_is_read_by_others():
    block = rtp.extension_block("3", 1, 0, 0, 2, 0x80 | 40)
    plain = rtp.fixed_header(True, True, 100, 5, 6, 7) + block + b"x"
    header = rtp.read_header(plain)
    assert header is not None
    assert header.extensions == {1: b"3", 2: bytes([0x80 | 40])}
    read = theirs.RtpPacket.parse(plain)
    assert (read.payload_type, read.sequence_number, read.timestamp, read.ssrc, read.payload) == (100, 5, 6, 7, b"x")


def test_no_prefix_and_no_noise_breaks_the_reading_of_rtp():
    noise, whole = random.Random(3), packet(extensions=("1", (False, 1)), padding=3)
    for size in range(len(whole)):
        rtp.read_header(whole[:size])
    for _ in range(30000):
        data = noise.randbytes(noise.randrange(60))
        header = rtp.read_header(data)
        if header is not None:
            assert 12 <= header.start <= header.end <= len(data)


@pytest.mark.parametrize("lost", [[1], [1, 2, 17], [1, 18], [65530, 65535, 0, 3], list(range(100, 140))])
def test_the_numbers_in_a_nack_are_those_that_were_lost(lost):
    plain = rtcp.nack(1, 2, lost)
    read = rtcp.read(plain)
    assert read is not None
    assert read.lost == [(2, lost)]
    packets: list[Any] = theirs.RtcpPacket.parse(plain)
    assert [number & 0xFFFF for number in packets[0].lost] == lost


def test_reports_and_requests_are_read_as_written():
    block = rtcp.Block(
        ssrc=9, lost_fraction=64, lost=300, highest=70000, jitter=12, last_report=0xABCDEF01, delay=65536
    )
    info = rtcp.SenderInfo(ssrc=5, ntp=0xE000000012345678, rtp=99, packets=10, octets=2000)
    plain = rtcp.sender_report(info, "anna") + rtcp.receiver_report(1, [block]) + rtcp.key_frame_request(1, 77)
    read = rtcp.read(plain)
    assert read is not None
    assert (read.senders, read.blocks, read.key_frames) == ([info], [block], [77])
    packets: list[Any] = theirs.RtcpPacket.parse(plain)
    first, name, second, third = packets
    assert first.sender_info.ntp_timestamp == info.ntp
    assert name.chunks[0].items == [(1, b"anna")]
    assert (second.reports[0].packets_lost, second.reports[0].fraction_lost) == (300, 64)
    assert (third.fmt, third.media_ssrc) == (1, 77)


def test_a_full_intra_request_names_each_stream_that_it_is_for():
    body = struct.pack("!II", 1, 0) + struct.pack("!II", 70, 1 << 24) + struct.pack("!II", 71, 2 << 24)
    read = rtcp.read(struct.pack("!BBH", 0x80 | 4, 206, len(body) // 4) + body)
    assert read is not None
    assert read.key_frames == [70, 71]


def test_no_prefix_and_no_noise_breaks_the_reading_of_rtcp():
    noise = random.Random(4)
    whole = rtcp.sender_report(rtcp.SenderInfo(1, 2, 3, 4, 5), "x") + rtcp.nack(1, 2, [5, 900])
    for size in range(len(whole)):
        rtcp.read(whole[:size])
    for _ in range(30000):
        kind = noise.choice((200, 201, 202, 205, 206))
        rtcp.read(
            bytes([0x80 | noise.randrange(64), kind, 0, noise.randrange(8)]) + noise.randbytes(noise.randrange(40))
        )


def arrivals(plain):
    """The feedback as its receiver works it out: number → microseconds, None for lost (two-bit vectors only)."""
    base, count, reference = struct.unpack_from("!HHI", plain, 12)
    time, at, found = (reference >> 8) * 64_000, 20 + 2 * ((count + 6) // 7), {}
    for place in range(count):
        vector = struct.unpack_from("!H", plain, 20 + 2 * (place // 7))[0]
        status = vector >> (12 - 2 * (place % 7)) & 3
        if status == 1:
            time += plain[at] * 250
            at += 1
        elif status == 2:
            time += struct.unpack_from("!h", plain, at)[0] * 250
            at += 2
        found[(base + place) & 0xFFFF] = time if status else None
    return found


def test_congestion_feedback_tells_who_came_when_and_who_did_not():
    plain = rtcp.transport_feedback(
        1, 2, 3, {0: 1_000_000, 1: 1_000_300, 4: 1_100_000, 5: 1_099_000, 9: 1_100_500}, 65533
    )
    assert len(plain) % 4 == 0
    told = arrivals(plain)
    assert [told[(65533 + place) & 0xFFFF] is None for place in range(10)] == [
        False,
        False,
        True,
        True,
        False,
        False,
        True,
        True,
        True,
        False,
    ]
    for place, exact in ((0, 1_000_000), (1, 1_000_300), (4, 1_100_000), (5, 1_099_000), (9, 1_100_500)):
        assert abs(told[(65533 + place) & 0xFFFF] - exact) <= 250
