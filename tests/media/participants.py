"""Participants made of aiortc's own peer connections: what they send is known byte by byte, what they receive is kept undecoded."""

import asyncio
import fractions
import random
import sys
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

import aiortc.rtcpeerconnection
import aiortc.rtcrtpreceiver
import av
from aiortc import MediaStreamTrack, RTCConfiguration, RTCIceServer, RTCPeerConnection, RTCSessionDescription
from aiortc.rtcconfiguration import RTCBundlePolicy

from services.media.node.calls import Calls
from services.media.node.forwarding.choice import open_forwarder
from services.media.node.port import Port, open_socket
from services.media.node.taps import Taps, second_copy, srtp_functions, srtp_handle

BACKENDS = ("native", "python")
_CONFIGURATION = RTCConfiguration(iceServers=[], bundlePolicy=RTCBundlePolicy.MAX_BUNDLE)
_FRAMES_PER_SECOND = {"video": 30, "audio": 50}
_BYTES = {"video": 3000, "audio": 80}


async def until(condition: Callable[[], Any], seconds: float = 15.0, what: str = "") -> None:
    """Wait until the condition holds; fail after `seconds`."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            raise AssertionError(f"not so within {seconds} s: {what or condition}")
        await asyncio.sleep(0.01)


def frame(name: str, kind: str, number: int) -> bytes:
    """The encoded frame of this number; nobody else's is like it."""
    return number.to_bytes(4, "big") + random.Random(f"{name} {kind} {number}").randbytes(_BYTES[kind])


class KnownTrack(MediaStreamTrack):
    """Sends `frame(name, kind, 0 …)` at the usual pace, as if an encoder had made them."""

    def __init__(self, name: str, kind: str) -> None:
        super().__init__()
        self.kind, self.name, self.number = kind, name, 0
        self._started = 0.0

    async def recv(self) -> Any:
        rate = _FRAMES_PER_SECOND[self.kind]
        self._started = self._started or time.monotonic()
        await asyncio.sleep(max(0.0, self._started + self.number / rate - time.monotonic()))
        packet = av.Packet(frame(self.name, self.kind, self.number))
        packet.pts, packet.time_base = self.number, fractions.Fraction(1, rate)
        self.number += 1
        return packet


class Received:
    """One incoming stream: the frames as they would have gone into a decoder, but for the first, which may be cut."""

    def __init__(self) -> None:
        self.frames: list[bytes] = []

    def numbers(self, name: str, kind: str) -> list[int]:
        """The numbers of those frames that are, byte for byte, what `name` sent."""
        numbered = [(int.from_bytes(data[:4], "big"), data) for data in self.frames[1:]]
        return [number for number, data in numbered if data == frame(name, kind, number)]


def _recording() -> Any:
    """aiortc's peer connection with a receiver that keeps encoded frames where it would decode them."""
    receiver: Any = second_copy(aiortc.rtcrtpreceiver, "rtcrtpreceiver_recording")

    def record(loop: Any, incoming: Any, outgoing: Any, error: Any) -> None:
        while (task := incoming.get()) is not None:
            outgoing.received.frames.append(task[1].data)

    receiver.decoder_worker = record

    class RecordingReceiver(receiver.RTCRtpReceiver):
        def __init__(self, kind: str, transport: Any) -> None:
            super().__init__(kind, transport)
            self.received = Received()

        async def receive(self, parameters: Any) -> None:
            self._track._queue.received = self.received
            await super().receive(parameters)

    module: Any = second_copy(aiortc.rtcpeerconnection, "rtcpeerconnection_recording")
    module.RTCRtpReceiver = RecordingReceiver
    return module.RTCPeerConnection


_RecordingConnection = _recording()


