"""Which page is at which address. A page is a frame; its modules fill it through the public API and the live connection."""

import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

from flask import Blueprint, Response, abort, current_app, render_template, request

from contracts.errors import Gone, NotFound
from gateway.web import assets as asset_files
from gateway.web import language
from plumbing import texts as catalogues

HERE = Path(__file__).parent
TEXTS = catalogues.load(HERE)
_FOR_EVER = "public, max-age=31536000, immutable"

# Looks a guest's link up, `<token>` or `room/<link>`; raises NotFound or Gone where it opens nothing.
LookUp = Callable[[str], object]


def create_blueprint(look_up_link: LookUp | None = None, live_url: str | None = None) -> Blueprint:
    """All pages and their files.

    `look_up_link` lets a dead link be answered as one (404, 410); without it, the page's own module finds out.
    `live_url` is where the live connection is; without it, the application's `LIVE_URL` setting.
    """
    pages = Blueprint("web", __name__, template_folder="templates")
    files = asset_files.load()

    def page(template: str, entry: str | None, status: int = 200, **values: object) -> Response:
        reader = language.of(request, TEXTS)
        translations = TEXTS.translations(reader)
        live = live_url or current_app.config.get("LIVE_URL", "")
        body = render_template(
            f"web/{template}.html",
            _=translations.gettext,
            language=reader,
            languages=language.NAMES,
            language_chosen=language.chosen(request),
            direction=catalogues.direction(reader),
            live_url=live,
            asset=lambda name: f"/assets/{files.version}/{name}",
            entry=entry,
            modules=files.modules(entry) if entry else [],
            **values,
        )
        response = Response(body, status=status)
        response.headers["Content-Security-Policy"] = content_policy(live)
        response.headers["Permissions-Policy"] = "camera=(self), microphone=(self), display-capture=(self), geolocation=()"
        response.headers["Referrer-Policy"] = "same-origin"
        response.headers["X-Content-Type-Options"] = "nosniff"
        response.headers["Cache-Control"] = "private, no-store"
        response.vary.update(("Accept-Language", "Cookie"))
        language.remember(request, response, TEXTS)
        return response

    @pages.get("/")
    @pages.get("/rooms/<uuid:_room_id>")
    @pages.get("/waiting-area")
    @pages.get("/sessions")
    @pages.get("/help")
    def staff(_room_id: object = None) -> Response:
        return page("staff", "js/staff/main.js")

    @pages.get("/sign-in")
    def sign_in() -> Response:
        return page("sign_in", "js/sign-in.js")

    @pages.get("/patient-information")
    def patient_information() -> Response:
        return page("patient_information", "js/patient-information.js")

    @pages.get("/join/<token>")
    def join(token: str) -> Response:
        return _guest(token)

    @pages.get("/join/room/<link>")
    def join_room(link: str) -> Response:
        return _guest(f"room/{link}")

    def _guest(link: str) -> Response:
        try:
            if look_up_link:
                look_up_link(link)
        except (NotFound, Gone) as refusal:
            return page("dead_link", None, status=refusal.status)
        return page("guest", "js/guest/main.js")

    @pages.get("/assets/<path:name>")
    def asset(name: str) -> Response:
        version, _, rest = name.partition("/")
        kept = version == files.version
        name = rest if kept else name
        if name.startswith("texts/"):
            body, media_type = _texts(name), "application/json"
        elif name in files.files:
            body, media_type = files.files[name].read_bytes(), files.media_type(name)
        else:
            abort(404)
        response = Response(body, content_type=f"{media_type}; charset=utf-8")
        response.headers["Cache-Control"] = _FOR_EVER if kept else "no-cache"
        response.headers["X-Content-Type-Options"] = "nosniff"
        response.set_etag(hashlib.sha256(body).hexdigest()[:16])
        return response.make_conditional(request)  # type: ignore[return-value]

    return pages


def content_policy(live_url: str) -> str:
    """The Content-Security-Policy: everything from here, and the live connection from where it is; no inline code or style."""
    live = urlsplit(live_url)
    connect = f"'self' {live.scheme}://{live.netloc}" if live.netloc else "'self'"
    return (
        f"default-src 'self'; connect-src {connect}; img-src 'self' data: blob:; media-src 'self' blob: mediastream:; "
        "object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    )


def _texts(name: str) -> bytes:
    """The texts of one language for the modules: `texts/<language>.json`."""
    chosen = name.removeprefix("texts/").removesuffix(".json")
    if chosen not in TEXTS.languages:
        abort(404)
    content = {"language": chosen, "direction": catalogues.direction(chosen), "messages": TEXTS.messages(chosen)}
    return json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()
