"""One connection to RabbitMQ that comes back by itself, for any number of threads (real, gevent's or eventlet's).

One thread reads and dispatches; any thread writes, and what it writes in one `writing()` block leaves in one send.
"""

import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any, ClassVar, NamedTuple
from urllib.parse import unquote, urlsplit

import amqp
import structlog
from amqp.exceptions import AMQPError

from plumbing.frames import Tcp, Tls

log = structlog.get_logger()

HEARTBEAT_SECONDS = 20
LONGEST_PAUSE_SECONDS = 0.5
_FIRST_PAUSE_SECONDS = 0.05
_CONNECT_SECONDS = 5.0
_TICK_SECONDS = HEARTBEAT_SECONDS / 4
_LOST = (AMQPError, OSError, IndexError, AttributeError)


class Message(NamedTuple):
    """What is published: where to, under which routing key, and the JSON body. Kept on disk by the broker."""

    exchange: str
    key: str
    body: bytes
    headers: dict[str, Any] | None = None

    def to_amqp(self) -> amqp.Message:
        """As py-amqp wants it: persistent JSON."""
        return amqp.Message(
            self.body,
            content_type="application/json",
            content_encoding="utf-8",
            delivery_mode=2,
            application_headers=self.headers or {},
        )


class LinkDown(Exception):
    """The broker is away at the moment."""


class Link:
    """A connection that is made again whenever it is lost, at the latest half a second after the broker is back.

    `prepare(connection)` opens channels, declares and consumes; it runs in the reading thread on each new connection,
    before `up`. Consumers' callbacks run there too and must not block. `lost()` is called when a connection has gone.
    """

    def __init__(
        self,
        uri: str,
        name: str,
        prepare: Callable[["Connection"], None],
        lost: Callable[[], None] = lambda: None,
        soon: Callable[[Callable[[], None]], Any] | None = None,
    ) -> None:
        """`soon(send)` may put off sending to the end of the hub's turn, so that what many write leaves together."""
        self.up = threading.Event()
        self._address = parse_uri(uri)
        self._name = name
        self._prepare = prepare
        self._lost = lost
        self._soon = soon
        self._said = ""
        self._connection: Connection | None = None
        self._writers = threading.Lock()
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Begin to connect, in a thread of its own."""
        self._thread = threading.Thread(target=self._run, name=f"amqp {self._name}", daemon=True)
        self._thread.start()

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Publish and acknowledge inside this block: one writer at a time, one send at its end. Raises LinkDown."""
        with self._writers:
            connection = self._connection
            if connection is None or not self.up.is_set():
                raise LinkDown
            try:
                with connection.gathered():
                    yield
            except _LOST as error:
                connection.shut()
                raise LinkDown from error

    def stop(self, patience_seconds: float = 3.0) -> None:
        """Close the connection and end the thread."""
        self._stopping.set()
        with self._writers:
            connection = self._connection
            if connection is not None:
                try:
                    connection.ask_to_close()
                except _LOST:
                    connection.shut()
        if self._thread and self._thread is not threading.current_thread():
            self._thread.join(patience_seconds)

    def _run(self) -> None:
        pause = _FIRST_PAUSE_SECONDS
        while not self._stopping.is_set():
            try:
                self._connection = connection = Connection(self._address, self._name, self._soon)
                connection.connect()
                self._prepare(connection)
                pause, self._said = _FIRST_PAUSE_SECONDS, ""
                self.up.set()
                self._read(connection)
            except _LOST as error:
                self._say(error)
            except Exception:
                # a defect in a callback must not end the thread on which everything arrives
                log.exception("connection dropped", connection=self._name)
            finally:
                self._drop()
            if not self._stopping.is_set():
                self._stopping.wait(pause)
                pause = min(pause * 2, LONGEST_PAUSE_SECONDS)

    def _say(self, error: BaseException) -> None:
        """Once for each reason, not with every try. The broker's words name exchanges and queues, never contents."""
        said = f"{type(error).__name__}: {str(error)[:200]}"
        if said != self._said and not self._stopping.is_set():
            log.warning("broker away", connection=self._name, said=said)
        self._said = said

    def _read(self, connection: "Connection") -> None:
        connection.transport.sock.settimeout(_TICK_SECONDS)
        next_tick = time.monotonic() + _TICK_SECONDS
        while connection.connected:
            with suppress(TimeoutError):
                connection.on_inbound_frame(connection.transport.read_frame())
            if time.monotonic() >= next_tick and connection.connected:
                next_tick = time.monotonic() + _TICK_SECONDS
                with self._writers:
                    connection.heartbeat_tick()

    def _drop(self) -> None:
        self.up.clear()
        connection, self._connection = self._connection, None
        with suppress(*_LOST):
            if connection is not None:
                connection.collect()
        self._lost()


