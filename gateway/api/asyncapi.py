"""The event stream as AsyncAPI 3.0 describes it, made from the contracts: at /api/asyncapi.json, and by `python -m gateway.api.asyncapi`.

https://www.asyncapi.com/docs/reference/specification/v3.0.0
"""

import json
import sys
from functools import cache
from typing import Any

from apispec import APISpec
from apispec.ext.marshmallow import MarshmallowPlugin
from flask import Flask, Response, jsonify

from contracts import catalogue
from contracts.events import Envelope, EventData
from gateway.api.description import VERSION
from gateway.api.examples import example_of

_CHANNEL = "events"
_CONTENT = "application/cloudevents+json"


@cache
def document() -> dict[str, Any]:
    """All of it. What each event says comes from `EVENTS` of who says it."""
    spec = APISpec("Housecall", VERSION, "3.1.0", plugins=[MarshmallowPlugin()])
    spec.components.schema("Envelope", schema=Envelope)
    names: dict[type[EventData], str] = {}
    said = {
        kind: (speaker, schema)
        for speaker in catalogue.SPEAKERS
        for kind, schema in sorted(catalogue.events(speaker).items())
    }
    for speaker, schema in said.values():
        if schema not in names:
            taken = schema.__name__ in names.values()
            names[schema] = f"{speaker.capitalize()}{schema.__name__}" if taken else schema.__name__
            spec.components.schema(names[schema], schema=schema)
    schemas = spec.to_dict()["components"]["schemas"]
    messages = {kind: _message(kind, speaker, names[schema], schemas) for kind, (speaker, schema) in said.items()}
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "Housecall events",
            "version": VERSION,
            "description": "Every event of an organisation, as CloudEvents 1.0, numbered per subject; ids, never patient data. Read by "
            "`GET /api/events`, or posted to webhooks.",
            "license": {"name": "Apache-2.0"},
        },
        "defaultContentType": _CONTENT,
        "channels": {
            _CHANNEL: {
                "address": None,
                "description": "One organisation's events, in order per subject. The same event keeps its id however often it comes.",
                "messages": {kind: {"$ref": f"#/components/messages/{kind}"} for kind in messages},
            }
        },
        "operations": {
            "tell": {
                "action": "send",
                "channel": {"$ref": f"#/channels/{_CHANNEL}"},
                "summary": "Something happened.",
            }
        },
        "components": {"schemas": schemas, "messages": messages},
    }


def register(app: Flask) -> None:
    """Serve it."""

    @app.get("/api/asyncapi.json")
    def asyncapi() -> Response:
        return jsonify(document())


def _message(kind: str, speaker: str, name: str, schemas: dict[str, Any]) -> dict[str, Any]:
    data = {"$ref": f"#/components/schemas/{name}"}
    exact = {"type": {"const": kind}, "source": {"const": f"/{speaker}"}, "data": data}
    subject = f"{kind.partition('.')[0]}/{example_of({'type': 'string', 'format': 'uuid'}, schemas)}"
    example = {
        **example_of(schemas["Envelope"], schemas, sent=True),
        "type": kind,
        "source": f"/{speaker}",
        "subject": subject,
        "data": example_of(data, schemas),
    }
    return {
        "name": kind,
        "contentType": _CONTENT,
        "payload": {"allOf": [{"$ref": "#/components/schemas/Envelope"}, {"type": "object", "properties": exact}]},
        "examples": [{"name": kind, "payload": example}],
    }


if __name__ == "__main__":
    json.dump(document(), sys.stdout, indent=2)
