"""The node's one UDP port: answers ICE as a lite agent, hands DTLS to its connection, and lets the forwarder have the rest."""

import asyncio
import logging
import socket
import time
from collections.abc import Callable
from typing import Any

from services.media.node.forwarding.plan import (
    DTLS,
    STUN,
    TICK_SECONDS,
    UNKNOWN_STREAM,
    Address,
    Extensions,
    Forwarder,
    Handed,
)
from services.media.node.ice import binding_response, random_text, read_binding_request

log = logging.getLogger(__name__)

_BUFFER_BYTES = 8 << 20
# socket(7); Python does not name them
_SO_SNDBUFFORCE, _SO_RCVBUFFORCE = 32, 33
_LONGEST_INBOX = 64


def open_socket(host: str, port: int) -> socket.socket:
    """A non-blocking UDP socket with room for a burst; `host` may be IPv4 or IPv6, `::` takes both. OSError when taken."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    sock = socket.socket(family, socket.SOCK_DGRAM)
    try:
        if host == "::":
            sock.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
        _make_room(sock)
        sock.setblocking(False)
        sock.bind((host, port))
    except OSError:
        sock.close()
        raise
    return sock


def _make_room(sock: socket.socket) -> None:
    """All participants share the port, so the system's usual limit (net.core.rmem_max) holds a few milliseconds only."""
    for forced, usual in ((_SO_RCVBUFFORCE, socket.SO_RCVBUF), (_SO_SNDBUFFORCE, socket.SO_SNDBUF)):
        try:
            sock.setsockopt(socket.SOL_SOCKET, forced, _BUFFER_BYTES)
        except OSError:  # needs CAP_NET_ADMIN
            sock.setsockopt(socket.SOL_SOCKET, usual, _BUFFER_BYTES)


class Wire:
    """One remote's place at the port, named by its ICE user fragment. `heard_at`: when it last proved itself, monotonic seconds."""

    def __init__(self, port: "Port") -> None:
        self.port = port
        self.fragment, self.password = random_text(8), random_text(24)
        self.link = port.forwarder.add_link()
        self.address: Address | None = None
        self.reached = asyncio.Event()
        self.inbox: asyncio.Queue[bytes | None] = asyncio.Queue(_LONGEST_INBOX)
        self.extensions = Extensions()
        self.heard_at: float | None = None
        self.on_unknown_stream: Callable[[bytes], None] | None = None
        self.closed = False

    def proven_from(self, address: Address, nominated: bool) -> None:
        """A request with our password came; the first address is taken, later the one that the browser nominates."""
        self.heard_at = time.monotonic()
        if self.address is None or (nominated and address != self.address):
            self.address = address
            self.port.forwarder.set_address(self.link, address)
            self.reached.set()

    def send(self, data: bytes) -> None:
        if self.address is not None:
            self.port.forwarder.send(self.address, data)

    def close(self) -> None:
        """Once is enough; again does nothing."""
        if self.closed:
            return
        self.closed = True
        self.port.forget(self)
        self.reached.set()
        if not self.inbox.full():
            self.inbox.put_nowait(None)


class Port:
    """`announced`: the address that browsers are told, which differs from the bound one behind a NAT."""

    def __init__(self, sock: socket.socket, forwarder: Forwarder, announced: Address) -> None:
        self._socket, self.forwarder, self.announced = sock, forwarder, announced
        self._by_fragment: dict[str, Wire] = {}
        self._by_link: dict[int, Wire] = {}
        self._tick: asyncio.TimerHandle | None = None
        self.unanswered = 0

    def start(self) -> None:
        """On the running loop."""
        loop = asyncio.get_running_loop()
        loop.add_reader(self._socket.fileno(), self._readable)
        self._tick = loop.call_later(TICK_SECONDS, self._ticks, loop)

    def close(self) -> None:
        if self._tick is not None:
            self._tick.cancel()
            asyncio.get_running_loop().remove_reader(self._socket.fileno())
        for wire in list(self._by_fragment.values()):
            wire.close()
        self.forwarder.close()
        self._socket.close()

    def wire(self) -> Wire:
        wire = Wire(self)
        self._by_fragment[wire.fragment] = self._by_link[wire.link] = wire
        return wire

    def forget(self, wire: Wire) -> None:
        self._by_fragment.pop(wire.fragment, None)
        self._by_link.pop(wire.link, None)
        self.forwarder.remove_link(wire.link)

    def report(self) -> dict[str, Any]:
        """The forwarder's counters, and STUN requests that were for nobody here."""
        return {**self.forwarder.report(), "unanswered": self.unanswered}

    def _ticks(self, loop: asyncio.AbstractEventLoop) -> None:
        self.forwarder.tick()
        self._tick = loop.call_later(TICK_SECONDS, self._ticks, loop)

    def _readable(self) -> None:
        for handed in self.forwarder.receive():
            try:
                self._take(handed)
            except Exception:  # whatever one remote sends, the others' media goes on
                log.exception("a datagram could not be dealt with")

    def _take(self, handed: Handed) -> None:
        if handed.kind == STUN:
            self._answer(handed)
            return
        wire = self._by_link.get(handed.link)
        if wire is None:
            return
        if handed.kind == DTLS and not wire.inbox.full():
            wire.inbox.put_nowait(handed.data)
        elif handed.kind == UNKNOWN_STREAM and wire.on_unknown_stream is not None:
            wire.on_unknown_stream(handed.data)

    def _answer(self, handed: Handed) -> None:
        request = read_binding_request(handed.data)
        wire = self._by_fragment.get(request.local_fragment) if request else None
        if request is None or wire is None or not request.is_from(wire.password):
            self.unanswered += 1
            return
        self.forwarder.send(handed.address, binding_response(request, handed.address, wire.password))
        wire.proven_from(handed.address, request.nominates)
