"""The way of a browser to its organisation's identity provider and back. What it asked travels in a signed cookie of minutes.

Each refusal ends on a page of ours that says what to do: here it is but one word of `problem=`.
"""

import hmac
from typing import Any
from urllib.parse import urlencode, urlsplit

import marshmallow as ma
from flask import Blueprint, Response, redirect, request

from contracts import single_sign_on
from contracts.actor import PUBLIC, Actor
from contracts.command import View
from contracts.errors import Invalid, NotFound, NotSignedIn, Refused, Unavailable
from contracts.fields import Id
from gateway.api import asking, bodies, sign_ins
from gateway.api.area import Area
from gateway.api.identity_providers import PATIENCE_SECONDS

area = Area("identity provider sign-ins", "Signing in with the organisation's own identity provider (OpenID Connect)")
pages = Blueprint("identity_provider_sign_ins", __name__)
SIGN_IN, HOME = "/sign-in", "/"
_LONGEST_PATH = 500
# what a provider says that the reader can do something about (RFC 6749 §4.1.2.1, OpenID Connect Core 1.0 §3.1.2.6)
_REFUSALS = {
    "access_denied": "cancelled",
    "temporarily_unavailable": "provider_away",
    "server_error": "provider_away",
    "invalid_scope": "set_up_wrongly",
    "unauthorized_client": "set_up_wrongly",
}


class Begin(ma.Schema):
    organisation_id = Id(required=True)
    next = ma.fields.String()


class Connect(ma.Schema):
    next = ma.fields.String()


class Location(View):
    location = ma.fields.String(required=True)


area.answers(
    "GET", "/sign-ins/provider", single_sign_on.FIND_PROVIDER, "Whose provider signs in who has an address of this domain.",
    asked_by=asking.anybody,
)  # fmt: skip


@area.blueprint.route("/sign-ins/oidc/start", methods=["GET"])
@area.described(Begin, None, "/sign-ins/oidc/start", status=302, reads=True)
def start() -> Response:
    """Send the browser to the provider of `organisation_id`; afterwards it goes on to `next`, a path of ours."""
    return _begin(request.args.get("organisation_id", ""), local_path(request.args.get("next")))


@area.blueprint.route("/sign-ins/oidc/connect", methods=["POST"])
@area.described(Connect, Location, "/sign-ins/oidc/connect")
def connect() -> Response:
    """Where a member who is signed in goes to show who they are at the provider; from then on that signs them in.

    Only by POST, from our own page: else a foreign one could connect somebody with an account that is not theirs.
    """
    found = asking.signed_in()
    given = bodies.json_object(request)
    unknown = given.keys() - {"next"}
    if unknown:
        raise Invalid(errors=[{"pointer": f"/{name}", "detail": "Unknown field."} for name in sorted(unknown)])
    path = local_path(given.get("next"))
    started = _started(str(found.actor.organisation_id))
    response = asking.reply({"location": started["location"]})
    _keep(response, started, path, str(found.actor.sign_in_id))
    return response


@pages.get("/sign-in/with/<id:organisation_id>")
def start_here(organisation_id: str) -> Response:
    """The link that an organisation gives its people."""
    return _begin(organisation_id, local_path(request.args.get("next")))


@pages.get("/sign-in/callback")
def come_back() -> Response:
    """The provider has sent the browser back. What it asked is forgotten, whatever comes of it."""
    cookies = asking.hall().identity.cookies
    question = cookies.question(request.cookies)
    path = question["next"] if question else HOME
    try:
        response = _finish(question, path)
    except Refused as refused:
        response = _refused(_reason(refused), path, question)
    cookies.forget_question(response)
    return response


def local_path(text: Any) -> str:
    """A path of ours; the first page for what leads anywhere else, whichever way a browser may read it (RFC 9700 §4.11)."""
    path = text if isinstance(text, str) else ""
    odd = "\\" in path or any(letter <= " " or letter == "\x7f" for letter in path)
    if not path.startswith("/") or path.startswith("//") or odd or len(path) > _LONGEST_PATH:
        return HOME
    try:
        parts = urlsplit(path)
    except ValueError:
        return HOME
    return path if not parts.scheme and not parts.netloc else HOME


def _begin(organisation_id: str, path: str) -> Response:
    try:
        started = _started(organisation_id)
    except Refused as refused:
        reason = "no_provider" if refused.status in (NotFound.status, 422) else _reason(refused)
        return _refused(reason, path, None)
    response = _to(started["location"])
    _keep(response, started, path, None)
    return response


def _started(organisation_id: str) -> dict[str, Any]:
    asked = {"organisation_id": organisation_id}
    started: dict[str, Any] = asking.ask(single_sign_on.START_PROVIDER_SIGN_IN, asked, PUBLIC, timeout=PATIENCE_SECONDS)
    return started


def _keep(response: Response, started: dict[str, Any], path: str, sign_in_id: str | None) -> None:
    question = {name: value for name, value in started.items() if name != "location"}
    question |= {"next": path, "sign_in_id": sign_in_id}
    asking.hall().identity.cookies.set_question(response, question)


def _finish(question: dict[str, Any] | None, path: str) -> Response:
    given = request.args
    if question is None:
        raise NotSignedIn(reason="expired")
    brought = given.get("state", "")
    # some refuse without the state; that opens nothing, so it is believed
    fits = hmac.compare_digest(brought.encode(), question["provider_state"].encode())
    if "error" in given and (fits or not brought):
        raise NotSignedIn(reason=_REFUSALS.get(given["error"], "refused"))
    if not fits:
        raise NotSignedIn(reason="mismatch")
    connecting = question["sign_in_id"]
    asked = {name: value for name, value in question.items() if name not in ("next", "sign_in_id")}
    asked |= {"code": given.get("code", ""), "iss": given.get("iss"), **sign_ins.seen({})}
    actor = _who_connects(connecting) if connecting else PUBLIC
    opened = asking.ask(single_sign_on.FINISH_PROVIDER_SIGN_IN, asked, actor, timeout=PATIENCE_SECONDS)
    if opened["token"]:
        response = _to(path)
        sign_ins.let_in(response, opened)
        return response
    if opened["step"]:
        # behind the #, so that it reaches no server's log
        return _to(f"{SIGN_IN}?{urlencode({'next': path})}#step={opened['step']}")
    return _to(path)


def _who_connects(sign_in_id: str) -> Actor:
    """The member who began, still signed in here. Raises NotSignedIn."""
    found = asking.signed_in()
    if found.actor.sign_in_id != sign_in_id:
        raise NotSignedIn(reason="expired")
    return found.actor


def _reason(refused: Refused) -> str:
    if isinstance(refused, Unavailable):
        return str(refused.extra.get("reason", "housecall_away"))
    return str(refused.extra.get("reason", "odd_answer"))


def _refused(reason: str, path: str, question: dict[str, Any] | None) -> Response:
    """Back to the page where it was begun, with one word for what to say there."""
    if question and question.get("sign_in_id"):
        return _to(f"{urlsplit(path).path}?{urlencode({'problem': reason})}")
    said = {"problem": reason, "next": path}
    if question:
        said["organisation_id"] = question["organisation_id"]
    return _to(f"{SIGN_IN}?{urlencode(said)}")


def _to(location: str) -> Response:
    response = redirect(location, 302)
    response.headers["Cache-Control"] = "no-store"
    # the code in this page's address is nobody else's business
    response.headers["Referrer-Policy"] = "no-referrer"
    return response  # type: ignore[return-value]