class Connection(amqp.Connection):
    """py-amqp's connection over the buffered transport."""

    # py-amqp would read the socket before each publish to look for connection.blocked, from the wrong thread
    negotiate_capabilities: ClassVar = {
        "consumer_cancel_notify": True,
        "connection.blocked": False,
        "authentication_failure_close": True,
    }

    def __init__(
        self, address: dict[str, Any], name: str, soon: Callable[[Callable[[], None]], Any] | None = None
    ) -> None:
        self._soon = soon
        self._due = False
        super().__init__(
            **address,
            heartbeat=HEARTBEAT_SECONDS,
            connect_timeout=_CONNECT_SECONDS,
            client_properties={"connection_name": name},
        )

    def connect(self, callback: Any = None) -> None:
        """Connect and shake hands; every answer that is waited for after that has its time too."""
        super().connect(callback)
        self.transport.sock.settimeout(_CONNECT_SECONDS)

    def Transport(  # noqa: N802 py-amqp's hook for another transport, with its arguments
        self,
        host: str,
        connect_timeout: float,
        ssl: Any = False,
        read_timeout: float | None = None,
        write_timeout: float | None = None,
        **options: Any,
    ) -> Any:
        """The buffered transport."""
        options |= {"read_timeout": read_timeout, "write_timeout": write_timeout}
        if ssl:
            return Tls(host, connect_timeout=connect_timeout, ssl=ssl, **options)
        return Tcp(host, connect_timeout=connect_timeout, **options)

    @contextmanager
    def gathered(self) -> Iterator[None]:
        """What is written inside leaves at the end, in one send, also when the block raises."""
        transport = self.transport
        transport.gather(True)
        try:
            yield
        finally:
            transport.gather(False)
            if self._soon is None:
                transport.flush()
            elif not self._due:
                self._due = True
                self._soon(self._send_now)

    def _send_now(self) -> None:
        self._due = False
        try:
            self.transport.flush()
        except _LOST:
            self.shut()

    def ask_to_close(self) -> None:
        """Tell the broker good-bye; the reading thread ends when it answers."""
        self.is_closing = True
        self.send_method(amqp.spec.Connection.Close, "BsBB", (0, "", 0, 0))

    def shut(self) -> None:
        """End the socket under the reading thread, which then connects again."""
        with suppress(*_LOST):
            self.transport.sock.shutdown(socket.SHUT_RDWR)


def parse_uri(uri: str) -> dict[str, Any]:
    """Where and as whom to connect, as py-amqp takes it."""
    parts = urlsplit(uri)
    tls = parts.scheme == "amqps"
    path = unquote(parts.path[1:])
    address: dict[str, Any] = {
        "host": f"{parts.hostname or 'localhost'}:{parts.port or (5671 if tls else 5672)}",
        "userid": unquote(parts.username or "guest"),
        "password": unquote(parts.password or "guest"),
        "virtual_host": path or "/",
        "login_method": "PLAIN",
    }
    if tls:
        address["ssl"] = {"server_hostname": parts.hostname, "cert_reqs": ssl.CERT_REQUIRED}
    return address
