"""Versions as entity tags: ETag on what is read, If-Match on what changes it (RFC 9110 §8.8.3, §13.1.1).

A view that has a `version` is tagged with it; a change that takes a `version` heeds If-Match.
"""

import re
from typing import Any

import msgspec
from flask import Request, Response

from contracts.command import Command
from contracts.errors import Invalid, Outdated
from gateway.api import asking

_VERSION = "version"
DESCRIBED = {"ETag": {"schema": {"type": "string"}, "description": "The version, for If-Match."}}
IF_MATCH = {
    "in": "header",
    "name": "If-Match",
    "schema": {"type": "string"},
    "description": "The ETag as read: refused with 412 when somebody changed it meanwhile.",
}
_TAG = re.compile(r'"(\d{1,18})"')


class _Versioned(msgspec.Struct):
    version: int | None = None


_read_version = msgspec.json.Decoder(_Versioned | None).decode


def are_given(command: Command) -> bool:
    """Whether what the command answers has a version."""
    return _VERSION in command.reply._declared_fields


def are_heeded(command: Command) -> bool:
    """Whether the command is refused when it was based on an old version."""
    return command.changes and _VERSION in command.request._declared_fields


def with_tag(view: Any, status: int = 200) -> Response:
    """The view, read or not, as a response, tagged with its `version` where it has one."""
    response = asking.reply(view, status)
    version = _version(view)
    if version is not None:
        response.headers["ETag"] = f'"{version}"'
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


def _version(view: Any) -> int | None:
    if isinstance(view, msgspec.Raw):
        found = _read_version(view)
        return found.version if found else None
    return view.get(_VERSION) if isinstance(view, dict) else None
