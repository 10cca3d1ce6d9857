"""The live process: one WebSocket per tab at /live, for what changes and for the signals of a call (docs/protocol.md). gevent."""

import simple_websocket
from flask import Flask, Request, Response, request
from flask_sock import Sock
from werkzeug.middleware.proxy_fix import ProxyFix

from contracts.errors import NotSignedIn
from gateway import problems, requests_log
from gateway.hall import Hall, open_hall
from gateway.identity import seen_in
from gateway.live import frames
from gateway.live.worker import Visitor, Worker
from gateway.problems import ForeignOrigin
from plumbing.settings import Settings

PING_SECONDS = 25


def create_app(settings: Settings | None = None) -> Flask:
    """Make the WSGI application of one worker process. Raises SettingProblem and KeyProblem."""
    hall = open_hall("gateway_live", settings)
    worker = Worker(hall)
    worker.start()
    app = Flask("gateway.live", static_folder=None)
    # the audit log says from where a screen was followed: behind a proxy everybody would otherwise have the proxy's address
    app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hall.settings.trusted_proxies, x_proto=0)  # type: ignore[method-assign]
    app.extensions["housecall_live"] = worker
    app.config["SOCK_SERVER_OPTIONS"] = {
        "ping_interval": PING_SECONDS,
        "max_message_size": frames.LONGEST_FRAME_BYTES,
        "receive_bytes": 16384,
    }
    requests_log.register(app)
    problems.register(app)
    sock = Sock()

    @sock.route("/live")
    def live(server: simple_websocket.Server) -> None:
        worker.hold(server, request.environ["housecall.visitor"])

    @app.before_request
    def check() -> None:
        # before the upgrade: a refusal is an ordinary HTTP answer
        if request.path == "/live":
            request.environ["housecall.visitor"] = admitted(hall, request)

    @app.get("/healthz")
    def alive() -> Response:
        return Response("alive\n", content_type="text/plain")

    @app.get("/readyz")
    def ready() -> Response:
        up = worker.ready
        return Response("ready\n" if up else "no broker\n", status=200 if up else 503, content_type="text/plain")

    sock.init_app(app)
    return app


def admitted(hall: Hall, asked: Request) -> Visitor:
    """Who may connect: only from our own pages, a member by their sign-in, a guest by having arrived.

    `?link=` says that the tab is a guest's, and which. Raises ForeignOrigin, NotSignedIn, Conflict, Unavailable.
    """
    if asked.headers.get("Origin") != hall.origin:
        raise ForeignOrigin(f"Connect from {hall.origin}.")
    identity, link = hall.identity, asked.args.get("link")
    device_id = identity.cookies.device(asked.cookies)
    if link is None:
        try:
            found = identity.member(asked.cookies, seen_in(asked))
        except NotSignedIn:
            return Visitor(identity.guest(asked.cookies, None), device_id=device_id)
        return Visitor(found.actor, identity.cookies.sign_in(asked.cookies), found.expires_at, device_id)
    return Visitor(identity.guest(asked.cookies, link), device_id=device_id)