class Node:
    """A node in this process, without the bus."""

    def __init__(self, backend: str, announced_port: int | None = None, udp_port: int = 0) -> None:
        sock = open_socket("127.0.0.1", udp_port)
        self.address = sock.getsockname()
        forwarder = open_forwarder(sock, backend, srtp_functions(), srtp_handle)
        self.port = Port(sock, forwarder, ("127.0.0.1", announced_port or self.address[1]))
        self.participants: dict[str, Participant] = {}
        self.reports: list[tuple[str, dict[str, Any]]] = []
        self.signals: list[tuple[str, dict[str, Any]]] = []
        self.listeners: list[Callable[[str, dict[str, Any]], None]] = []
        self.calls = Calls(Taps(self.port), self._signal, lambda key, body: self.reports.append((key, body)))

    def _signal(self, participant_id: str, body: dict[str, Any]) -> None:
        self.signals.append((participant_id, body))
        participant = self.participants.get(participant_id)
        if participant is not None:
            participant.hear(body)
        for listener in self.listeners:
            listener(participant_id, body)

    async def stop(self) -> None:
        for participant in self.participants.values():
            await participant.stop()
        await self.calls.close()
        self.port.close()

    def said(self, key: str) -> list[str]:
        return [body["participant_id"] for said, body in self.reports if said == key]


@asynccontextmanager
async def running(backend: str, **options: Any) -> AsyncIterator[Node]:
    node = Node(backend, **options)
    node.port.start()
    node.calls.start()
    node.calls.open_call("call", "organisation")
    try:
        yield node
    finally:
        await node.stop()


class Participant:
    """One browser's worth of connections. `received[(from, source)]` is the stream that this offer says comes from there."""

    def __init__(
        self, node: Any, name: str, seated: bool = True, kinds: tuple[str, ...] = ("audio", "video"),
        ice_servers: Sequence[RTCIceServer] = (),
    ) -> None:  # fmt: skip
        self.node, self.name, self.kinds = node, name, kinds
        self._configuration = replace(_CONFIGURATION, iceServers=list(ice_servers))
        self.sending: Any = None
        self.receiving: Any = None
        self.tracks = {kind: KnownTrack(name, kind) for kind in kinds}
        self.received: dict[tuple[str, str], Received] = {}
        self.offers: list[dict[str, Any]] = []
        self._tasks: set[asyncio.Task[None]] = set()
        node.participants[name] = self
        if seated:
            node.calls.seat("call", name)

    async def join(self) -> "Participant":
        if self.kinds:
            await self.publish()
        self.receiving = _RecordingConnection(self._configuration)
        self.node.calls.subscribe("call", self.name)
        return self

    async def publish(self) -> None:
        self.sending = RTCPeerConnection(self._configuration)
        for track in self.tracks.values():
            self.sending.addTransceiver(track, "sendonly")
        await self.offer()

    async def offer(self, sources: dict[str, str] | None = None) -> None:
        await self.sending.setLocalDescription(await self.sending.createOffer())
        answer = await self.node.calls.publish("call", self.name, self.sending.localDescription.sdp, sources or {})
        await self.sending.setRemoteDescription(RTCSessionDescription(answer, "answer"))

    def hear(self, body: dict[str, Any]) -> None:
        if body["type"] == "offer" and self.receiving is not None and self.receiving.signalingState != "closed":
            task = asyncio.get_running_loop().create_task(self._answer(body))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _answer(self, body: dict[str, Any]) -> None:
        self.offers.append(body)
        await self.receiving.setRemoteDescription(RTCSessionDescription(body["sdp"], "offer"))
        by_mid = {track["mid"]: (track["participant_id"], track["source"]) for track in body["tracks"]}
        self.received = {
            by_mid[t.mid]: t.receiver.received for t in self.receiving.getTransceivers() if t.mid in by_mid
        }
        await self.receiving.setLocalDescription(await self.receiving.createAnswer())
        await self.node.calls.answer("call", self.name, body["offer_id"], self.receiving.localDescription.sdp)

    def numbers(self, name: str, source: str) -> list[int]:
        """Of the frames that came from there, the numbers of those that are byte for byte what was sent."""
        stream = self.received.get((name, source))
        return stream.numbers(name, "audio" if source == "microphone" else "video") if stream else []

    def packets(self) -> int:
        """Media packets that reached this participant."""
        transceivers = self.receiving.getTransceivers() if self.receiving else []
        if not transceivers:
            return 0
        return int(transceivers[0].receiver.transport._RTCDtlsTransport__rx_packets)

    async def stop(self) -> None:
        for connection in (self.sending, self.receiving):
            if connection is not None:
                await connection.close()


def only_loopback(monkeypatch: Any) -> None:
    """The participants' own ICE offers 127.0.0.1, which aioice leaves out otherwise."""
    monkeypatch.setattr(sys.modules["aioice.ice"], "get_host_addresses", lambda use_ipv4, use_ipv6: ["127.0.0.1"])
