"""The event stream as AsyncAPI describes it: every event is in it, every reference leads somewhere, every example fits."""

import json
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from contracts import catalogue
from contracts.events import Envelope
from gateway.api.asyncapi import document

KINDS = [(speaker, kind) for speaker in catalogue.SPEAKERS for kind in catalogue.events(speaker)]


def followed(reference: str) -> Any:
    found: Any = document()
    for step in reference.removeprefix("#/").split("/"):
        found = found[step]
    return found


def test_every_event_of_the_catalogue_is_described() -> None:
    assert set(document()["components"]["messages"]) == {kind for _, kind in KINDS}
    assert set(document()["channels"]["events"]["messages"]) == {kind for _, kind in KINDS}


def test_every_reference_leads_somewhere() -> None:
    def references(part: Any) -> list[str]:
        if isinstance(part, dict):
            own = [part["$ref"]] if isinstance(part.get("$ref"), str) else []
            return own + [each for value in part.values() for each in references(value)]
        return [each for value in part for each in references(value)] if isinstance(part, list) else []

    for reference in references(document()):
        assert followed(reference)
    json.dumps(document())


@pytest.mark.parametrize(("speaker", "kind"), KINDS)
def test_an_example_fits_what_is_said_of_it_and_its_contract(speaker: str, kind: str) -> None:
    message = document()["components"]["messages"][kind]
    [example] = message["examples"]
    schema = {**message["payload"], "components": document()["components"]}
    assert [error.message for error in Draft202012Validator(schema).iter_errors(example["payload"])] == []
    assert Envelope().validate(example["payload"]) == {}
    assert catalogue.events(speaker)[kind]().validate(example["payload"]["data"]) == {}
