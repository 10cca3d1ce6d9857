"""One log line for each request, without tokens, addresses or anything typed; and the trace that it belongs to."""

import re
import time

import structlog
from flask import Flask, Response, g, request

from plumbing import traces

log = structlog.get_logger()
# as an address may be mangled on its way: slashes doubled, letters in another case
_LINK = re.compile(r"/(join|calendar)/+((?:room|area)/+)?[^/]+", re.IGNORECASE)
_QUIET = ("/healthz", "/readyz", "/assets/")


def redacted(path: str) -> str:
    """The path with join links cut to `/join/…`, and addresses of calendar feeds likewise."""
    return _LINK.sub(lambda found: f"/{found[1].lower()}/…", path)


def register(app: Flask) -> None:
    """Log every request of this app when it has been answered."""

    @app.before_request
    def begin() -> None:
        g.began = time.perf_counter()
        g.traceparent = traces.begin(request.headers.get("traceparent"))

    @app.after_request
    def end(response: Response) -> Response:
        if not request.path.startswith(_QUIET):
            log.info(
                "request",
                method=request.method,
                path=redacted(request.path),
                status=response.status_code,
                milliseconds=round((time.perf_counter() - g.began) * 1000, 1) if "began" in g else None,
                trace=g.get("traceparent"),
                actor=g.get("actor_id"),
            )
        return response
