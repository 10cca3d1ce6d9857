"""Clients for the load: aiortc's ICE, DTLS and SDP, with canned packets and without codecs; RTCP as a browser would send it."""

import asyncio
import copy
import itertools
import random
import socket
import time
from typing import Any, cast

import aioice.ice
import aiortc.codecs
import aiortc.rtcdtlstransport
import aiortc.rtcpeerconnection
import aiortc.rtcrtpreceiver
import aiortc.rtcrtpsender
import pylibsrtp
from aiortc import RTCConfiguration, RTCSessionDescription
from aiortc.rtcconfiguration import RTCBundlePolicy
from aiortc.rtcrtpparameters import RTCRtcpFeedback, RTCRtpHeaderExtensionParameters

from bench.media import packets
from services.media.node.forwarding import rtcp
from services.media.node.taps import extension_ids, second_copy

CONFIGURATION = RTCConfiguration(iceServers=[], bundlePolicy=RTCBundlePolicy.MAX_BUNDLE)
_TRANSPORT_CC = "http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01"
_VERIFIED_EACH = 8
_RECEIVE_BUFFER_BY_ROOT = 33  # SO_RCVBUFFORCE (socket(7)), which Python does not name
_transports = itertools.count()


class Totals:
    """Of all clients of this process."""

    def __init__(self) -> None:
        self.sent = self.received = self.lost = self.verified = self.refused = 0


TOTALS = Totals()
SENDERS: list["LoadSender"] = []


class MediaFirst(aioice.ice.StunProtocol):
    """Media goes past the STUN parser and the queue of DTLS, into a buffer that outlasts a pause of this busy process."""

    def connection_made(self, transport: Any) -> None:
        super().connection_made(transport)
        transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, _RECEIVE_BUFFER_BY_ROOT, 4 << 20)

    def datagram_received(self, data: Any, addr: Any) -> None:
        take = getattr(self.receiver, "take_media", None)
        if take is None or not 127 < data[0] < 192:
            super().datagram_received(data, addr)
            return
        take(data)
        waiting = cast("Any", self.transport)._sock
        # asyncio gives one datagram for each turn of its loop; what else waits is read here, or this process would be the limit
        try:
            while True:
                data, addr = waiting.recvfrom(2048)
                if 127 < data[0] < 192:
                    take(data)
                else:
                    super().datagram_received(data, addr)
        except BlockingIOError:
            return


class LoadTransport(aiortc.rtcdtlstransport.RTCDtlsTransport):
    def __init__(self, *arguments: Any) -> None:
        super().__init__(*arguments)
        self.highest: dict[bytes, int] = {}
        self.verifies = next(_transports) % _VERIFIED_EACH in (0, 3)
        self.number = 0
        self.reporting: asyncio.Task[None] | None = None

    def _setup_srtp(self) -> None:
        super()._setup_srtp()
        cast("Any", self.transport._connection).take_media = self.take_media
        self.reporting = asyncio.ensure_future(self._report())

    def take_media(self, data: bytes) -> None:
        if 192 <= data[1] <= 223:
            return
        TOTALS.received += 1
        ssrc, sequence = data[8:12], data[2] << 8 | data[3]
        highest = self.highest.get(ssrc)
        ahead = 1 if highest is None else (sequence - highest) & 0xFFFF
        if 0 < ahead < 3000:
            TOTALS.lost += ahead - 1
            self.highest[ssrc] = sequence
        if self.verifies:
            try:
                self._rx_srtp.unprotect(data)
                TOTALS.verified += 1
            except pylibsrtp.Error:
                TOTALS.refused += 1

    def send_now(self, plain: bytes) -> None:
        pair = self.transport._connection._nominated.get(1)
        if pair is not None:
            protect = self._tx_srtp.protect_rtcp if 192 <= plain[1] <= 223 else self._tx_srtp.protect
            pair.protocol.transport.sendto(protect(plain), pair.remote_addr)

    async def _report(self) -> None:
        """A receiver report each second, as Chromium sends for video."""
        await asyncio.sleep(random.random())
        while True:
            await asyncio.sleep(1)
            blocks = [
                rtcp.Block(int.from_bytes(ssrc, "big"), 0, 0, highest, 50, 0, 0)
                for ssrc, highest in self.highest.items()
            ]
            if blocks:
                self.send_now(rtcp.receiver_report(1, blocks[:31]))


