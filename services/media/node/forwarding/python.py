"""The forwarder in pure Python, for machines without a compiler, and the plainest statement of what forwarding does."""

import socket
import time

from pylibsrtp import Error as SrtpError

from services.media.node.forwarding import rtcp
from services.media.node.forwarding.plan import (
    DTLS,
    KEY_FRAME_INTERVAL,
    STUN,
    UNKNOWN_STREAM,
    Address,
    Handed,
)  # fmt: skip
from services.media.node.forwarding.rtp import Header, fixed_header, read_header
from services.media.node.forwarding.streams import Kept, Link, Route, Source
from services.media.node.forwarding.tables import Tables

_LARGEST = 2048
_BUDGET = 256
_FEEDBACK_SECONDS = 0.05
_REPORT_SECONDS = 1.0
_COUNTERS = (
    "received", "sent", "received_bytes", "sent_bytes", "strays", "refused", "unsent",
    "nacks_received", "nacks_sent", "retransmitted", "repaired", "key_frames_asked", "key_frames_requested",
    "receiver_reports_sent", "sender_reports_sent", "transport_feedback_sent", "bandwidth_estimates_received",
)  # fmt: skip


def _sent_time() -> bytes:
    """abs-send-time: 6.18 fixed point seconds in 24 bits."""
    return (int(time.time() * 262144) & 0xFFFFFF).to_bytes(3, "big")


