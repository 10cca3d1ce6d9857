"""A receiver of webhooks, as an integrator runs one: it keeps every request, and answers as the test says."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass(frozen=True)
class Posted:
    path: str
    headers: dict[str, str]
    body: bytes


@dataclass
class Receiver:
    """`answer(posted)` is the status of what comes; it may wait."""

    url: str
    posted: list[Posted] = field(default_factory=list)
    answer: Callable[[Posted], int] = lambda _: 204
    location: str = ""

    def ids(self) -> list[str]:
        """The `webhook-id` of each request, in the order in which they came."""
        return [each.headers["webhook-id"] for each in list(self.posted)]


@contextmanager
def receiver(port: int = 0) -> Iterator[Receiver]:
    """One on this machine for as long as the context lasts."""
    found: Receiver

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            posted = Posted(self.path, {name.lower(): value for name, value in self.headers.items()}, body)
            found.posted.append(posted)
            status = found.answer(posted)
            self.send_response(status)
            if found.location:
                self.send_header("Location", found.location)
            self.send_header("Content-Length", "3" if status != 204 else "0")
            self.end_headers()
            if status != 204:
                self.wfile.write(b"no\n")

        def log_message(self, *_: Any) -> None:
            """Not to the test's output."""

    class Server(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, *_: Any) -> None:
            """Who was killed in the middle of a request is no failure of the test."""

    with Server(("127.0.0.1", port), Handler) as server:
        found = Receiver(f"http://127.0.0.1:{server.server_address[1]}/hook?from=housecall")
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        try:
            yield found
        finally:
            server.shutdown()
