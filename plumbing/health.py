"""How a process says how it is: /healthz (it lives), /readyz (what it needs answers) and /metrics (Prometheus' text form)."""

import json
import threading
from collections.abc import Callable, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import structlog
from prometheus_client import CONTENT_TYPE_LATEST, Counter, Gauge, Histogram, generate_latest

log = structlog.get_logger()

COMMANDS = Histogram(
    "housecall_command_seconds", "Time that a command took in the service", ["command", "outcome"],
    buckets=(0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5),
)  # fmt: skip
HEARD = Counter("housecall_events_heard_total", "Deliveries of events, by what became of them", ["queue", "outcome"])
WRONG_LINKS = Counter("housecall_wrong_links_total", "Links that were asked for and are none")
EVENTS_PUBLISHED = Counter("housecall_events_published_total", "Events that the broker has confirmed")
OUTBOX_WAITING = Gauge("housecall_outbox_waiting", "Documents whose events wait to be published by this process")


class Health:
    """Answers by HTTP on `port`. `checks` are asked at /readyz: name → whether it is there; one that raises is not."""

    def __init__(self, port: int, checks: Mapping[str, Callable[[], Any]]) -> None:
        self._checks = checks
        self._server = _Server(("0.0.0.0", port), self._handler())

    @property
    def port(self) -> int:
        """The port that it listens on."""
        return int(self._server.server_address[1])

    def start(self) -> None:
        """Answer from now on, in threads of its own."""
        threading.Thread(target=self._server.serve_forever, name="health", daemon=True).start()

    def stop(self) -> None:
        """Stop listening."""
        self._server.shutdown()
        self._server.server_close()

    def ready(self) -> dict[str, bool]:
        """What each check says now."""
        return {name: _answers(check) for name, check in self._checks.items()}

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        health = self

        class Handler(BaseHTTPRequestHandler):
            timeout = 5

            def do_GET(self) -> None:
                path = self.path.partition("?")[0]
                if path == "/healthz":
                    self._answer(200, b"ok\n", "text/plain")
                elif path == "/readyz":
                    found = health.ready()
                    status = 200 if all(found.values()) else 503
                    self._answer(status, json.dumps(found).encode(), "application/json")
                elif path == "/metrics":
                    self._answer(200, generate_latest(), CONTENT_TYPE_LATEST)
                else:
                    self._answer(404, b"Ask for /healthz, /readyz or /metrics.\n", "text/plain")

            def _answer(self, status: int, body: bytes, kind: str) -> None:
                self.send_response(status)
                self.send_header("Content-Type", kind)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, format: str, *values: Any) -> None:
                """Probes are not worth a line."""

        return Handler


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    allow_reuse_address = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Who asked has gone: nobody's problem."""


def _answers(check: Callable[[], Any]) -> bool:
    try:
        return bool(check())
    except Exception:  # noqa: BLE001 whatever it is, the thing is not ready
        return False
