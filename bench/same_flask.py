"""The gateway's own Flask application with one address more, which answers the same bytes without asking anybody.

gateway.read's peer: `gunicorn -c gateway/api/gunicorn.conf.py "bench.same_flask:create_app()"` with BENCH_ANSWER, a file.
"""

import os
from pathlib import Path

from flask import Flask, Response

from gateway import api

PATH = "/api/answer"


def create_app() -> Flask:
    """Routing, headers, log lines and checks are those of the gateway."""
    answer = Path(os.environ["BENCH_ANSWER"]).read_bytes()
    app = api.create_app()

    @app.get(PATH)
    def same_bytes() -> Response:
        return Response(answer, content_type="application/json")

    return app
