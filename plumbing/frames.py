"""AMQP frames on a socket: read in large pieces and cut here, gathered and sent together.

This is the file that touches py-amqp's inner parts: its own transports read the socket three times for each frame and
write to it once for each. tests/unit/plumbing/test_amqp.py holds what is relied on.
"""

import selectors
import socket
import ssl
import struct
import threading
from collections import deque
from typing import Any

from amqp.exceptions import UnexpectedFrame
from amqp.transport import SSLTransport, TCPTransport

_CHUNK = 65536
_FRAME_END = 0xCE


class Buffered:
    """Reads as much as there is and cuts frames out of it; gathers frames and sends them together."""

    sock: socket.socket
    connected: bool

    def _setup_transport(self) -> None:
        super()._setup_transport()  # type: ignore[misc]
        self._received = b""
        self._at = 0
        self._leaving: deque[bytes] = deque()
        self._sending = threading.Lock()
        self._gatherer: int | None = None

    def read_frame(self, _unpack: Any = None) -> tuple[int, int, bytes]:
        """Type, channel and payload of the next frame (AMQP 0-9-1 §4.2.3)."""
        while True:
            begin, have = self._at + 7, len(self._received) - self._at
            if have >= 8:
                kind, channel, size = struct.unpack_from(">BHI", self._received, self._at)
                if have >= size + 8:
                    end = begin + size
                    if self._received[end] != _FRAME_END:
                        raise UnexpectedFrame(f"a frame ends with {self._received[end]:#04x}")
                    self._at = end + 1
                    return kind, channel, self._received[begin:end]
            chunk = self._receive()
            if not chunk:
                self.connected = False
                raise OSError("the broker closed the connection")
            self._received = self._received[self._at :] + chunk
            self._at = 0

    def write(self, frame: bytes | memoryview) -> None:
        """Send a frame, or keep it for the end of the `gather` that this thread is in."""
        self._leaving.append(bytes(frame))
        if self._gatherer != threading.get_ident():
            self.flush()

    def gather(self, on: bool) -> None:
        """Whether this thread's frames wait for `flush`; only for one thread at a time."""
        self._gatherer = threading.get_ident() if on else None

    def flush(self) -> None:
        """Send what waits, of whichever thread."""
        with self._sending:
            frames = []
            while self._leaving:
                frames.append(self._leaving.popleft())
            if frames:
                self._send(b"".join(frames))

    def _receive(self) -> bytes:
        return self.sock.recv(_CHUNK)

    def _send(self, data: bytes) -> None:
        self.sock.sendall(data)


class Tcp(Buffered, TCPTransport):
    """Plain TCP."""


class Tls(Buffered, SSLTransport):
    """TLS. Reading and writing one SSL object at once from two threads is not safe: readers wait outside the lock."""

    sock: ssl.SSLSocket

    def _receive(self) -> bytes:
        if not self.sock.pending():
            self._wait_readable()
        with self._sending:
            return self.sock.recv(_CHUNK)

    def _wait_readable(self) -> None:
        with selectors.DefaultSelector() as selector:
            selector.register(self.sock, selectors.EVENT_READ)
            if not selector.select(self.sock.gettimeout()):
                raise TimeoutError
