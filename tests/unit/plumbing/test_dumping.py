"""A reply is what marshmallow would have made of it: for everything that was recorded, and for values that are unusual."""

import datetime as dt
from types import SimpleNamespace
from typing import Any

import pytest
from marshmallow import Schema, fields, post_dump

from contracts.fields import Id, Instant
from plumbing.services.dumping import dumper
from tests.contracts.shapes import Shape, every_shape, read

REPLIES = [
    pytest.param(shape, path, id=f"{shape.speaker}/{path.stem}")
    for shape in every_shape()
    if shape.kind == "reply"
    for path in shape.recordings()
]


class Person(Schema):
    id = Id()
    name = fields.String(allow_none=True)
    at = Instant()
    there = fields.Boolean()
    share = fields.Float()


class Everything(Schema):
    number = fields.Integer()
    person = fields.Nested(Person, allow_none=True)
    people = fields.List(fields.Nested(Person))
    crowd = fields.Nested(Person, many=True)
    names = fields.List(fields.String(), allow_none=True)
    flags = fields.List(fields.Boolean())
    by_name = fields.Dict(fields.String(), fields.Integer())
    people_by_name = fields.Dict(fields.String(), fields.Nested(Person))
    free = fields.Dict()
    free_by_name = fields.Dict(keys=fields.String())
    secret = fields.String(load_only=True)
    said_as = fields.String(data_key="saidAs")
    text_of_number = fields.Integer(as_string=True)


@pytest.mark.parametrize(("shape", "path"), REPLIES)
def test_a_recorded_reply_is_dumped_as_marshmallow_dumps_it(shape: Shape, path: Any) -> None:
    schema = shape.schema()
    loaded = schema.load(shape.content(read(path)))
    assert dumper(schema)(loaded) == schema.dump(loaded)
    assert list(dumper(schema)(loaded)) == list(schema.dump(loaded))


@pytest.mark.parametrize(
    "value",
    [
        {},
        None,
        {"unknown": 1, "number": 1},
        {"number": "12", "text_of_number": 7, "said_as": b"bytes", "secret": "kept"},
        {"number": None, "person": None, "people": None, "names": None, "by_name": None},
        {"person": {"id": 7, "name": None, "at": dt.datetime(2026, 11, 22, 9, tzinfo=dt.UTC), "there": True}},
        {"people": ({"name": "Mia"}, None, SimpleNamespace(name="Jo")), "crowd": [{"share": 1}]},
        {"people_by_name": {"Mia": {"id": "1", "other": 1}, 7: None}, "free": {1: [2]}, "free_by_name": {3: object}},
        {"people_by_name": None, "by_name": {}, "free": None},
        {"names": ("a", None, 3), "flags": (True, None), "by_name": {1: True}},
        SimpleNamespace(number=3, person=SimpleNamespace(name="Mia", at="2026-11-22T09:00:00.000Z")),
    ],
)
def test_whatever_a_method_returns_is_dumped_as_marshmallow_dumps_it(value: Any) -> None:
    assert dumper(Everything())(value) == Everything().dump(value)


@pytest.mark.parametrize("value", [{"number": "many"}, {"people": [{"share": "all"}]}, {"people": 5}])
def test_what_is_no_reply_is_refused_as_marshmallow_refuses_it(value: Any) -> None:
    with pytest.raises((ValueError, TypeError)) as ours:
        dumper(Everything())(value)
    with pytest.raises(ours.type):
        Everything().dump(value)


def test_what_is_unusual_about_a_schema_is_left_to_marshmallow() -> None:
    class Unusual(Schema):
        kind = fields.Constant("unusual")
        other = fields.String(attribute="else")
        given = fields.String(dump_default="by itself")

        @post_dump
        def add(self, made: dict[str, Any], **_: Any) -> dict[str, Any]:
            return {**made, "added": True}

    made = dumper(Unusual())({"else": "so"})
    assert made == {"kind": "unusual", "other": "so", "given": "by itself", "added": True}


def test_a_schema_in_another_may_be_unusual() -> None:
    class Inner(Schema):
        kind = fields.Constant("inner")

    class Outer(Schema):
        inner = fields.List(fields.Nested(Inner))

    assert dumper(Outer())({"inner": [{}, {}]}) == {"inner": [{"kind": "inner"}, {"kind": "inner"}]}
