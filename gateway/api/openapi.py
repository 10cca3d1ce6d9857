"""What OpenAPI needs beyond what the areas say of themselves: who may ask, headers, every kind of refusal, and examples.

Works on the plain document (OpenAPI 3.1); knows no schema class and no service.
"""

import re
from typing import Any

from contracts import api_clients, errors
from contracts.permissions import TABLE
from gateway.api.examples import example_of

METHODS = ("get", "post", "patch", "put", "delete")
PROBLEM = "application/problem+json"
_JSON = "application/json"
_OPEN = re.compile(
    r"/api/(join/.*|member-invites/.*|password-resets(/finish)?|lost-links|sign-ups(/.*)?"
    r"|sign-ins/(finish|security-key(/begin)?|oidc/start|provider))"
)
_OPEN_TO_POST = {"/api/sign-ins"}
_GUESTS = re.compile(r"/api/caller(/.*)?")
# what an area notes of an operation, for this module alone
PERMISSION = "x-permission"
SCOPES = {
    "rooms:read": "See rooms, their links and what they ask.",
    "rooms:write": "Make, change and remove Meeting Rooms.",
    "sessions:read": "See Scheduled Sessions.",
    "sessions:write": "Book, move and cancel Scheduled Sessions.",
    "invitations:read": "See who was invited, and what became of it.",
    "invitations:write": "Invite people, and revoke their links.",
    "waiting:read": "See who waits.",
    "calls:read": "See calls and who is in them.",
    "events:read": "Read the event stream.",
    "members:read": "See members and who is on duty.",
    "organisation:read": "See the organisation, its clinics and its plan.",
}
_SCHEMES: dict[str, dict[str, Any]] = {
    "signIn": {
        "type": "apiKey",
        "in": "cookie",
        "name": "housecall",
        "description": "A member's sign-in: `POST /api/sign-ins` sets it.",
    },
    "arrival": {
        "type": "apiKey",
        "in": "cookie",
        "name": "housecall_guest",
        "description": "A guest who arrived by a link: `POST /api/join/<token>/arrivals` sets it.",
    },
}
_SCHEMES["oauth2"] = {
    "type": "oauth2",
    "description": "A program's access token, by its scopes (docs/integrations/rest-api.md).",
    "flows": {
        "clientCredentials": {
            "tokenUrl": "/oauth2/token",
            "scopes": {scope: SCOPES[scope] for scope in api_clients.SCOPES},
        }
    },
}
_KEY = {
    "in": "header",
    "name": "Idempotency-Key",
    "schema": {"type": "string", "minLength": 1, "maxLength": 255},
    "description": "The same key on the same address is carried out once and gets the same answer; a UUIDv7 is best.",
    "example": "01936f3e-7a10-7c52-9d3b-5f0e4c1a2b60",
}
_OURS = {
    "in": "header",
    "name": "X-Housecall",
    "schema": {"type": "string"},
    "description": "Any value. A change needs it from a program that has the cookie and is no page of ours (it sends no `Origin`).",
    "example": "1",
}
_RETRY_AFTER = {"schema": {"type": "integer", "minimum": 1}, "description": "Seconds until it is worth asking again."}
_RATE = {
    "RateLimit": {
        "schema": {"type": "string"},
        "description": "How many requests are left (`r`), and in how many seconds all are back (`t`); absent where none is limited.",
        "example": '"member";r=1187;t=1',
    },
    "RateLimit-Policy": {
        "schema": {"type": "string"},
        "description": "How many requests (`q`) a member may make in how many seconds (`w`).",
        "example": '"member";q=1200;w=60',
    },
}
# kinds of refusal that an operation can meet, by status; the first of several gives the example
_KINDS: dict[str, tuple[str, type[errors.Refused]]] = {
    "401": ("NotSignedIn", errors.NotSignedIn),
    "403": ("Forbidden", errors.Forbidden),
    "404": ("NotFound", errors.NotFound),
    "409": ("Conflict", errors.Conflict),
    "410": ("Gone", errors.Gone),
    "412": ("Outdated", errors.Outdated),
    "422": ("Invalid", errors.Invalid),
    "429": ("TooMany", errors.TooMany),
    "503": ("Unavailable", errors.Unavailable),
}
_MORE = {
    "400": ("BadRequest", "This is not the JSON that was expected", "/docs/errors#badjson"),
    "413": ("TooLarge", "This is too large", "/docs/errors#toolarge"),
    "415": ("NotJson", "Send application/json", "/docs/errors#notjson"),
}


