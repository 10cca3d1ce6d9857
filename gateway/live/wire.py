"""Bytes to one browser: whole frames, never two writers at once, and never waiting for a browser that is slow.

simple-websocket reads, answers pings and closes; frames go past its writer, because it compresses each frame for each
connection and may send half of one under gevent.
"""

import socket
import struct
import threading
from collections import deque
from collections.abc import Callable

from simple_websocket import ConnectionClosed, Server

MOST_BYTES_WAITING = 4_000_000
MOST_BYTES_UNREAD = 4_000_000
SEND_SECONDS = 20.0
_TEXT_FINAL = 0x81


def encoded(text: str) -> bytes:
    """A server's text frame (RFC 6455 §5.2): final, not masked, not compressed. Made once for however many browsers."""
    payload = text.encode()
    size = len(payload)
    if size < 126:
        return struct.pack("!BB", _TEXT_FINAL, size) + payload
    if size < 65536:
        return struct.pack("!BBH", _TEXT_FINAL, 126, size) + payload
    return struct.pack("!BBQ", _TEXT_FINAL, 127, size) + payload


class WholeWrites:
    """A socket whose writes leave whole, one after another, whoever writes."""

    def __init__(self, plain: socket.socket) -> None:
        self._plain = plain
        # gevent keeps the socket that does not wait inside its own
        self._at_once: Callable[[bytes, int], int] = getattr(plain, "_sock", plain).send
        self._one = threading.Lock()
        self._came = 0

    def send(self, data: bytes) -> int:
        with self._one:
            self._plain.sendall(data)
        return len(data)

    def send_at_once(self, data: bytes) -> int:
        """How many bytes left without waiting."""
        if not self._one.acquire(blocking=False):
            return 0
        try:
            return self._at_once(data, socket.MSG_DONTWAIT)
        except BlockingIOError:
            return 0
        finally:
            self._one.release()

    def recv(self, size: int) -> bytes:
        """What came. Somebody who says more than 4 MB while one of their frames is being answered is cut off."""
        data = self._plain.recv(size)
        self._came += len(data)
        if self._came > MOST_BYTES_UNREAD:
            self.cut()
            return b""
        return data

    def all_taken(self) -> None:
        """Everything that came was taken from here; count anew."""
        self._came = 0

    def fileno(self) -> int:
        return self._plain.fileno()

    def close(self) -> None:
        self._plain.close()

    def cut(self) -> None:
        """End it under whoever reads or writes."""
        try:
            self._plain.shutdown(socket.SHUT_RDWR)
        except OSError:
            return


class Wire:
    """One WebSocket. `too_slow()` is called when more waits than a browser that keeps up would leave; it must not wait."""

    def __init__(self, server: Server) -> None:
        self.too_slow: Callable[[], None] = self.cut
        self._server = server
        self._waiting: deque[bytes] = deque()
        self._bytes = 0
        self._writing = False
        self._closed = False
        self._lock = threading.Lock()
        self._socket = WholeWrites(server.sock)
        server.sock.settimeout(SEND_SECONDS)
        server.sock = self._socket

    def send(self, frame: bytes) -> None:
        """Returns at once; what the browser does not take now waits for it."""
        with self._lock:
            if self._closed:
                return
            if not self._writing and not self._waiting:
                try:
                    sent = self._socket.send_at_once(frame)
                except OSError:
                    self._closed = True
                    return
                if sent == len(frame):
                    return
                frame = frame[sent:]
            self._waiting.append(frame)
            self._bytes += len(frame)
            full = self._bytes > MOST_BYTES_WAITING
            if full:
                self._closed = True
            elif not self._writing:
                self._writing = True
                threading.Thread(target=self._write, daemon=True).start()
        if full:
            self.too_slow()

    def receive(self, timeout: float) -> str | bytes | None:
        """The next message, None after `timeout` seconds. Raises simple_websocket.ConnectionClosed."""
        received: str | bytes | None = self._server.receive(timeout=timeout)
        if not self._server.input_buffer:
            self._socket.all_taken()
        return received

    @property
    def backlog(self) -> int:
        """Messages that have come and were not taken yet."""
        return len(self._server.input_buffer)

    def cut(self) -> None:
        """End it without a word."""
        self._socket.cut()

    def close(self, code: int, reason: str, patience_seconds: float = 2.0) -> None:
        """Say why, if the browser takes it in time; then end it either way."""
        with self._lock:
            self._closed = True
            self._waiting.clear()
        timer = threading.Timer(patience_seconds, self._socket.cut)
        timer.daemon = True
        timer.start()
        try:
            self._server.close(code, reason)
        except (ConnectionClosed, OSError):
            self._socket.cut()

    def _write(self) -> None:
        while True:
            with self._lock:
                if not self._waiting:
                    self._writing = False
                    return
                frame = self._waiting.popleft()
                self._bytes -= len(frame)
            try:
                self._socket.send(frame)
            except OSError:
                with self._lock:
                    self._closed = True
                    self._waiting.clear()
                    self._writing = False
                self._socket.cut()
                return
