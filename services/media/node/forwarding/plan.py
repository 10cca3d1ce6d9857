"""What a forwarder is told: links, the sources that come in on them, and the routes that go out. Both implementations take these."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

Address = tuple[str, int]

STUN, DTLS, UNKNOWN_STREAM = 1, 2, 3
"""What `receive` hands back, because the forwarder does not deal with it."""

HISTORY_PACKETS = 512
"""Video packets kept of each source for retransmission: 2 to 4 seconds."""

MOST_STREAMS = 64
"""SSRCs that one link may have; more are not taken."""

KEY_FRAME_INTERVAL = 0.3
"""Seconds between two key frame requests to one source; Chromium's encoder ignores more."""

TICK_SECONDS = 0.02
"""How often `tick` is to be called."""


@dataclass(frozen=True)
class Handed:
    """One datagram that is not ours to forward. `link` is -1 where the address is not known; an unknown stream comes decrypted."""

    kind: int
    link: int
    address: Address
    data: bytes


@dataclass(frozen=True)
class Extensions:
    """Ids of RTP header extensions (RFC 8285) as negotiated on a link; 0 is "not negotiated"."""

    mid: int = 0
    audio_level: int = 0
    sent_time: int = 0
    transport_cc: int = 0


def merged(one: Extensions, other: Extensions) -> Extensions:
    """The ids of a link's m-lines together; within a bundle an id means one thing (RFC 8843 §9.1)."""
    return Extensions(
        one.mid or other.mid,
        one.audio_level or other.audio_level,
        one.sent_time or other.sent_time,
        one.transport_cc or other.transport_cc,
    )


@dataclass(frozen=True)
class SourcePlan:
    """One incoming stream. `clock_rates`: payload type → Hz; `repairs`: RTX payload type → the payload type that it repairs."""

    link: int
    video: bool
    clock_rates: dict[int, int]
    repairs: dict[int, int] = field(default_factory=dict)
    retransmits: bool = False


@dataclass(frozen=True)
class RoutePlan:
    """One outgoing stream. `payload_types`: the source's payload type → (ours, our RTX's or 0)."""

    source: int
    link: int
    ssrc: int
    repair_ssrc: int
    payload_types: dict[int, tuple[int, int]]
    mid: str
    extensions: Extensions
    cname: str


class SrtpSession(Protocol):
    """What is used of `pylibsrtp.Session`."""

    def protect(self, packet: bytes) -> bytes: ...
    def protect_rtcp(self, packet: bytes) -> bytes: ...
    def unprotect(self, packet: bytes) -> bytes: ...
    def unprotect_rtcp(self, packet: bytes) -> bytes: ...


class Forwarder(Protocol):
    """Moves media packets between links and does what RTCP asks of one in the middle. One thread, one UDP socket, no decoder."""

    name: str

    def receive(self) -> Sequence[Handed]:
        """Deal with what waits at the socket; hand back STUN, DTLS and streams whose SSRC was not announced."""

    def tick(self) -> None:
        """Send what is due: NACK, receiver reports, transport-cc feedback, delayed key frame requests."""

    def send(self, address: Address, data: bytes) -> None:
        """A datagram as it is (STUN, DTLS)."""

    def add_link(self) -> int: ...
    def set_address(self, link: int, address: Address) -> None: ...
    def set_keys(self, link: int, receiving: SrtpSession, sending: SrtpSession) -> None: ...
    def set_extensions(self, link: int, extensions: Extensions) -> None: ...
    def remove_link(self, link: int) -> None:
        """With its sources and routes, and the routes of those sources."""

    def add_source(self, plan: SourcePlan) -> int: ...
    def bind_stream(self, source: int, ssrc: int, repair: bool) -> None:
        """`ssrc` on the source's link is this source (or its retransmissions)."""

    def remove_source(self, source: int) -> None: ...
    def add_route(self, plan: RoutePlan) -> int:
        """Closed until `open_route`."""

    def open_route(self, route: int) -> None:
        """From now on, and nothing from before; a key frame is asked for."""

    def close_route(self, route: int) -> None: ...
    def remove_route(self, route: int) -> None: ...
    def source_report(self, source: int) -> dict[str, Any]: ...
    def route_report(self, route: int) -> dict[str, Any]: ...
    def report(self) -> dict[str, int]: ...
    def close(self) -> None: ...
