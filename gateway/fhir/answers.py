"""Answers in FHIR's form: resources, and every error as an OperationOutcome."""

import json
from typing import Any

import structlog
from flask import Blueprint, Response
from werkzeug.exceptions import HTTPException

from contracts.errors import Invalid, Refused, Unavailable, Unexpected
from gateway.fhir.shown import outcome

MEDIA_TYPE = "application/fhir+json"
# R5 https://hl7.org/fhir/R5/codesystem-issue-type.html, by status
_CODES = {
    400: "invalid", 401: "login", 403: "forbidden", 404: "not-found", 405: "not-supported", 409: "conflict", 410: "deleted",
    412: "conflict", 413: "too-long", 415: "not-supported", 422: "value", 429: "throttled", 503: "transient",
}  # fmt: skip
log = structlog.get_logger()


def answer(resource: dict[str, Any], status: int = 200) -> Response:
    """The resource; where it has a version, as a weak ETag (R5 §3.2.0.6)."""
    text = json.dumps(resource, ensure_ascii=False, separators=(",", ":"))
    response = Response(text, status=status, content_type=f"{MEDIA_TYPE}; charset=utf-8")
    response.headers["Cache-Control"] = "private, no-store"
    version = resource.get("meta", {}).get("versionId")
    if version:
        response.headers["ETag"] = f'W/"{version}"'
    return response


def register(blueprint: Blueprint) -> None:
    """Answer every refusal, HTTP error and defect behind this blueprint so."""
    blueprint.register_error_handler(Refused, _refusal)
    blueprint.register_error_handler(HTTPException, _http_error)
    blueprint.register_error_handler(Exception, _defect)


def _refusal(refused: Refused) -> Response:
    wrong = refused.extra.get("errors", ()) if isinstance(refused, Invalid) else ()
    detail = " ".join(f"{each['pointer'].lstrip('/')}: {each['detail']}" for each in wrong) or refused.detail
    # R5 §3.2.1.1.2: a search that cannot be understood is 400
    status = 400 if isinstance(refused, Invalid) else refused.status
    places = tuple(f"http.{each['pointer'].lstrip('/')}" for each in wrong)
    response = answer(outcome(_CODES.get(status, "processing"), type(refused).__name__.lower(), detail, places), status)
    retry = refused.extra.get("retry_after_seconds") or (1 if isinstance(refused, Unavailable) else None)
    if retry:
        response.headers["Retry-After"] = str(int(retry) or 1)
    if status == 405:
        response.headers["Allow"] = "GET, HEAD, OPTIONS"
    return response


def _http_error(error: HTTPException) -> Response:
    status = error.code or 500
    return answer(outcome(_CODES.get(status, "processing"), "refused", error.description or error.name), status)


def _defect(error: Exception) -> Response:
    log.error("defect", exc_info=error)
    return answer(outcome("exception", "unexpected", Unexpected().detail), 500)
