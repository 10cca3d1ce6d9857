"""What one participant sends: a peer connection for which the browser makes the offers."""

import itertools
import logging
import time
from collections.abc import Callable
from typing import Any

from aiortc import RTCPeerConnection, RTCSessionDescription

from contracts.errors import Invalid
from services.media.node.taps import NodeReceiver, Taps, bind_unknown_stream, wire_of

log = logging.getLogger(__name__)

_MOST_TRACKS = 16
_numbers = itertools.count(1)


class Track:
    """One m-line that a participant sends. `source` is camera, microphone, screen or screen_audio; `number` is the node's own."""

    def __init__(self, participant_id: str, receiver: NodeReceiver, mid: str, source: str) -> None:
        self.participant_id, self.receiver, self.mid, self.source = participant_id, receiver, mid, source
        self.number = next(_numbers)

    @property
    def kind(self) -> str:
        return self.receiver.kind

    @property
    def stream_id(self) -> str:
        """Tracks of one stream are played in step: camera with microphone, the screen with its own sound."""
        return f"{self.participant_id}-screen" if self.source.startswith("screen") else self.participant_id

    @property
    def track_id(self) -> str:
        return f"{self.kind}-{self.number}"


def fingerprint(sdp: str) -> str:
    """The DTLS fingerprint of a description: the same for every offer of one browser connection, another for a new one."""
    return next((line.strip().upper() for line in sdp.splitlines() if line.startswith("a=fingerprint:")), "")


class Publication:
    """`on_change`: the tracks, or what is known of their streams, changed; `on_state`: the connection did."""

    def __init__(
        self, taps: Taps, participant_id: str, on_change: Callable[[], None], on_state: Callable[[], None]
    ) -> None:
        self._participant_id, self._on_change = participant_id, on_change
        self.connection: RTCPeerConnection = taps.publish_connection()
        self.connection.on("connectionstatechange", on_state)
        self.fingerprint = ""
        self.made_at = time.monotonic()
        self._tracks: dict[str, Track] = {}

    @property
    def tracks(self) -> list[Track]:
        """What is being sent now."""
        live = {t.mid for t in self.connection.getTransceivers() if t.currentDirection in ("recvonly", "sendrecv")}
        return [track for mid, track in self._tracks.items() if mid in live]

    async def answer(self, sdp: str, sources: dict[str, str]) -> str:
        """Take an offer and answer it. `sources`: mid → what it shows. Invalid for an offer that is none, or not of audio and video only."""
        kinds = [line[2:].split(" ", 1)[0] for line in sdp.splitlines() if line.startswith("m=")]
        if not 0 < len(kinds) <= _MOST_TRACKS or set(kinds) - {"audio", "video"} or not fingerprint(sdp):
            raise Invalid("An offer has 1 to 16 sections, audio and video only, and a fingerprint.")
        try:
            await self.connection.setRemoteDescription(RTCSessionDescription(sdp, "offer"))
            await self.connection.setLocalDescription(await self.connection.createAnswer())
        except Exception as error:  # aiortc has no one class for what a description can be wrong in
            log.info("an offer was refused: %s", type(error).__name__)
            raise Invalid("The offer is not one that can be answered.") from error
        self.fingerprint = fingerprint(sdp)
        self._listen(sources)
        self._on_change()
        return str(self.connection.localDescription.sdp)

    def _listen(self, sources: dict[str, str]) -> None:
        transceivers: list[Any] = self.connection.getTransceivers()
        for transceiver in transceivers:
            mid, receiver = transceiver.mid, transceiver.receiver
            default = "microphone" if transceiver.kind == "audio" else "camera"
            if mid not in self._tracks:
                self._tracks[mid] = Track(self._participant_id, receiver, mid, sources.get(mid, default))
                receiver.on_source = self._on_change
            elif mid in sources:
                self._tracks[mid].source = sources[mid]
        wire = wire_of(self.connection)
        if wire is not None:
            wire.on_unknown_stream = self._unknown_stream

    def _unknown_stream(self, plain: bytes) -> None:
        wire = wire_of(self.connection)
        receivers = [track.receiver for track in self._tracks.values()]
        if wire is not None and bind_unknown_stream(plain, receivers, wire.extensions.mid):
            self._on_change()

    def report(self) -> list[dict[str, Any]]:
        """One entry for each track whose stream is known."""
        wire = wire_of(self.connection)
        if wire is None or wire.closed:
            return []
        forwarder = wire.port.forwarder
        return [
            {
                "mid": track.mid,
                "kind": track.kind,
                "source": track.source,
                **forwarder.source_report(track.receiver.source),
            }
            for track in self._tracks.values()
            if track.receiver.source is not None
        ]

    async def close(self) -> None:
        await self.connection.close()
