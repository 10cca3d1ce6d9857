"""The addresses of SCIM: each asks which directory it is, and passes one command on."""

import json
from typing import Any

from flask import Blueprint, Flask, Response, request
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge

from contracts import directory
from contracts.command import Command
from contracts.errors import Invalid, NotFound
from gateway import problems, typed_json
from gateway.api import asking, bodies
from gateway.problems import BadJson, NotJson, TooLarge
from gateway.scim import answers, discovery
from gateway.scim.answers import answer, listing
from gateway.scim.directory import actor
from gateway.scim.shown import names, shown

PREFIX = "/scim/v2"
_MEDIA_TYPES = frozenset({"application/scim+json", "application/json"})
_PATCH = "urn:ietf:params:scim:api:messages:2.0:PatchOp"
_USERS = (
    directory.FIND_DIRECTORY_USERS, directory.ADD_DIRECTORY_USER, directory.GET_DIRECTORY_USER,
    directory.REPLACE_DIRECTORY_USER, directory.CHANGE_DIRECTORY_USER, directory.REMOVE_DIRECTORY_USER,
)  # fmt: skip
_GROUPS = (
    directory.FIND_DIRECTORY_GROUPS, directory.ADD_DIRECTORY_GROUP, directory.GET_DIRECTORY_GROUP,
    directory.REPLACE_DIRECTORY_GROUP, directory.CHANGE_DIRECTORY_GROUP, directory.REMOVE_DIRECTORY_GROUP,
)  # fmt: skip


def register(app: Flask) -> None:
    """The routes under `/scim/v2`; what is none of them is refused in SCIM's form, too."""
    app.register_blueprint(create_blueprint())

    def strange(refused: HTTPException) -> Response:
        if not request.path.startswith(f"{PREFIX}/"):
            return problems.http_error(refused)
        response = answers.http_error(refused)
        allow = refused.get_response().headers.get("Allow")
        if allow:
            response.headers["Allow"] = allow
        return response

    for status in (404, 405):
        app.register_error_handler(status, strange)


def create_blueprint() -> Blueprint:
    """Users, groups, and what the service says of itself."""
    blueprint = Blueprint("scim", __name__, url_prefix=PREFIX)
    answers.register(blueprint)
    _describe(blueprint)
    _keep(blueprint, "Users", "member_id", _USERS)
    _keep(blueprint, "Groups", "group_id", _GROUPS)

    @blueprint.post("/.search")
    def searched() -> Response:
        """Users first, then groups (RFC 7644 §3.4.3)."""
        return _find_all(_body())

    @blueprint.get("/<path:rest>")
    def nothing(rest: str) -> Response:
        """Before the pages' own answer to an unknown address."""
        actor()
        raise NotFound

    return blueprint


def _keep(blueprint: Blueprint, place: str, id_name: str, commands: tuple[Command, ...]) -> None:
    find, add, get, replace, change, remove = commands

    def found() -> Response:
        return _find(find, dict(request.args))

    def searched() -> Response:
        return _find(find, _body())

    def added() -> Response:
        who = actor()
        return _resource(asking.ask(add, {"resource": _body()}, who), 201)

    def got(id: str) -> Response:
        who = actor()
        return _resource(asking.ask(get, {id_name: id}, who))

    def replaced(id: str) -> Response:
        who = actor()
        return _resource(asking.ask(replace, {id_name: id, "resource": _body(), **_if_match()}, who))

    def changed(id: str) -> Response:
        who = actor()
        return _resource(asking.ask(change, {id_name: id, "operations": _operations(), **_if_match()}, who))

    def removed(id: str) -> Response:
        who = actor()
        asking.ask(remove, {id_name: id, **_if_match()}, who)
        return Response(status=204)

    each = f"/{place}/<id:id>"
    for rule, method, view in (
        (f"/{place}", "GET", found),
        (f"/{place}", "POST", added),
        (f"/{place}/.search", "POST", searched),
        (each, "GET", got),
        (each, "PUT", replaced),
        (each, "PATCH", changed),
        (each, "DELETE", removed),
    ):
        blueprint.add_url_rule(rule, f"{method.lower()}_{place}_{view.__name__}", view, methods=[method])


def _describe(blueprint: Blueprint) -> None:
    @blueprint.get("/ServiceProviderConfig")
    def configuration() -> Response:
        actor()
        return answer(discovery.configuration(_base_url()))

    @blueprint.get("/ResourceTypes")
    def resource_types() -> Response:
        actor()
        return _all(discovery.resource_types(_base_url()))

    @blueprint.get("/ResourceTypes/<name>")
    def resource_type(name: str) -> Response:
        actor()
        return _one(discovery.resource_types(_base_url()), name)

    @blueprint.get("/Schemas")
    def schemas() -> Response:
        actor()
        return _all(discovery.schemas(_base_url()))

    @blueprint.get("/Schemas/<name>")
    def schema(name: str) -> Response:
        actor()
        return _one(discovery.schemas(_base_url()), name)