class LoadSender(aiortc.rtcrtpsender.RTCRtpSender):
    parameters: Any = None

    async def send(self, parameters: Any) -> None:
        if self.parameters is None:
            self.parameters, self.ids = parameters, extension_ids(parameters)
            self.payload_type = parameters.codecs[0].payloadType
            self.sequence, self.due, self.frame = random.randrange(1000, 20000), 0.0, 0
            self.reported = 0.0
            SENDERS.append(self)

    async def stop(self) -> None:
        """Nothing was started."""

    def push(self, payload: bytes, timestamp: int, marker: bool) -> None:
        transport = cast("LoadTransport", self.transport)
        transport.number += 1
        ids = self.ids
        block = packets.extensions(
            self.parameters.muxId,
            ids.mid,
            ids.audio_level if self.kind == "audio" else 0,
            ids.transport_cc,
            transport.number,
        )
        transport.send_now(
            packets.packet(marker, self.payload_type, self.sequence, timestamp, self._ssrc, block, payload)
        )
        self.sequence += 1
        TOTALS.sent += 1

    def send_due(self, now: float) -> None:
        """What should have left by now; a sender report each second."""
        self.due = self.due or now + random.random() / 30
        while self.due <= now:
            if self.kind == "video":
                parts = packets.FRAMES[self.frame % len(packets.FRAMES)]
                for part in parts:
                    self.push(part, self.frame * packets.VIDEO_CLOCK, part is parts[-1])
                self.due += packets.VIDEO_SECONDS
            else:
                self.push(packets.SOUNDS[self.frame % len(packets.SOUNDS)], self.frame * packets.AUDIO_CLOCK, False)
                self.due += packets.AUDIO_SECONDS
            self.frame += 1
        if now - self.reported > 1:
            self.reported = now
            step = packets.VIDEO_CLOCK if self.kind == "video" else packets.AUDIO_CLOCK
            info = rtcp.SenderInfo(
                self._ssrc, int(time.time() * 2**32) & 2**64 - 1, self.frame * step & 0xFFFFFFFF, self.frame, 0
            )
            cast("LoadTransport", self.transport).send_now(rtcp.sender_report(info, "load"))


class LoadReceiver(aiortc.rtcrtpreceiver.RTCRtpReceiver):
    async def receive(self, parameters: Any) -> None:
        """The transport counts what comes."""

    async def stop(self) -> None:
        """Nothing was started."""

    def _handle_disconnect(self) -> None:
        """Nothing was started."""


def _connection_class() -> Any:
    module: Any = second_copy(aiortc.rtcpeerconnection, "rtcpeerconnection_load")
    module.RTCDtlsTransport, module.RTCRtpSender, module.RTCRtpReceiver = LoadTransport, LoadSender, LoadReceiver
    module.CODECS = copy.deepcopy(aiortc.codecs.CODECS)
    module.HEADER_EXTENSIONS = copy.deepcopy(aiortc.codecs.HEADER_EXTENSIONS)
    for kind, codecs in module.CODECS.items():
        for codec in codecs:
            if not aiortc.codecs.is_rtx(codec):
                codec.rtcpFeedback.append(RTCRtcpFeedback(type="transport-cc"))
        module.HEADER_EXTENSIONS[kind].append(RTCRtpHeaderExtensionParameters(id=4, uri=_TRANSPORT_CC))
    return module.RTCPeerConnection


Connection = _connection_class()


def use_only(address: str) -> None:
    """The clients' ICE offers this address."""
    aioice.ice.get_host_addresses = lambda **_: [address]
    cast("Any", aioice.ice).StunProtocol = MediaFirst


def one_fingerprint(sdp: str) -> str:
    """Janus 1.1 keeps the last fingerprint of a description, and knows SHA-256 only."""
    return "".join(
        line for line in sdp.splitlines(True) if not line.startswith(("a=fingerprint:sha-384", "a=fingerprint:sha-512"))
    )


async def offer(connection: Any) -> str:
    """A description with one line for sound and one for pictures."""
    for kind in ("audio", "video"):
        connection.addTransceiver(kind, "sendonly")
    await connection.setLocalDescription(await connection.createOffer())
    return one_fingerprint(connection.localDescription.sdp)


async def accept(connection: Any, answer: str) -> None:
    """Take the answer to `offer`."""
    await connection.setRemoteDescription(RTCSessionDescription(answer, "answer"))


async def answer_to(connection: Any, sdp: str) -> str:
    """The answer to a server's offer."""
    await connection.setRemoteDescription(RTCSessionDescription(sdp, "offer"))
    await connection.setLocalDescription(await connection.createAnswer())
    return one_fingerprint(connection.localDescription.sdp)


async def keep_sending() -> None:
    """30 pictures and 50 sounds a second from every client that is connected."""
    while True:
        now = time.monotonic()
        for sender in SENDERS:
            if sender.transport.state == "connected":
                sender.send_due(now)
        await asyncio.sleep(0.004)
