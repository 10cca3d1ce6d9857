"""Many browsers' live connections in one process, as little code as possible, noting when each is shown a change."""

import asyncio
import base64
import json
import time

_KEY = base64.b64encode(b"k" * 16).decode()


class Tab(asyncio.Protocol):
    """One WebSocket that follows `rooms`; `shown` gets the moment (`time.monotonic()`) of each change."""

    def __init__(self, head: bytes) -> None:
        self.following = asyncio.get_running_loop().create_future()
        self.lost = False
        self.shown: list[float] = []
        self._head = head
        self._upgraded = False
        self._rest = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Ask for the upgrade."""
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        transport.write(self._head)

    def data_received(self, data: bytes) -> None:
        """Upgrade, then greeting, then snapshot, then changes."""
        now = time.monotonic()
        self._rest += data
        if not self._upgraded and b"\r\n\r\n" in self._rest:
            head, _, self._rest = self._rest.partition(b"\r\n\r\n")
            if b" 101 " not in head[:20]:
                self.following.set_exception(RuntimeError(head[:100].decode()))
            self._upgraded = True
            self._transport.write(masked(json.dumps({"type": "subscribe", "topic": "rooms", "ref": 1})))
        while self._upgraded and (payload := self._frame()) is not None:
            if payload.startswith(b'{"type":"change"'):
                self.shown.append(now)
            elif payload.startswith(b'{"type":"snapshot"') and not self.following.done():
                self.following.set_result(None)

    def connection_lost(self, _error: Exception | None) -> None:
        """Says so to whoever waits for the snapshot."""
        self.lost = True
        if not self.following.done():
            self.following.set_exception(ConnectionError("closed"))

    def close(self) -> None:
        """End it."""
        self._transport.abort()

    def _frame(self) -> bytes | None:
        """The next frame's payload, cut off the front (RFC 6455 §5.2; a server's frames are not masked)."""
        data = self._rest
        if len(data) < 2:
            return None
        size, begin = data[1] & 0x7F, 2
        if size == 126:
            size, begin = int.from_bytes(data[2:4]), 4
        elif size == 127:
            size, begin = int.from_bytes(data[2:10]), 10
        if len(data) < begin + size:
            return None
        self._rest = data[begin + size :]
        return data[begin : begin + size]


def masked(text: str) -> bytes:
    """A client's text frame; masked with zeros, so that nothing needs to be computed."""
    payload = text.encode()
    return bytes([0x81, 0x80 | len(payload), 0, 0, 0, 0]) + payload


async def open_tabs(host: str, port: int, origin: str, cookies: list[str], count: int) -> list[Tab]:
    """`count` tabs, signed in by `cookies` in turn, each with its snapshot; fifty are opened at a time."""
    loop = asyncio.get_running_loop()
    tabs: list[Tab] = []
    for begin in range(0, count, 50):
        batch = []
        for number in range(begin, min(begin + 50, count)):
            head = (
                f"GET /live HTTP/1.1\r\nHost: {host}:{port}\r\nOrigin: {origin}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                f"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: {_KEY}\r\nCookie: {cookies[number % len(cookies)]}\r\n\r\n"
            ).encode()
            _, tab = await loop.create_connection(lambda head=head: Tab(head), host, port)  # type: ignore[misc]
            batch.append(tab)
        await asyncio.wait_for(asyncio.gather(*(tab.following for tab in batch)), 60)
        tabs += batch
    return tabs