def complete(document: dict[str, Any]) -> dict[str, Any]:
    """The document, completed in place."""
    components = document["components"]
    components["securitySchemes"] = _SCHEMES
    components["headers"] = {"RetryAfter": _RETRY_AFTER, **_RATE}
    components["parameters"] = {"IdempotencyKey": _KEY, "XHousecall": _OURS}
    for answer in components.get("responses", {}).values():
        content = answer.get("content", {}).pop(_JSON, None)
        if content:
            answer["content"] = {PROBLEM: content}
    components.setdefault("responses", {}).update(_refusals())
    schemas = components["schemas"]
    for path, item in document["paths"].items():
        for method in METHODS:
            if method in item:
                _complete(item[method], path, method, schemas)
    return document


def operations(document: dict[str, Any]) -> list[tuple[str, str, dict[str, Any]]]:
    """(method, path, operation), in the order of the areas."""
    return [
        (method, path, item[method]) for path, item in document["paths"].items() for method in METHODS if method in item
    ]


def operation_id(method: str, path: str) -> str:
    """A name that generated clients can use, and that stays as long as the address does."""
    return "_".join([method, *re.findall(r"[a-z0-9]+(?:_[a-z0-9]+)*", path.removeprefix("/api").replace("-", "_"))])


def is_open(method: str, path: str) -> bool:
    """Whether nobody needs to sign in or to have arrived."""
    return bool(_OPEN.fullmatch(path)) or (method == "post" and path in _OPEN_TO_POST)


def _complete(operation: dict[str, Any], path: str, method: str, schemas: dict[str, Any]) -> None:
    operation["operationId"] = operation_id(method, path)
    scheme = "arrival" if _GUESTS.fullmatch(path) else "signIn"
    operation["security"] = [] if is_open(method, path) else [{scheme: []}]
    row = TABLE.get(operation.pop(PERMISSION, ""))
    if row and row.scope in SCOPES and scheme == "signIn":
        operation["security"].append({"oauth2": [row.scope]})
    if method != "get":
        named = [{"$ref": "#/components/parameters/IdempotencyKey"}, {"$ref": "#/components/parameters/XHousecall"}]
        operation.setdefault("parameters", []).extend(named)
    _show(operation.get("requestBody", {}), schemas, sent=True)
    for answer in operation["responses"].values():
        _show(answer, schemas, sent=False)
        if {"signIn": []} in operation["security"] and "$ref" not in answer:
            answer.setdefault("headers", {}).update({name: {"$ref": f"#/components/headers/{name}"} for name in _RATE})
    for status in _refused(operation, path, method):
        name = _KINDS[status][0] if status in _KINDS else _MORE[status][0]
        operation["responses"].setdefault(status, {"$ref": f"#/components/responses/{name}"})


def _show(part: dict[str, Any], schemas: dict[str, Any], *, sent: bool) -> None:
    content = part.get("content", {}).get(_JSON)
    if content and "schema" in content and "example" not in content:
        content["example"] = example_of(content["schema"], schemas, sent=sent)


def _refused(operation: dict[str, Any], path: str, method: str) -> list[str]:
    """The statuses of refusals that this operation can answer."""
    open_to_all = not operation["security"]
    takes = {parameter.get("name") for parameter in operation.get("parameters", ())}
    found = ["422", "429", "503"]
    if not open_to_all:
        found += ["401", "403"]
    if "{" in path:
        found += ["404", "410"] if open_to_all else ["404"]
    if method != "get":
        found += ["400", "403", "409", "413"]
    if "requestBody" in operation:
        found.append("415")
    if "after" in takes and path == "/api/events":
        found += ["400", "410"]
    if "If-Match" in takes:
        found.append("412")
    return sorted(set(found))


def _refusals() -> dict[str, Any]:
    made = {
        name: _refusal(kind.title, status, f"/docs/errors#{kind.__name__.lower()}")
        for status, (name, kind) in _KINDS.items()
    }
    return made | {name: _refusal(title, status, kind) for status, (name, title, kind) in _MORE.items()}


def _refusal(title: str, status: str, kind: str) -> dict[str, Any]:
    example: dict[str, Any] = {"type": kind, "title": title, "status": int(status), "detail": title}
    if status == "422":
        example["errors"] = [{"pointer": "/planned/zone", "detail": "Missing data for required field."}]
    answer: dict[str, Any] = {
        "description": title,
        "content": {PROBLEM: {"schema": {"$ref": "#/components/schemas/Problem"}, "example": example}},
    }
    if status in ("429", "503"):
        answer["headers"] = {"Retry-After": {"$ref": "#/components/headers/RetryAfter"}}
    if status == "429":
        answer["headers"] |= {name: {"$ref": f"#/components/headers/{name}"} for name in _RATE}
    return answer
