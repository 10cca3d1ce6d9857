"""What the API says of itself is whole and true: every address, who may ask there, and examples that fit their schemas."""

import json
import os
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from joserfc.jwk import OKPKey
from openapi_schema_validator import OAS31Validator
from openapi_spec_validator import validate

from gateway.api import create_app
from gateway.api.openapi import METHODS, PROBLEM, operations
from plumbing.settings import load

# the description itself, and where carriers report, which docs/delivery.md describes
NOT_DESCRIBED = {
    "/api/asyncapi.json", "/api/docs", "/api/openapi.json", "/api/mail/bounces", "/api/sms/inbound", "/api/sms/status/<token>",
}  # fmt: skip


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    folder: Path = tmp_path_factory.mktemp("gateway")
    (folder / "actor.pem").write_bytes(OKPKey.generate_key("Ed25519").as_pem(private=True))
    (folder / "cookie.key").write_bytes(os.urandom(32).hex().encode())
    settings = {
        "AMQP_URI": "amqp://nobody:nothing@127.0.0.1:1/none",
        "MONGO_URI": "mongodb://127.0.0.1:1/?replicaSet=none",
        "BASE_URL": "http://localhost",
        "ACTOR_PRIVATE_KEY": str(folder / "actor.pem"),
        "COOKIE_KEY": str(folder / "cookie.key"),
        "ENVIRONMENT": "test",
    }
    made = create_app(load("gateway_api", settings))
    made.extensions["housecall"].rpc.stop()
    made.extensions["housecall_hearing"].stop()
    return made


@pytest.fixture(scope="module")
def document(app: Flask) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(app.test_client().get("/api/openapi.json").text)
    return found


def test_it_is_openapi(document: dict[str, Any]) -> None:
    validate(document)
    assert document["openapi"].startswith("3.1")


def test_every_address_of_the_api_is_described(app: Flask, document: dict[str, Any]) -> None:
    described = {(method, path) for method, path, _ in operations(document)}
    served = {
        (method.lower(), _templated(rule.rule))
        for rule in app.url_map.iter_rules()
        if rule.rule.startswith("/api/") and rule.rule not in NOT_DESCRIBED
        for method in rule.methods or ()
        if method.lower() in METHODS
    }
    assert described == served


def test_every_operation_has_a_name_of_its_own_a_summary_and_its_refusals(document: dict[str, Any]) -> None:
    names = [operation["operationId"] for _, _, operation in operations(document)]
    assert len(names) == len(set(names))
    for method, path, operation in operations(document):
        assert operation["summary"], (method, path)
        answers = operation["responses"]
        assert {"422", "429", "503", "default"} <= answers.keys(), (method, path)
        assert ("401" in answers) == bool(operation["security"]), (method, path)
        if "requestBody" in operation:
            assert {"400", "413", "415"} <= answers.keys(), (method, path)


def test_nothing_is_described_as_protected_that_is_not(app: Flask, document: dict[str, Any]) -> None:
    """Asked without any cookie, each that is described so answers 401."""
    client = app.test_client()
    for method, path, operation in operations(document):
        if not operation["security"]:
            continue
        address = path
        for name in _parts(path):
            address = address.replace("{" + name + "}", "01936f3e-7a10-7c52-9d3b-5f0e4c1a2b60")
        answer = client.open(address, method=method.upper(), json={}, headers={"X-Housecall": "1"})
        assert answer.status_code == 401, (method, path)


def test_errors_are_problem_details_only(document: dict[str, Any]) -> None:
    for answer in document["components"]["responses"].values():
        assert list(answer["content"]) == [PROBLEM]


def test_every_example_fits_its_schema(document: dict[str, Any]) -> None:
    shown = 0
    for place, content in _contents(document):
        if "example" in content:
            shown += 1
            schema = {**content["schema"], "components": document["components"]}
            wrong = [
                f"{error.json_path} {error.message}" for error in OAS31Validator(schema).iter_errors(content["example"])
            ]
            assert not wrong, place
    assert shown > len(document["paths"])


def test_the_page_for_people_names_every_operation(app: Flask, document: dict[str, Any]) -> None:
    answer = app.test_client().get("/api/docs")
    assert "unsafe" not in answer.headers["Content-Security-Policy"]
    for method, path, operation in operations(document):
        assert f"{method.upper()} {path}" in answer.text
        assert f'id="{operation["operationId"]}"' in answer.text


def test_every_kind_of_error_that_is_named_is_explained(app: Flask, document: dict[str, Any]) -> None:
    page = app.test_client().get("/docs/errors").text
    for answer in document["components"]["responses"].values():
        example = answer["content"][PROBLEM].get("example")
        if example:
            assert f'id="{example["type"].partition("#")[2]}"' in page


def _contents(document: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    found = []
    for method, path, operation in operations(document):
        for name, part in [("takes", operation.get("requestBody", {})), *operation["responses"].items()]:
            found += [(f"{method} {path} {name}", content) for content in part.get("content", {}).values()]
    return found + [
        (name, content)
        for name, answer in document["components"]["responses"].items()
        for content in json.loads(json.dumps(answer))["content"].values()
    ]


def _templated(rule: str) -> str:
    parts = rule.split("<")
    return parts[0] + "".join("{" + part.split(">")[0].split(":")[-1] + "}" + part.split(">")[1] for part in parts[1:])


def _parts(path: str) -> list[str]:
    return [part.split("}")[0] for part in path.split("{")[1:]]