class PythonForwarder(Tables):
    """See `plan.Forwarder`."""

    name = "python"

    def __init__(self, sock: socket.socket) -> None:
        super().__init__()
        self._socket = sock
        self._count = dict.fromkeys(_COUNTERS, 0)

    def receive(self) -> list[Handed]:
        handed: list[Handed] = []
        for _ in range(_BUDGET):
            try:
                data, address = self._socket.recvfrom(_LARGEST)
            except OSError:  # nothing more waits, or an ICMP error of a former send
                break
            address = address[:2]
            first = data[0] if data else 255
            if 128 <= first < 192:
                self._media(data, address, handed)
            elif first < 4 and len(data) >= 20:
                handed.append(Handed(STUN, self._link_id(address), address, data))
            elif 20 <= first < 64 and address in self._by_address:
                handed.append(Handed(DTLS, self._link_id(address), address, data))
            else:
                self._count["strays"] += 1
        return handed

    def _media(self, data: bytes, address: Address, handed: list[Handed]) -> None:
        link = self._by_address.get(address)
        if link is None or link.receiving is None or len(data) < 12:
            self._count["strays"] += 1
            return
        try:
            if 192 <= data[1] <= 223:
                self._rtcp(link, link.receiving.unprotect_rtcp(data))
                return
            plain = link.receiving.unprotect(data)
        except (SrtpError, ValueError):
            self._count["refused"] += 1
            return
        header = read_header(plain)
        if header is None:
            self._count["refused"] += 1
            return
        self._count["received"] += 1
        self._count["received_bytes"] += len(data)
        numbered = header.extensions.get(link.extensions.transport_cc)
        if numbered and len(numbered) >= 2:
            link.arrivals.add(numbered[0] << 8 | numbered[1], time.monotonic_ns() // 1000, header.ssrc)
        stream = link.streams.get(header.ssrc)
        if stream is None:
            handed.append(Handed(UNKNOWN_STREAM, self._link_ids[id(link)], address, plain))
        elif stream[1]:
            self._repair(stream[0], header, plain)
        else:
            self._original(stream[0], header, plain)

    def _original(self, source: Source, header: Header, plain: bytes) -> None:
        if header.payload_type not in source.plan.clock_rates:
            return
        extended = source.extend(header.sequence)
        source.arrived(extended, header.payload_type, header.timestamp, len(plain), time.monotonic())
        level = header.extensions.get(source.link.extensions.audio_level)
        if level:
            source.level = level[0]
        payload = plain[header.start : header.end]
        self._fan_out(source, Kept(extended, header.payload_type, header.marker, header.timestamp, payload))

    def _repair(self, source: Source, header: Header, plain: bytes) -> None:
        """RFC 4588: the first two bytes of the payload are the number of the packet that is sent again."""
        repaired = source.plan.repairs.get(header.payload_type)
        if repaired is None or header.end - header.start < 2 or not source.packets:
            return
        extended = source.extend(int.from_bytes(plain[header.start : header.start + 2], "big"))
        if extended > source.highest or not source.missing.came(extended):
            return
        source.repaired += 1
        self._count["repaired"] += 1
        self._fan_out(
            source, Kept(extended, repaired, header.marker, header.timestamp, plain[header.start + 2 : header.end])
        )

    def _fan_out(self, source: Source, kept: Kept) -> None:
        if not source.keep(kept):
            return
        sent_time = _sent_time()
        for route in source.routes:
            if route.open:
                self._forward(route, kept, sent_time)

    def _forward(self, route: Route, kept: Kept, sent_time: bytes, again: bool = False) -> None:
        plan, link = route.plan, route.link
        types = plan.payload_types.get(kept.payload_type)
        sequence = route.number(kept.extended)
        if types is None or sequence is None or link.sending is None or link.address is None:
            return
        block = route.block
        if route.sent_time_at:
            block[route.sent_time_at : route.sent_time_at + 3] = sent_time
        if route.level_at:
            block[route.level_at] = route.source.level
        if again and types[1]:
            head = fixed_header(
                bool(block), kept.marker, types[1], route.repair_sequence & 0xFFFF, kept.timestamp, plan.repair_ssrc
            )
            route.repair_sequence += 1
            packet = b"".join((head, block, sequence.to_bytes(2, "big"), kept.payload))
        else:
            head = fixed_header(bool(block), kept.marker, types[0], sequence, kept.timestamp, plan.ssrc)
            packet = b"".join((head, block, kept.payload))
        try:
            data = link.sending.protect(packet)
            self._socket.sendto(data, link.address)
        except (SrtpError, ValueError, OSError):
            self._count["unsent"] += 1
            return
        self._count["sent"] += 1
        self._count["sent_bytes"] += len(data)
        route.packets += 1
        route.bytes += len(kept.payload)

    def _rtcp(self, link: Link, plain: bytes) -> None:
        feedback = rtcp.read(plain)
        if feedback is None:
            self._count["refused"] += 1
            return
        now = time.monotonic()
        for info in feedback.senders:
            stream = link.streams.get(info.ssrc)
            if stream and not stream[1]:
                stream[0].sender_info, stream[0].sender_info_at = info, now
                for route in stream[0].routes:
                    self._send_sender_report(route, now)
        for block in feedback.blocks:
            if block.ssrc in link.routes:
                link.routes[block.ssrc].heard(block, now)
        for ssrc, lost in feedback.lost:
            if ssrc in link.routes:
                self._send_again(link.routes[ssrc], lost)
        for ssrc in feedback.key_frames:
            if ssrc in link.routes and link.routes[ssrc].open:
                link.routes[ssrc].key_frame_requests += 1
                self._count["key_frames_asked"] += 1
                self._want_key_frame(link.routes[ssrc].source, now)
        self._count["bandwidth_estimates_received"] += feedback.bandwidths

    def _send_again(self, route: Route, lost: list[int]) -> None:
        route.nacks += 1
        self._count["nacks_received"] += 1
        sent_time = _sent_time()
        for sequence in lost:
            extended = route.original(sequence)
            kept = route.source.kept(extended) if extended is not None else None
            if kept is not None:
                self._forward(route, kept, sent_time, again=True)
                route.retransmitted += 1
                self._count["retransmitted"] += 1

    def _want_key_frame(self, source: Source, now: float) -> None:
        """At once, or as soon as the last request is long enough ago."""
        if not source.plan.video:
            return
        if source.ssrc is None or now - source.key_frame_asked < KEY_FRAME_INTERVAL:
            source.key_frame_wanted = True
            return
        source.key_frame_wanted = False
        if self._send_rtcp(source.link, rtcp.key_frame_request(source.link.feedback_ssrc, source.ssrc)):
            source.key_frame_asked = now
            source.key_frame_requests += 1
            self._count["key_frames_requested"] += 1
        else:
            source.key_frame_wanted = True

    def _send_sender_report(self, route: Route, now: float) -> None:
        """The publisher's own clock pair, so that sound and picture of one person stay in step (RFC 3550 §6.4.1)."""
        info = route.source.sender_info
        if info is None or not route.open or not route.packets:
            return
        ours = rtcp.SenderInfo(
            route.plan.ssrc, info.ntp, info.rtp, route.packets & 0xFFFFFFFF, route.bytes & 0xFFFFFFFF
        )
        if self._send_rtcp(route.link, rtcp.sender_report(ours, route.plan.cname)):
            route.last_ntp, route.last_report_at = info.ntp >> 16 & 0xFFFFFFFF, now
            self._count["sender_reports_sent"] += 1

    def _send_rtcp(self, link: Link, plain: bytes) -> bool:
        if link.sending is None or link.address is None:
            return False
        try:
            self._socket.sendto(link.sending.protect_rtcp(plain), link.address)
        except (SrtpError, ValueError, OSError):
            self._count["unsent"] += 1
            return False
        return True

    def tick(self) -> None:
        now = time.monotonic()
        for link in self._links.values():
            if link.sending is None or not link.sources:
                continue
            for source in link.sources:
                self._tick_source(link, source, now)
            if link.arrivals and now - link.feedback_at >= _FEEDBACK_SECONDS:
                link.feedback_at = now
                base, arrivals, count = link.arrivals.take()
                feedback = rtcp.transport_feedback(link.feedback_ssrc, link.arrivals.media_ssrc, count, arrivals, base)
                self._count["transport_feedback_sent"] += self._send_rtcp(link, feedback)
            if now - link.report_at >= _REPORT_SECONDS:
                link.report_at = now
                blocks = [source.block(now) for source in link.sources if source.packets][:31]
                if blocks:
                    report = rtcp.receiver_report(link.feedback_ssrc, blocks)
                    self._count["receiver_reports_sent"] += self._send_rtcp(link, report)

    def _tick_source(self, link: Link, source: Source, now: float) -> None:
        if source.key_frame_wanted:
            self._want_key_frame(source, now)
        due = source.missing.due(source.highest, now)
        if due and self._send_rtcp(link, rtcp.nack(link.feedback_ssrc, source.ssrc or 0, due)):
            source.nacks += 1
            self._count["nacks_sent"] += 1

    def send(self, address: Address, data: bytes) -> None:
        try:
            self._socket.sendto(data, address)
        except OSError:
            self._count["unsent"] += 1

    def open_route(self, route: int) -> None:
        mine = self._routes[route]
        if not mine.open:
            mine.open, mine.floor = True, None
            self._want_key_frame(mine.source, time.monotonic())

    def report(self) -> dict[str, int]:
        return {**self._count, "links": len(self._links), "sources": len(self._sources), "routes": len(self._routes)}

    def close(self) -> None:
        for link in list(self._links):
            self.remove_link(link)
