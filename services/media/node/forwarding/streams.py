"""What is remembered of each link, source and route in the pure Python forwarder. No sockets, no clock: `now` is an argument."""

import random
from collections import deque
from typing import NamedTuple

from services.media.node.forwarding.plan import HISTORY_PACKETS, Address, Extensions, RoutePlan, SourcePlan, SrtpSession
from services.media.node.forwarding.rtcp import Block, SenderInfo
from services.media.node.forwarding.rtp import extension_template

_MOST_MISSING = 128
_MOST_ASKS = 10
_ASK_AGAIN_SECONDS = 0.06
_MOST_ARRIVALS = 300
_WIDEST_FEEDBACK = 1000


class Kept(NamedTuple):
    """A packet of a source, as it may be sent again. `extended` is its sequence number without wrapping."""

    extended: int
    payload_type: int
    marker: bool
    timestamp: int
    payload: bytes


class Missing:
    """Sequence numbers that did not come, each asked for at most ten times."""

    def __init__(self) -> None:
        self._asks: dict[int, tuple[int, float]] = {}

    def add(self, first: int, after: int) -> None:
        for extended in range(max(first, after - _MOST_MISSING), after):
            self._asks[extended] = (0, 0.0)
        while len(self._asks) > _MOST_MISSING:
            del self._asks[next(iter(self._asks))]

    def came(self, extended: int) -> bool:
        """Whether it was missing."""
        return self._asks.pop(extended, None) is not None

    def due(self, highest: int, now: float) -> list[int]:
        """What to ask for now, in 16 bits, ascending; what is too old or was asked for too often is given up."""
        due = []
        for extended, (asked, last) in sorted(self._asks.items()):
            if highest - extended >= HISTORY_PACKETS or asked >= _MOST_ASKS:
                del self._asks[extended]
            elif now - last >= _ASK_AGAIN_SECONDS:
                self._asks[extended] = (asked + 1, now)
                due.append(extended & 0xFFFF)
        return due


