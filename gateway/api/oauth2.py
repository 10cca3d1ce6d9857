"""The token endpoint of OAuth 2.0 (RFC 6749 §3.2): a client's secret for a token. Errors are in its own form (§5.2)."""

import base64
import json
from typing import Any
from urllib.parse import unquote_plus

import structlog
from flask import Blueprint, Response, request
from werkzeug.exceptions import HTTPException

from contracts import api_clients, errors
from contracts.actor import PUBLIC
from gateway.api import asking

CLIENT_CREDENTIALS, REFRESH_TOKEN = "client_credentials", "refresh_token"
AUTHORIZATION_CODE = "authorization_code"
_BASIC = "basic "
_REALM = 'Basic realm="housecall", charset="UTF-8"'
_LONGEST_NETWORK = 64
log = structlog.get_logger()

blueprint = Blueprint("oauth2", __name__)


class OAuthProblem(Exception):
    """A refusal as RFC 6749 §5.2 says it."""

    def __init__(self, error: str, description: str, status: int = 400, retry_after: int | None = None) -> None:
        super().__init__(error)
        self.error, self.description = error, description
        self.status, self.retry_after = status, retry_after


@blueprint.post("/oauth2/token")
def token() -> Response:
    """An access token for client credentials (§4.4), and no refresh token with it (§4.4.3)."""
    return answered((CLIENT_CREDENTIALS,))


def answered(grants: tuple[str, ...]) -> Response:
    """The answer to a request for a token by one of these grants."""
    try:
        return _said(_granted(grants))
    except OAuthProblem as refused:
        return _refused(refused)
    except errors.Refused as refused:
        return _refused(_translated(refused))
    except HTTPException:
        return _refused(OAuthProblem("invalid_request", "This is no form that can be read."))


def _granted(grants: tuple[str, ...]) -> dict[str, Any]:
    form = request.form
    if any(len(form.getlist(name)) > 1 for name in form):
        raise OAuthProblem("invalid_request", "A parameter is there twice.")
    grant = form.get("grant_type", "")
    if not grant:
        raise OAuthProblem("invalid_request", "Send grant_type in a form (application/x-www-form-urlencoded).")
    key, secret = _credentials()
    if grant == AUTHORIZATION_CODE and grant in grants:
        raise OAuthProblem("invalid_grant", "There is no such code: none are given here. Ask with client_credentials.")
    if grant not in grants:
        raise OAuthProblem("unsupported_grant_type", f"Send one of: {', '.join(grants)}.")
    refreshed = form.get("refresh_token", "") if grant == REFRESH_TOKEN else None
    if refreshed == "":
        raise OAuthProblem("invalid_request", "Send the refresh_token.")
    asked = {
        "api_key": key,
        "key_secret": secret,
        "scope": form.get("scope") or None,
        "refresh_token": refreshed,
        "refreshable": REFRESH_TOKEN in grants,
        "network": (request.remote_addr or "")[:_LONGEST_NETWORK],
    }
    answer: dict[str, Any] = asking.ask(api_clients.OPEN_ACCESS, asked, PUBLIC)
    return {**{name: value for name, value in answer.items() if value is not None}, "token_type": "Bearer"}


def _credentials() -> tuple[str, str]:
    """Key and secret, by HTTP Basic, each half form-encoded first (§2.3.1), or in the form."""
    said = request.headers.get("Authorization", "")
    if said.lower().startswith(_BASIC):
        if "client_secret" in request.form:
            raise OAuthProblem("invalid_request", "Identify yourself in one way, by the header or by the form.")
        try:
            key, _, secret = base64.b64decode(said[len(_BASIC) :].strip(), validate=True).decode().partition(":")
        except ValueError:
            raise _no_client() from None
        found = unquote_plus(key), unquote_plus(secret)
    else:
        found = request.form.get("client_id", ""), request.form.get("client_secret", "")
    if not all(found):
        raise _no_client()
    return found


def _no_client() -> OAuthProblem:
    return OAuthProblem("invalid_client", "There is no such client, or this is not its secret.", 401)


def _translated(refused: errors.Refused) -> OAuthProblem:
    pointers = {each.get("pointer") for each in refused.extra.get("errors", ())}
    match refused:
        case errors.NotSignedIn():
            return OAuthProblem("invalid_client", refused.detail, 401)
        case errors.Gone():
            return OAuthProblem("invalid_grant", refused.detail)
        case errors.Invalid() if "/scope" in pointers:
            return OAuthProblem("invalid_scope", refused.detail)
        case errors.Invalid() if pointers & {"/api_key", "/key_secret"}:
            return _no_client()
        case errors.Invalid() if "/refresh_token" in pointers:
            return OAuthProblem("invalid_grant", "This is no refresh token of ours.")
        case errors.TooMany():
            return OAuthProblem("slow_down", refused.detail, 429, refused.extra.get("retry_after_seconds"))
        case errors.Unavailable():
            return OAuthProblem("temporarily_unavailable", refused.detail, 503, 1)
    log.error("defect", kind=type(refused).__name__)
    return OAuthProblem("server_error", refused.title, 500)


def _refused(problem: OAuthProblem) -> Response:
    response = _said({"error": problem.error, "error_description": problem.description})
    response.status_code = problem.status
    if problem.status == 401:
        response.headers["WWW-Authenticate"] = _REALM
    if problem.retry_after:
        response.headers["Retry-After"] = str(problem.retry_after)
    return response


def _said(body: dict[str, Any]) -> Response:
    response = Response(json.dumps(body), content_type="application/json")
    response.headers["Cache-Control"] = "no-store"
    response.headers["Pragma"] = "no-cache"
    return response
