"""Answers in SCIM's form: resources, lists, and errors (RFC 7644 §3.12)."""

import json
from typing import Any

import structlog
from flask import Blueprint, Response
from werkzeug.exceptions import HTTPException

from contracts.errors import Conflict, Invalid, NotSignedIn, Refused, Unavailable, Unexpected
from gateway.problems import BadJson

MEDIA_TYPE = "application/scim+json"
ERROR = "urn:ietf:params:scim:api:messages:2.0:Error"
LIST = "urn:ietf:params:scim:api:messages:2.0:ListResponse"
log = structlog.get_logger()


def answer(body: dict[str, Any], status: int = 200) -> Response:
    """JSON as SCIM names it; a resource brings its address and its version in headers, too."""
    text = json.dumps(body, ensure_ascii=False, separators=(",", ":"))
    response = Response(text, status=status, content_type=MEDIA_TYPE)
    response.headers["Cache-Control"] = "no-store"
    meta = body.get("meta", {})
    if "version" in meta:
        response.headers["ETag"] = meta["version"]
    if status == 201:
        response.headers["Location"] = meta["location"]
    return response


def listing(items: list[dict[str, Any]], total: int, start_index: int) -> Response:
    """A page of resources."""
    return answer(
        {
            "schemas": [LIST],
            "totalResults": total,
            "startIndex": start_index,
            "itemsPerPage": len(items),
            "Resources": items,
        }
    )


def error(status: int, detail: str, scim_type: str | None = None) -> Response:
    """An error; `status` is text in its body."""
    body = {"schemas": [ERROR], "status": str(status), "detail": detail}
    response = answer(body | ({"scimType": scim_type} if scim_type else {}), status)
    if status == 401:
        response.headers["WWW-Authenticate"] = 'Bearer realm="Housecall SCIM"'
    return response


def register(blueprint: Blueprint) -> None:
    """Answer every refusal, HTTP error and defect behind this blueprint so."""
    blueprint.register_error_handler(Refused, _refusal)
    blueprint.register_error_handler(HTTPException, http_error)
    blueprint.register_error_handler(Exception, _defect)


def _refusal(refused: Refused) -> Response:
    detail = refused.detail
    scim_type = refused.extra.get("scim_type")
    match refused:
        case BadJson():
            return error(400, detail, "invalidSyntax")
        case Invalid():
            pointers = [f"{each['pointer']}: {each['detail']}" for each in refused.extra.get("errors", ())]
            return error(400, " ".join(pointers) if pointers else detail, scim_type or "invalidValue")
        case Conflict() if scim_type is None:
            # what the state does not allow, above all that the last owner goes
            return error(400, detail, "mutability")
        case NotSignedIn():
            return error(401, detail)
    response = error(refused.status, detail, scim_type)
    if isinstance(refused, Unavailable):
        response.headers["Retry-After"] = "1"
    return response


def http_error(refused: HTTPException) -> Response:
    """What Flask itself refuses."""
    return error(refused.code or 500, refused.description or refused.name)


def _defect(defect: Exception) -> Response:
    log.error("defect", exc_info=defect)
    return error(500, Unexpected().detail)
