"""What one participant receives: a peer connection for which the node makes the offers, again as people come and go."""

import asyncio
import logging
import random
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from aiortc import RTCPeerConnection, RTCRtpTransceiver, RTCSessionDescription

from contracts.errors import Conflict, Invalid
from services.media.node.forwarding.plan import RoutePlan
from services.media.node.publication import Track
from services.media.node.taps import NodeSender, Taps, extension_ids, payload_types, wire_of

log = logging.getLogger(__name__)

_SAY_AGAIN_SECONDS = 3.0
_SAY_LESS_AFTER = 10
_SAY_SELDOM_SECONDS = 15.0

Signal = Callable[[dict[str, Any]], None]


class Line:
    """One m-line of the connection, carrying one track after another. `accepted`: the browser answered the offer with this track."""

    def __init__(self, transceiver: Any) -> None:
        self.transceiver: RTCRtpTransceiver = transceiver
        self.sender: NodeSender = transceiver.sender
        self.track: Track | None = None
        self.route: int | None = None
        self.carried = False
        self.accepted = False


@dataclass
class Offer:
    """An offer that waits for its answer."""

    id: str
    body: dict[str, Any]
    carried: dict["Line", Track] = field(default_factory=dict)
    said: int = 0
    timer: asyncio.TimerHandle | None = None