def _all(items: list[dict[str, Any]]) -> Response:
    return listing(items, len(items), 1)


def _one(items: list[dict[str, Any]], id: str) -> Response:
    found = next((each for each in items if each["id"].lower() == id.lower()), None)
    if found is None:
        raise NotFound
    return answer(found)


def _find(command: Command, asked: dict[str, Any]) -> Response:
    who = actor()
    found = asking.ask(command, _wanted(asked), who)
    select = _selection(asked)
    return listing([shown(each, *select) for each in found["items"]], found["total"], found["start_index"])


def _find_all(asked: dict[str, Any]) -> Response:
    who, wanted, select = actor(), _wanted(asked), _selection(asked)
    first = asking.ask(directory.FIND_DIRECTORY_USERS, wanted, who)
    most = discovery.MOST_RESULTS if wanted["count"] is None else wanted["count"]
    rest = {
        **wanted,
        "start_index": max(first["start_index"] - first["total"], 1),
        "count": max(most - len(first["items"]), 0),
    }
    second = asking.ask(directory.FIND_DIRECTORY_GROUPS, rest, who)
    items = [shown(each, *select) for each in (*first["items"], *second["items"])]
    return listing(items, first["total"] + second["total"], first["start_index"])


def _wanted(asked: dict[str, Any]) -> dict[str, Any]:
    return {
        "filter": asked.get("filter"),
        "start_index": _number(asked, "startIndex", 1),
        "count": _number(asked, "count", None),
    }


def _resource(reply: dict[str, Any], status: int = 200) -> Response:
    whole = reply["resource"]
    response = answer(shown(whole, *_selection(dict(request.args))), status)
    if status == 200 and request.method == "GET":
        response.headers["ETag"] = whole["meta"]["version"]
        if whole["meta"]["version"] in (each.strip() for each in request.headers.get("If-None-Match", "").split(",")):
            return Response(status=304, headers={"ETag": whole["meta"]["version"]})
    return response


def _selection(asked: dict[str, Any]) -> tuple[frozenset[str], frozenset[str]]:
    return _names(asked.get("attributes")), _names(asked.get("excludedAttributes"))


def _names(said: Any) -> frozenset[str]:
    """In the query, between commas; in a search, a list."""
    return names(",".join(map(str, said)) if isinstance(said, list) else str(said or ""))


def _number(asked: dict[str, Any], name: str, otherwise: int | None) -> int | None:
    said = asked.get(name)
    if said is None or said == "":
        return otherwise
    try:
        number = int(said)
    except (ValueError, TypeError):
        raise Invalid(f"{name} is a whole number.") from None
    return max(min(number, 2**31), -1)


def _if_match() -> dict[str, Any]:
    said = request.headers.get("If-Match")
    return {"if_match": said[:400]} if said else {}


def _operations() -> list[dict[str, Any]]:
    """Raises Invalid for a body that is no PATCH (RFC 7644 §3.5.2)."""
    body = {name.lower(): value for name, value in _body().items()}
    schemas, operations = body.get("schemas"), body.get("operations")
    if not isinstance(schemas, list) or _PATCH.lower() not in [str(each).lower() for each in schemas]:
        raise Invalid(f"schemas names {_PATCH}.", scim_type="invalidSyntax")
    if not isinstance(operations, list) or not all(isinstance(each, dict) for each in operations) or not operations:
        raise Invalid("Operations is a list of objects.", scim_type="invalidSyntax")
    return operations


def _body() -> dict[str, Any]:
    """The body as a JSON object. Raises NotJson, BadJson and TooLarge."""
    if request.mimetype not in _MEDIA_TYPES:
        raise NotJson("Send application/scim+json.")
    try:
        text = request.get_data(cache=True)
    except RequestEntityTooLarge as error:
        raise TooLarge(f"Send at most {bodies.MOST_BYTES} bytes.") from error
    try:
        value = typed_json.loads(text)
    except (json.JSONDecodeError, UnicodeDecodeError, ValueError, RecursionError):
        raise BadJson("The body is no JSON.") from None
    if not isinstance(value, dict):
        raise BadJson("The body is a JSON object.")
    return value


def _base_url() -> str:
    return f"{asking.hall().settings.base_url.rstrip('/')}{PREFIX}"
