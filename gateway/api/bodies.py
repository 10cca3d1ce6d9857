"""Reading what was sent: a JSON object of at most a megabyte, and the query."""

import json
from collections.abc import Mapping
from typing import Any

from flask import Request
from werkzeug.exceptions import RequestEntityTooLarge

from contracts.errors import Invalid
from gateway import typed_json
from gateway.problems import BadJson, NotJson, TooLarge

MOST_BYTES = 1_000_000


def json_object(request: Request) -> dict[str, Any]:
    """The body; nothing at all counts as an object without fields.

    Raises NotJson for another content type, BadJson naming line and column, TooLarge.
    """
    try:
        body = request.get_data(cache=True)
    except RequestEntityTooLarge as error:
        raise TooLarge(f"Send at most {MOST_BYTES} bytes.") from error
    if not body:
        return {}
    if not request.is_json:
        raise NotJson
    try:
        value = typed_json.loads(body, parse_constant=_no_constant)
    except json.JSONDecodeError as error:
        raise BadJson(f"{error.msg} at line {error.lineno}, column {error.colno}.") from error
    except UnicodeDecodeError as error:
        raise BadJson(f"Byte {error.start} is not UTF-8.") from error
    except typed_json.NamedTwice as error:
        raise BadJson("An object has the same name twice.") from error
    except (ValueError, RecursionError) as error:
        raise BadJson("A number or a depth is beyond what JSON can carry between programs.") from error
    if not isinstance(value, dict):
        raise BadJson("The body must be a JSON object, at line 1, column 1.")
    return value


def query(request: Request) -> dict[str, Any]:
    """The query's parameters, each once. Raises Invalid, naming one that comes twice."""
    found: dict[str, Any] = {}
    for name, values in request.args.lists():
        if len(values) > 1:
            raise Invalid(errors=[{"pointer": f"/{name}", "detail": "Give this once."}])
        found[name] = values[0]
    return found


def ours(given: Mapping[str, Any], **said: str) -> dict[str, str]:
    """What only we say of a request, to go beside `given`. Raises Invalid for a body that says it."""
    for name in said.keys() & given.keys():
        raise Invalid(errors=[{"pointer": f"/{name}", "detail": "Unknown field."}])
    return said


def _no_constant(name: str) -> float:
    """NaN and Infinity are Python's, not JSON's (RFC 8259 §6)."""
    raise ValueError(name)
