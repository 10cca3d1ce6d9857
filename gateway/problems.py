"""Every error as problem details (RFC 9457), in one form, saying nothing of what was sent."""

import json

import structlog
from flask import Flask, Response, request
from werkzeug.exceptions import HTTPException

from contracts import errors
from contracts.actor import Actor
from contracts.command import Command
from contracts.errors import Refused, Unavailable, Unexpected, problem
from contracts.permissions import TABLE
from gateway.api_clients import bearer

MEDIA_TYPE = "application/problem+json"
log = structlog.get_logger()


class BadJson(Refused):
    """The body is no JSON object; `detail` names the position."""

    status = 400
    title = "This is not the JSON that was expected"


class BadKey(Refused):
    """An Idempotency-Key that is none; nothing was done."""

    status = 400
    title = "This Idempotency-Key cannot be used"


class TooLarge(Refused):
    status = 413
    title = "This is too large"


class NotJson(Refused):
    status = 415
    title = "Send application/json"


class ForeignOrigin(errors.Forbidden):
    """A browser sent it from a page that is not ours."""

    title = "This came from another site"


class MissingScope(errors.Forbidden):
    """An API client's token has not the scope that this needs; `scope` names it. Null: no client may do it, or none of some clinics."""

    title = "This token does not reach so far"

    @classmethod
    def of(cls, command: Command, actor: Actor) -> "MissingScope":
        """What a client would need for this command."""
        scope = TABLE[command.permission].scope
        if scope is None:
            return cls("No API client may do this: a member does, who is signed in.", scope=None)
        if scope in actor.scopes:
            return cls("This is not cut by clinic: only a client of the whole organisation may do it.", scope=None)
        return cls(f"It needs the scope {scope}.", scope=scope)


def answer(error: Refused) -> Response:
    """The error as a response."""
    response = Response(
        json.dumps(problem(error, _place()), ensure_ascii=False), status=error.status, content_type=MEDIA_TYPE
    )
    response.headers["Cache-Control"] = "no-store"
    retry = error.extra.get("retry_after_seconds") or (1 if isinstance(error, Unavailable) else None)
    challenge = _challenge(error)
    if challenge:
        response.headers["WWW-Authenticate"] = challenge
    if retry:
        response.headers["Retry-After"] = str(int(retry) or 1)
    return response


def _challenge(error: Refused) -> str | None:
    """As RFC 6750 §3 says it to whoever brought a bearer token."""
    if bearer(request) is None:
        return None
    if isinstance(error, MissingScope):
        scope = error.extra.get("scope")
        return 'Bearer error="insufficient_scope"' + (f', scope="{scope}"' if scope else "")
    return 'Bearer error="invalid_token"' if isinstance(error, errors.NotSignedIn) else None


def register(app: Flask) -> None:
    """Answer every refusal, HTTP error and defect of this app so."""
    app.register_error_handler(Refused, answer)
    app.register_error_handler(HTTPException, http_error)
    app.register_error_handler(Exception, _defect)


def http_error(error: HTTPException) -> Response:
    """What Flask itself refuses: no such address, wrong method, too large."""
    if isinstance(error.code, int) and 300 <= error.code < 400:
        return error.get_response()  # type: ignore[return-value]
    refusal = Refused(error.description or "")
    refusal.status, refusal.title = error.code or 500, error.name
    response = answer(refusal)
    allow = error.get_response().headers.get("Allow")
    if allow:
        response.headers["Allow"] = allow
    return response


def _defect(error: Exception) -> Response:
    """Says nothing but that it is our fault; the log says where."""
    log.error("defect", exc_info=error)
    return answer(Unexpected())


def _place() -> str | None:
    """`instance`, but never with a link's token in it."""
    return None if "/join/" in request.path else request.path