class Source:
    """One incoming stream."""

    def __init__(self, plan: SourcePlan, link: "Link") -> None:
        self.plan, self.link = plan, link
        self.ssrc: int | None = None
        self.routes: list[Route] = []
        self.history: list[Kept | None] = [None] * HISTORY_PACKETS if plan.video else []
        self.missing = Missing()
        self.first = self.highest = 0
        self.packets = self.bytes = self.frames = self.repaired = self.nacks = self.key_frame_requests = 0
        self.level = 127
        self.key_frame_asked = float("-inf")
        self.key_frame_wanted = False
        self.sender_info: SenderInfo | None = None
        self.sender_info_at = 0.0
        self._jitter, self._transit, self._timestamp = 0.0, 0.0, -1
        self._expected_before = self._received_before = 0
        self.lost_fraction = 0

    def extend(self, sequence: int) -> int:
        """The sequence number without wrapping, near the highest seen."""
        if not self.packets:
            return 0x10000 + sequence
        distance = (sequence - self.highest) & 0xFFFF
        return self.highest + (distance - 0x10000 if distance >= 0x8000 else distance)

    def arrived(self, extended: int, payload_type: int, timestamp: int, size: int, now: float) -> None:
        """Count an original packet; note what is missing before it; RFC 3550 A.8 for the jitter."""
        if not self.packets:
            self.first = self.highest = extended
        elif extended > self.highest:
            if self.plan.retransmits:
                self.missing.add(self.highest + 1, extended)
            self.highest = extended
        else:
            self.missing.came(extended)
        self.packets += 1
        self.bytes += size
        if timestamp != self._timestamp:
            transit = now * self.plan.clock_rates[payload_type] - timestamp
            if self._timestamp >= 0:
                change = abs(transit - self._transit)
                if change < 0x40000000:
                    self._jitter += (change - self._jitter) / 16
            self._transit, self._timestamp = transit, timestamp

    def keep(self, kept: Kept) -> bool:
        """Into the history; False where it is there already, or older than the history."""
        if not self.history:
            return True
        place = kept.extended % HISTORY_PACKETS
        there = self.history[place]
        if there is not None and there.extended >= kept.extended:
            return False
        self.history[place] = kept
        self.frames += kept.marker
        return True

    def kept(self, extended: int) -> Kept | None:
        kept = self.history[extended % HISTORY_PACKETS] if self.history else None
        return kept if kept is not None and kept.extended == extended else None

    @property
    def lost(self) -> int:
        """Packets that never came, nor were repaired."""
        return max(0, self.highest - self.first + 1 - self.packets - self.repaired) if self.packets else 0

    @property
    def jitter(self) -> int:
        return int(self._jitter)

    def block(self, now: float) -> Block:
        """The report block for the time since the last one (RFC 3550 A.3)."""
        expected = self.highest - self.first + 1
        received = self.packets + self.repaired
        due, came = expected - self._expected_before, received - self._received_before
        self._expected_before, self._received_before = expected, received
        self.lost_fraction = max(0, min(255, ((due - came) << 8) // due)) if due > 0 else 0
        info = self.sender_info
        last = info.ntp >> 16 & 0xFFFFFFFF if info else 0
        delay = int((now - self.sender_info_at) * 65536) & 0xFFFFFFFF if info else 0
        highest = (self.highest - 0x10000) & 0xFFFFFFFF
        return Block(self.ssrc or 0, self.lost_fraction, self.lost, highest, self.jitter, last, delay)


class Route:
    """One outgoing stream. A packet's number on it is the source's number plus `offset`, so that there is no gap after a pause."""

    def __init__(self, plan: RoutePlan, source: Source, link: "Link") -> None:
        self.plan, self.source, self.link = plan, source, link
        ids = plan.extensions
        block, self.sent_time_at, self.level_at = extension_template(plan.mid, ids.mid, ids.sent_time, ids.audio_level)
        self.block = bytearray(block)
        self.open = False
        self.floor: int | None = None
        self.offset = 0
        self.next_sequence = random.getrandbits(15)
        self.repair_sequence = random.getrandbits(15)
        self.packets = self.bytes = self.retransmitted = self.nacks = self.key_frame_requests = 0
        self.reported: Block | None = None
        self.round_trip: float | None = None
        self.last_ntp, self.last_report_at = 0, 0.0

    def number(self, extended: int) -> int | None:
        """Our sequence number for a packet of the source; None for one from before the route was opened."""
        if self.floor is None:
            self.floor = extended
            self.offset = self.next_sequence - extended
        if extended < self.floor:
            return None
        ours = extended + self.offset
        self.next_sequence = max(self.next_sequence, ours + 1)
        return ours & 0xFFFF

    def original(self, sequence: int) -> int | None:
        """The source's extended number behind one of ours; None where it was not sent on this route since it was opened."""
        if not self.open or self.floor is None:
            return None
        behind = (self.next_sequence - 1 - sequence) & 0xFFFF
        extended = self.next_sequence - 1 - behind - self.offset
        return extended if extended >= self.floor else None

    def heard(self, block: Block, now: float) -> None:
        """A receiver's report on this route; the round trip by RFC 3550 §6.4.1."""
        self.reported = block
        if block.last_report and block.last_report == self.last_ntp:
            self.round_trip = max(0.0, now - self.last_report_at - block.delay / 65536)


class Arrivals:
    """When packets with a transport-wide number came, since the last feedback."""

    def __init__(self) -> None:
        self._seen: deque[tuple[int, int]] = deque(maxlen=_MOST_ARRIVALS)
        self._highest: int | None = None
        self._next: int | None = None
        self.media_ssrc = 0
        self.count = 0

    def __bool__(self) -> bool:
        return bool(self._seen)

    def add(self, sequence: int, microseconds: int, ssrc: int) -> None:
        if self._highest is None:
            self._highest = self._next = 0x10000 + sequence
        distance = (sequence - self._highest) & 0xFFFF
        extended = self._highest + (distance - 0x10000 if distance >= 0x8000 else distance)
        self._highest = max(self._highest, extended)
        self._seen.append((extended, microseconds))
        self.media_ssrc = ssrc

    def take(self) -> tuple[int, dict[int, int], int]:
        """(base in 16 bits, offset → microseconds, feedback count), beginning after the last feedback so that losses between count."""
        lowest, highest = min(self._seen)[0], max(self._seen)[0]
        base = min(lowest, self._next if self._next is not None else lowest)
        base = max(base, highest + 1 - _WIDEST_FEEDBACK)
        arrivals: dict[int, int] = {}
        for extended, microseconds in self._seen:
            if extended >= base:
                arrivals.setdefault(extended - base, microseconds)
        self._seen.clear()
        self._next = highest + 1
        count, self.count = self.count, (self.count + 1) & 255
        return base & 0xFFFF, arrivals, count


class Link:
    """One encrypted transport with a remote: a peer connection."""

    def __init__(self) -> None:
        self.address: Address | None = None
        self.receiving: SrtpSession | None = None
        self.sending: SrtpSession | None = None
        self.extensions = Extensions()
        self.streams: dict[int, tuple[Source, bool]] = {}
        self.sources: list[Source] = []
        self.routes: dict[int, Route] = {}
        self.arrivals = Arrivals()
        self.feedback_at = self.report_at = 0.0
        self.feedback_ssrc = random.getrandbits(32)
