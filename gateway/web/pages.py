"""Which page is at which address. A page is a frame; its modules fill it through the public API and the live connection."""

from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

from flask import Blueprint, Response, render_template, request
from werkzeug.exceptions import HTTPException

from contracts.errors import Gone, NotFound
from gateway import problems
from gateway.web import language
from gateway.web.assets import Assets, load
from gateway.web.serving import serve_assets
from plumbing import texts as catalogues

TEXTS = catalogues.load(Path(__file__).parent)

# Looks a guest's link up, `<token>`, `room/<link>` or `area/<link>`; raises NotFound or Gone where it opens nothing.
LookUp = Callable[[str], object]


class Pages:
    """Draws the templates, in the reader's language and with the headers that every page has."""

    def __init__(self, files: Assets, live_url: str, sign_up_open: bool) -> None:
        self._files = files
        self._live_url = live_url
        self._sign_up_open = sign_up_open

    def draw(self, template: str, entry: str | None, status: int = 200) -> Response:
        """`entry` is the module that fills the page, None for a page that stands by itself."""
        reader = language.of(request, TEXTS)
        body = render_template(
            f"web/{template}.html",
            _=TEXTS.translations(reader).gettext,
            language=reader,
            languages=language.NAMES,
            language_chosen=language.chosen(request),
            direction=catalogues.direction(reader),
            live_url=self._live_url,
            sign_up_open=self._sign_up_open,
            asset=lambda name: f"/assets/{self._files.version}/{name}",
            entry=entry,
            modules=self._files.modules(entry) if entry else [],
        )
        response = Response(body, status=status)
        response.headers["Content-Security-Policy"] = content_policy(self._live_url)
        response.headers["Permissions-Policy"] = (
            "camera=(self), microphone=(self), display-capture=(self), geolocation=()"
        )
        response.headers["Referrer-Policy"] = "same-origin"
        response.headers["X-Content-Type-Options"] = "nosniff"
        response.headers["Cache-Control"] = "private, no-store"
        response.vary.update(("Accept-Language", "Cookie"))
        language.remember(request, response, TEXTS)
        return response


def create_blueprint(live_url: str, look_up_link: LookUp | None = None, sign_up_open: bool = False) -> Blueprint:
    """All pages and their files.

    `live_url` is where the live connection is. `look_up_link` lets a dead link be answered as one (404, 410); without it, the
    page's own module finds out.
    """
    blueprint = Blueprint("web", __name__, template_folder="templates")
    files = load()
    pages = Pages(files, live_url, sign_up_open)
    serve_assets(blueprint, files, TEXTS)

    @blueprint.get("/")
    @blueprint.get("/rooms/<uuid:_room_id>")
    @blueprint.get("/waiting-area")
    @blueprint.get("/sessions")
    @blueprint.get("/help")
    @blueprint.get("/settings")
    @blueprint.get("/settings/<_section>")
    @blueprint.get("/settings/rooms/all")
    @blueprint.get("/settings/rooms/<uuid:_room_id>")
    @blueprint.get("/settings/waiting-areas/<uuid:_area_id>")
    def staff(_room_id: object = None, _section: object = None, _area_id: object = None) -> Response:
        return pages.draw("staff", "js/staff/main.js")

    _serve_ways_in(blueprint, pages)

    @blueprint.get("/patient-information")
    def patient_information() -> Response:
        return pages.draw("patient_information", "js/patient-information.js")

    @blueprint.get("/lost-link")
    def lost_link() -> Response:
        return pages.draw("lost_link", "js/lost-link.js")

    @blueprint.get("/join/<token>")
    def join(token: str) -> Response:
        return guest(token)

    @blueprint.get("/join/room/<link>")
    def join_room(link: str) -> Response:
        return guest(f"room/{link}")

    @blueprint.get("/join/area/<link>")
    def join_area(link: str) -> Response:
        return guest(f"area/{link}")

    def guest(link: str) -> Response:
        try:
            if look_up_link:
                look_up_link(link)
        except (NotFound, Gone) as refusal:
            return pages.draw("dead_link", None, status=refusal.status)
        return pages.draw("guest", "js/guest/main.js")

    @blueprint.app_errorhandler(404)
    def not_found(error: HTTPException) -> Response:
        return pages.draw("not_found", None, status=404) if _asks_for_a_page() else problems.http_error(error)

    return blueprint


def _serve_ways_in(blueprint: Blueprint, pages: Pages) -> None:
    """The pages by which a member comes in. The links of mails carry their token behind the #, which only the page reads."""

    @blueprint.get("/sign-in")
    def sign_in() -> Response:
        return pages.draw("sign_in", "js/sign-in.js")

    @blueprint.get("/forgot-password")
    def forgot_password() -> Response:
        return pages.draw("forgot_password", "js/forgot-password.js")

    @blueprint.get("/new-password")
    def new_password() -> Response:
        return pages.draw("new_password", "js/new-password.js")

    @blueprint.get("/sign-up")
    def sign_up() -> Response:
        return pages.draw("sign_up", "js/sign-up.js")

    @blueprint.get("/welcome")
    def welcome() -> Response:
        return pages.draw("welcome", "js/welcome.js")


def _asks_for_a_page() -> bool:
    """A person's browser names HTML first; programs and our own modules are answered in their form."""
    return request.accept_mimetypes.best_match(("application/json", "text/html")) == "text/html"


def content_policy(live_url: str) -> str:
    """The Content-Security-Policy: everything from here, and the live connection from where it is; no inline code or style."""
    live = urlsplit(live_url)
    connect = f"'self' {live.scheme}://{live.netloc}" if live.netloc else "'self'"
    return (
        f"default-src 'self'; connect-src {connect}; img-src 'self' data: blob:; media-src 'self' blob: mediastream:; "
        "object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    )
