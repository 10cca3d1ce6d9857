"""Versions as entity tags: ETag on what is read, If-Match on what changes it (RFC 9110 §8.8.3, §13.1.1)."""

import re
from typing import Any

from flask import Request, Response

from contracts.errors import Invalid, Outdated
from gateway.api import asking

DESCRIBED = {"ETag": {"schema": {"type": "string"}, "description": "The version, for If-Match."}}
IF_MATCH = {
    "in": "header",
    "name": "If-Match",
    "schema": {"type": "string"},
    "description": "The ETag as read: refused with 412 when somebody changed it meanwhile.",
}
_TAG = re.compile(r'"(\d{1,18})"')


def with_tag(view: dict[str, Any], status: int = 200) -> Response:
    """The view as a response, tagged with its `version`."""
    response = asking.reply(view, status)
    response.headers["ETag"] = f'"{view["version"]}"'
    return response


def expecting(request: Request, change: dict[str, Any]) -> dict[str, Any]:
    """The change with the `version` that If-Match names; without the header, or with `*`, as it is.

    Raises Outdated when the header names no version of ours, and Invalid when header and body both name one.
    """
    wanted = request.headers.get("If-Match", "*").strip()
    if wanted == "*":
        return change
    if "version" in change:
        raise Invalid(errors=[{"pointer": "/version", "detail": "If-Match says this already."}])
    versions = [int(tag[1]) for part in wanted.split(",") if (tag := _TAG.fullmatch(part.strip()))]
    if not versions:
        raise Outdated("If-Match names no version; send the ETag as you read it.")
    return {**change, "version": max(versions)}