class Subscription:
    """Its first offer has one idle line for sound and one for pictures, so that ICE and DTLS are done before anybody is admitted."""

    def __init__(self, taps: Taps, signal: Signal, on_state: Callable[[], None]) -> None:
        self._signal = signal
        self.connection: RTCPeerConnection = taps.subscribe_connection()
        self.connection.on("connectionstatechange", on_state)
        self._may_flow: Callable[[Track], bool] = lambda _: False
        self._lines: list[Line] = []
        self._lock = asyncio.Lock()
        self._offer: Offer | None = None
        self._answered = ""
        self._stale = True
        self._tasks: set[asyncio.Task[None]] = set()
        self._closed = False
        self.made_at = time.monotonic()
        for kind in ("audio", "video"):
            self._add_line(kind)

    def want(self, tracks: list[Track], may_flow: Callable[[Track], bool]) -> None:
        """Carry these tracks from now on. Flows stop at once; what is new flows when the browser has answered."""
        self._may_flow = may_flow
        wanted = set(tracks)
        for line in self._lines:
            if line.track is not None and line.track not in wanted:
                self._free(line)
        carried = {line.track for line in self._lines}
        for track in tracks:
            if track not in carried:
                self._carry(track)
        self._route_all()
        if self._stale:
            self._start_offer()

    async def answer(self, offer_id: str, sdp: str) -> None:
        """Conflict for an answer to another offer than the last; Invalid for one that does not fit it."""
        async with self._lock:
            offer = self._offer
            if offer_id == self._answered:  # the offer was said twice
                return
            if offer is None or offer.id != offer_id:
                raise Conflict("This offer is no longer the last one; answer the one that follows.")
            try:
                await self.connection.setRemoteDescription(RTCSessionDescription(sdp, "answer"))
            except Exception as error:  # aiortc has no one class for what a description can be wrong in
                log.info("an answer was refused: %s", type(error).__name__)
                raise Invalid("The answer does not fit the offer.") from error
            self._answered = offer_id
            self._drop_offer()
            for line, track in offer.carried.items():
                line.accepted = line.track is track
        self._route_all()
        if self._stale:
            self._start_offer()

    def _add_line(self, kind: str) -> Line:
        line = Line(self.connection.addTransceiver(kind, "inactive"))
        line.sender.on_ready = self._route_all
        self._lines.append(line)
        return line

    def _carry(self, track: Track) -> None:
        line = next((line for line in self._lines if line.track is None and line.transceiver.kind == track.kind), None)
        line = line or self._add_line(track.kind)
        fresh = (random.getrandbits(32), random.getrandbits(32)) if line.carried else (None, None)
        line.sender.rename(track.stream_id, track.track_id, *fresh)
        line.track, line.carried, line.accepted = track, True, False
        line.transceiver.direction = "sendonly"
        self._stale = True

    def _free(self, line: Line) -> None:
        self._remove_route(line)
        line.track, line.accepted = None, False
        line.transceiver.direction = "inactive"
        self._stale = True

    def _remove_route(self, line: Line) -> None:
        wire = wire_of(self.connection)
        if line.route is not None and wire is not None:
            wire.port.forwarder.remove_route(line.route)
        line.route = None

    def _route_all(self) -> None:
        if not self._closed:
            for line in self._lines:
                self._route(line)

    def _route(self, line: Line) -> None:
        wire, track = wire_of(self.connection), line.track
        if wire is None or wire.closed or track is None:
            return
        if track.receiver.source is None:
            line.route = None
            return
        may, forwarder = self._may_flow(track), wire.port.forwarder
        if line.route is not None and not may:
            forwarder.close_route(line.route)
        elif may and line.accepted and line.sender.parameters is not None:
            if line.route is None:
                line.route = forwarder.add_route(self._plan(line, track, track.receiver.source, wire.link))
            forwarder.open_route(line.route)

    def _plan(self, line: Line, track: Track, source: int, link: int) -> RoutePlan:
        parameters = line.sender.parameters
        return RoutePlan(
            source, link, *line.sender.ssrcs, payload_types(track.receiver, parameters), parameters.muxId, extension_ids(parameters),
            cname=track.participant_id,
        )  # fmt: skip

    def _start_offer(self) -> None:
        if self._closed or self._offer is not None:
            return
        task = asyncio.get_running_loop().create_task(self._make_offer())
        self._tasks.add(task)
        task.add_done_callback(self._made)

    def _made(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and task.exception() is not None:
            log.error("an offer could not be made", exc_info=task.exception())

    async def _make_offer(self) -> None:
        async with self._lock:
            if self._closed or self._offer is not None or not self._stale:
                return
            self._stale = False
            carried = {line: line.track for line in self._lines if line.track is not None}
            await self.connection.setLocalDescription(await self.connection.createOffer())
            tracks = [
                {
                    "mid": line.transceiver.mid,
                    "participant_id": track.participant_id,
                    "kind": track.kind,
                    "source": track.source,
                }
                for line, track in carried.items()
            ]
            offer_id = secrets.token_hex(8)
            body = {
                "type": "offer",
                "offer_id": offer_id,
                "sdp": self.connection.localDescription.sdp,
                "tracks": tracks,
            }
            self._offer = Offer(offer_id, body, carried)
            self._say(self._offer)

    def _say(self, offer: Offer) -> None:
        """Signals are not stored anywhere: an offer is said again until it is answered, or the connection is given up."""
        if self._closed or self._offer is not offer:
            return
        offer.said += 1
        self._signal(offer.body)
        pause = _SAY_AGAIN_SECONDS if offer.said < _SAY_LESS_AFTER else _SAY_SELDOM_SECONDS
        offer.timer = asyncio.get_running_loop().call_later(pause, self._say, offer)

    def _drop_offer(self) -> None:
        if self._offer is not None and self._offer.timer is not None:
            self._offer.timer.cancel()
        self._offer = None

    def report(self) -> list[dict[str, Any]]:
        """One entry for each route there is."""
        wire = wire_of(self.connection)
        if wire is None or wire.closed:
            return []
        return [
            {
                "mid": line.transceiver.mid, "participant_id": line.track.participant_id, "kind": line.track.kind,
                "source": line.track.source, **wire.port.forwarder.route_report(line.route),
            }
            for line in self._lines
            if line.track is not None and line.track.receiver.source is not None and line.route is not None
        ]  # fmt: skip

    async def close(self) -> None:
        self._closed = True
        self._drop_offer()
        for line in self._lines:
            self._remove_route(line)
        await self.connection.close()
