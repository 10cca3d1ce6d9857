"""Messages of every shape that was ever released are read by the contracts of today."""

from pathlib import Path
from typing import Any

import marshmallow as ma
import pytest

from contracts.actor import KINDS, Actor
from contracts.events import Envelope
from tests.contracts.scrub import FAKES, scrubbed
from tests.contracts.shapes import RECORDED, Shape, every_shape, read

SHAPES = every_shape()


def recordings(*kinds: str) -> list[Any]:
    """Shape and file of every recording of these kinds."""
    return [
        pytest.param(shape, path, id=f"{shape.speaker}/{path.stem}")
        for shape in SHAPES
        for path in shape.recordings()
        if shape.kind in kinds
    ]


EVERY = recordings("event", "report", "request", "reply")


@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_every_shape_is_recorded(shape: Shape) -> None:
    assert shape.recordings(), "run: python -m tests.contracts.record --run-dir .run, beside ./run"


def test_every_recording_is_of_a_shape_that_there_still_is() -> None:
    known = {path for shape in SHAPES for path in shape.recordings()}
    assert {path.relative_to(RECORDED) for path in RECORDED.rglob("*") if path.is_file() and path not in known} == set()


@pytest.mark.parametrize(("shape", "path"), EVERY)
def test_a_recording_is_read_by_the_contract_of_today(shape: Shape, path: Path) -> None:
    loaded = shape.schema().load(shape.content(read(path)))
    assert isinstance(loaded, dict)


@pytest.mark.parametrize(("shape", "path"), EVERY)
def test_what_the_next_version_adds_does_not_stop_a_reader(shape: Shape, path: Path) -> None:
    content = {**shape.content(read(path)), "added_by_the_next_version": 1}
    if shape.kind == "request":
        with pytest.raises(ma.ValidationError, match="added_by_the_next_version"):
            shape.schema().load(content)
    else:
        shape.schema().load(content)


@pytest.mark.parametrize(("shape", "path"), recordings("event"))
def test_an_events_envelope_is_read_and_is_its_own(shape: Shape, path: Path) -> None:
    envelope = Envelope().load(read(path))
    assert f"event.{envelope['type']}" == shape.name
    assert envelope["source"] == f"/{shape.speaker}"


@pytest.mark.parametrize(("shape", "path"), recordings("request"))
def test_who_asked_is_read(shape: Shape, path: Path) -> None:
    assert Actor.from_claims(read(path)["actor"]).kind in KINDS


def test_no_recording_holds_a_secret() -> None:
    for shape in SHAPES:
        for path in shape.recordings():
            message = read(path)
            assert scrubbed(message) == message, path


@pytest.mark.parametrize("name", FAKES)
def test_a_secret_is_replaced_wherever_it_is(name: str) -> None:
    message: dict[str, Any] = {"body": {"kwargs": {"owner": [{name: "real"}], "name": "Mia"}}}
    assert scrubbed(message) == {"body": {"kwargs": {"owner": [{name: FAKES[name]}], "name": "Mia"}}}
