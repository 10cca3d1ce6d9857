"""What the API says of itself: OpenAPI 3.1 at /api/openapi.json, the same for people at /api/docs, and the kinds of error."""

import copy
import json
from typing import Any

import flask_smorest
import marshmallow as ma
from flask import Flask, Response, jsonify, render_template
from flask_smorest import Blueprint

from contracts import errors
from gateway.api.area import IdPart
from gateway.api.openapi import complete, operations
from gateway.problems import BadJson, BadKey, ForeignOrigin, MissingScope, NotJson, TooLarge

VERSION = "1"


class ProblemError(ma.Schema):
    pointer = ma.fields.String(metadata={"description": "JSON pointer (RFC 6901) into the request"})
    detail = ma.fields.String()


class Problem(ma.Schema):
    """Problem details (RFC 9457). Some kinds say more, each under a name of its own (/docs/errors)."""

    class Meta:
        unknown = ma.INCLUDE

    type = ma.fields.String(required=True)
    title = ma.fields.String(required=True)
    status = ma.fields.Integer(required=True)
    detail = ma.fields.String(required=True)
    instance = ma.fields.String()
    errors = ma.fields.List(ma.fields.Nested(ProblemError))


class Api(flask_smorest.Api):
    """flask-smorest's description, with our errors and without its handlers."""

    ERROR_SCHEMA = Problem

    def _register_error_handlers(self) -> None:
        """gateway.problems answers every error."""


def configure(app: Flask) -> Api:
    """Make the collector that areas are registered with."""
    app.config.update(API_TITLE="Housecall", API_VERSION=VERSION, OPENAPI_VERSION="3.1.0")
    info = {
        "description": "Telehealth consultations: rooms, invitations, scheduled sessions, waiting and calls. "
        "Errors are problem details. A change carries `X-Housecall: 1` (see docs/protocol.md); with an `Idempotency-Key` it "
        "may be repeated.",
        "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
    }
    api = Api(app, spec_kwargs={"info": info})
    api.register_converter(IdPart, lambda _: {"type": "string", "format": "uuid"})
    return api


def register(app: Flask, api: Api) -> None:
    """Serve the description, when every area has been registered."""
    document = described(api)
    pages = Blueprint("description", __name__, template_folder="templates")

    @pages.route("/api/openapi.json")
    def openapi() -> Response:
        return jsonify(document)

    @pages.route("/api/docs")
    def docs() -> str:
        return render_template("api/docs.html", document=document, operations=operations(document), json=json)

    @pages.route("/docs/errors")
    def kinds() -> str:
        return render_template("api/errors.html", kinds=sorted(kinds_of_error(), key=lambda kind: kind.status))

    app.register_blueprint(pages)


def described(api: Api) -> dict[str, Any]:
    """The OpenAPI document of all areas."""
    return complete(copy.deepcopy(api.spec.to_dict()))


def kinds_of_error() -> tuple[type[errors.Refused], ...]:
    """Those of the services, and those that the gateway finds in a request by itself."""
    return (*errors.KINDS.values(), BadJson, BadKey, ForeignOrigin, MissingScope, NotJson, TooLarge)
