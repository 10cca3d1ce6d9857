"""Bodies: a JSON object, and plain words about what is none."""

import pytest
from flask import Request
from werkzeug.test import EnvironBuilder

from contracts.errors import Invalid
from gateway.api import bodies
from gateway.api.area import combined
from gateway.problems import BadJson, NotJson, TooLarge


def asked(data: str | bytes = b"", content_type: str | None = "application/json", query: str = "") -> Request:
    builder = EnvironBuilder("/", method="POST", data=data, content_type=content_type, query_string=query)
    return Request(builder.get_environ())


def test_an_object_is_read() -> None:
    assert bodies.json_object(asked('{"name": "Ärztin"}')) == {"name": "Ärztin"}


def test_nothing_is_an_object_without_fields() -> None:
    assert bodies.json_object(asked(content_type=None)) == {}


@pytest.mark.parametrize("text", ["{", '{"a": }', "[1]", "7", '"x"', "null", '{"a": NaN}', '{"a": 1e', "{'a': 1}"])
def test_what_is_no_object_is_a_plain_refusal_that_repeats_nothing(text: str) -> None:
    with pytest.raises(BadJson):
        bodies.json_object(asked(text))


def test_the_position_is_named() -> None:
    with pytest.raises(BadJson, match="line 2, column 9"):
        bodies.json_object(asked('{\n "name" "x"}'))


@pytest.mark.parametrize(
    "body", [b'{"name": "\xff"}', '{"name": "x"}'.encode("utf-16"), r'{"name": "\ud83d"}'.encode("utf-32-le")]
)
def test_bytes_that_are_not_utf_8_are_refused(body: bytes) -> None:
    with pytest.raises(BadJson):
        bodies.json_object(asked(body))


@pytest.mark.parametrize("text", ['{"a": 1, "a": 2}', '{"a": [{"b": 1, "b": 1}]}', '{"a": 1, "\\u0061": 2}'])
def test_a_name_that_comes_twice_is_refused(text: str) -> None:
    with pytest.raises(BadJson, match="twice"):
        bodies.json_object(asked(text))


@pytest.mark.parametrize(
    ("text", "read"),
    [
        (r'{"name": "Mia \ud83d"}', {"name": "Mia "}),
        (r'{"\udc00": ["\ud800\ud800"]}', {"": [""]}),
        (r'{"name": "\ud83d\ude00 \\u"}', {"name": "\U0001f600 \\u"}),
    ],
)
def test_half_a_character_is_dropped_and_a_whole_one_kept(text: str, read: object) -> None:
    assert bodies.json_object(asked(text)) == read


def test_a_depth_that_would_break_readers_is_refused() -> None:
    with pytest.raises(BadJson):
        bodies.json_object(asked('{"a":' + "[" * 100_000 + "]" * 100_000 + "}"))


def test_a_form_is_not_json() -> None:
    with pytest.raises(NotJson):
        bodies.json_object(asked("a=1", "application/x-www-form-urlencoded"))


def test_more_than_a_megabyte_is_too_large() -> None:
    request = asked(b'{"a": "' + b"x" * bodies.MOST_BYTES + b'"}')
    request.max_content_length = bodies.MOST_BYTES
    with pytest.raises(TooLarge):
        bodies.json_object(request)


def test_a_parameter_that_comes_twice_is_named() -> None:
    with pytest.raises(Invalid) as refused:
        bodies.query(asked(query="limit=1&limit=2"))
    assert refused.value.extra["errors"][0]["pointer"] == "/limit"


def test_the_body_may_not_say_what_the_address_says() -> None:
    with pytest.raises(Invalid):
        combined({"room_id": "b"}, {"room_id": "a"})
    assert combined({"name": "x"}, {"room_id": "a"}) == {"name": "x", "room_id": "a"}
