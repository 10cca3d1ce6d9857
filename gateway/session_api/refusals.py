"""Errors of the Session API v1: JSON in every case, with its statuses."""

import json

import structlog
from flask import Blueprint, Response
from werkzeug.exceptions import HTTPException

from contracts import errors
from contracts.errors import Refused, Unexpected

# what a state does not allow is a request that cannot be carried out
_STATUS = {409: 400, 410: 404, 412: 400, 413: 400, 415: 400, 422: 400}
_NAMES = {
    400: "bad_request", 401: "unauthorized", 403: "forbidden", 404: "not_found", 405: "method_not_allowed",
    429: "too_many_requests", 500: "server_error", 503: "unavailable",
}  # fmt: skip
log = structlog.get_logger()


class BadRequest(Refused):
    """Malformed or missing; `detail` names it."""

    status = 400
    title = "This request cannot be carried out"


def register(blueprint: Blueprint) -> None:
    """Whatever a view raises is answered so."""
    blueprint.register_error_handler(Refused, answer)
    blueprint.register_error_handler(HTTPException, http_error)
    blueprint.register_error_handler(Exception, _defect)


def answer(refused: Refused) -> Response:
    """The refusal, said in words for people and in one word for programs."""
    said = refused.detail
    fields = [f"{each['pointer'].strip('/')}: {each['detail']}" for each in refused.extra.get("errors", ())]
    if fields and refused.detail == refused.title:
        said = "; ".join(fields)
    response = _said(_STATUS.get(refused.status, refused.status), said)
    if isinstance(refused, errors.NotSignedIn):
        response.headers["WWW-Authenticate"] = 'Bearer error="invalid_token"'
    retry = refused.extra.get("retry_after_seconds") or (1 if refused.status == 503 else None)
    if retry:
        response.headers["Retry-After"] = str(retry)
    return response


def http_error(error: HTTPException) -> Response:
    """What Flask itself refuses."""
    status = error.code or 500
    return _said(_STATUS.get(status, status), error.description or error.name)


def not_allowed(methods: list[str]) -> Response:
    """An address that there is, by another method."""
    response = _said(405, "This address is asked otherwise.")
    response.headers["Allow"] = ", ".join(sorted(methods))
    return response


def _defect(error: Exception) -> Response:
    log.error("defect", exc_info=error)
    return answer(Unexpected())


def _said(status: int, message: str) -> Response:
    body = {"ok": False, "error": _NAMES.get(status, "error"), "message": message}
    response = Response(json.dumps(body), status=status, content_type="application/json")
    response.headers["Cache-Control"] = "no-store"
    return response
