"""The api process: REST under /api/ and the pages. Threads; one RPC client; knows who asks, and passes commands on."""

from typing import Any

from flask import Flask, Response, request
from werkzeug.middleware.proxy_fix import ProxyFix

from contracts.errors import NotFound, TooMany, Unavailable
from gateway import problems, rate_limits, requests_log, web
from gateway.api import (
    api_clients,
    asyncapi,
    audit,
    bodies,
    calendar_feeds,
    callers,
    calls,
    delivery_reports,
    description,
    directory_tokens,
    events,
    handovers,
    identity_provider_sign_ins,
    identity_providers,
    invitations,
    join,
    member_imports,
    members,
    oauth2,
    on_duty,
    organisation,
    plans,
    rooms,
    same_site,
    security_headers,
    security_keys,
    sessions,
    settings,
    sign_ins,
    sign_ups,
    waiting_areas,
    webhooks,
)  # fmt: skip
from gateway.api.area import register_converters
from gateway.calendar_feed import routes as calendar_feed
from gateway.fhir import routes as fhir
from gateway.hall import Hall, hear_account, hear_api_clients, open_hall
from gateway.hearing import Hearing
from gateway.scim import routes as scim
from gateway.session_api import routes as session_api
from plumbing.settings import Settings

AREAS = (
    sign_ins,
    security_keys,
    identity_provider_sign_ins,
    identity_providers,
    sign_ups,
    organisation,
    on_duty,
    members,
    member_imports,
    directory_tokens,
    api_clients,
    plans,
    rooms,
    settings,
    invitations,
    sessions,
    calendar_feeds,
    callers,
    handovers,
    waiting_areas,
    calls,
    join,
    events,
    webhooks,
    audit,
)
_HEARD = ("sign_in.#", "member.#", "api_client.#")


def create_app(settings: Settings | None = None) -> Flask:
    """Make the WSGI application of one worker process. Raises SettingProblem and KeyProblem."""
    hall = open_hall("gateway_api", settings)

    def hear(event: dict[str, Any]) -> None:
        hear_account(hall.identity.sign_ins, event)
        hear_api_clients(hall.api_clients, event)

    def forget_all() -> None:
        hall.identity.sign_ins.forget_all()
        hall.api_clients.forget_all()

    hearing = Hearing(hall.settings.amqp_uri, hall.name, ("accounts",), hear, _HEARD, on_up=forget_all)
    hearing.start()
    app = Flask("gateway.api", static_folder=None)
    # tries to sign in are slowed by address: behind a proxy everybody would otherwise have the proxy's
    app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hall.settings.trusted_proxies, x_proto=0)  # type: ignore[method-assign]
    app.extensions["housecall"] = hall
    app.extensions["housecall_hearing"] = hearing
    app.config["LIVE_URL"] = hall.settings.live_url
    app.config["MAX_CONTENT_LENGTH"] = bodies.MOST_BYTES
    app.url_map.strict_slashes = False
    # the redirect that merges them would go to whichever Host the request named
    app.url_map.merge_slashes = False
    register_converters(app)
    requests_log.register(app)
    problems.register(app)
    rate_limits.register(app)
    security_headers.register(app, hall.settings.base_url, hall.settings.live_url)
    _check_origin(app, hall)
    _answer_health(app, hall)
    api = description.configure(app)
    for module in AREAS:
        api.register_blueprint(module.area.blueprint)
    description.register(app, api)
    app.register_blueprint(identity_provider_sign_ins.pages)
    app.register_blueprint(oauth2.blueprint)
    pages = web.create_blueprint(
        look_up_link=_look_up, live_url=hall.settings.live_url, sign_up_open=hall.settings.sign_up == "open"
    )
    scim.register(app)
    fhir.register(app)
    session_api.register(app)
    calendar_feed.register(app)
    delivery_reports.register(app)
    asyncapi.register(app)
    app.register_blueprint(pages)
    return app


def _check_origin(app: Flask, hall: Hall) -> None:
    @app.before_request
    def check_origin() -> None:
        same_site.check(request, hall.origin)


def _answer_health(app: Flask, hall: Hall) -> None:
    @app.get("/healthz")
    def alive() -> Response:
        return Response("alive\n", content_type="text/plain")

    @app.get("/readyz")
    def ready() -> Response:
        up = hall.rpc.up.is_set()
        return Response("ready\n" if up else "no broker\n", status=200 if up else 503, content_type="text/plain")


def _look_up(link: str) -> None:
    """For the page of a link: raises NotFound or Gone; a page whose link cannot be asked about now finds out by itself."""
    try:
        join.opened_by(link, seen_by="machine")
    except (TooMany, Unavailable):
        return
    except NotFound:
        if join.who_stays(link) is None:
            raise
