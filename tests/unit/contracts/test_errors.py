"""Refusals as problem details."""

import pytest

from contracts import errors


def test_every_kind_has_an_http_status_and_a_title() -> None:
    for kind in errors.KINDS.values():
        assert 400 <= kind.status < 600
        assert kind.title


def test_a_problem_says_what_the_error_says_and_its_own_fields_win() -> None:
    error = errors.LimitReached("Only one.", limit="meeting_rooms", used=1, allowed=1, plan="Essentials", status=200)
    body = errors.problem(error, "/api/rooms")
    assert body["status"] == 403
    assert body["type"] == "/docs/errors#limitreached"
    assert body["detail"] == "Only one."
    assert body["instance"] == "/api/rooms"
    assert (body["limit"], body["used"], body["allowed"], body["plan"]) == ("meeting_rooms", 1, 1, "Essentials")


@pytest.mark.parametrize(
    ("messages", "found"),
    [
        ({"name": ["Too long."]}, [{"pointer": "/name", "detail": "Too long."}]),
        ({"planned": {"zone": ["None such."]}}, [{"pointer": "/planned/zone", "detail": "None such."}]),
        ({"items": {0: {"a/b": ["x"]}}}, [{"pointer": "/items/0/a~1b", "detail": "x"}]),
        ({"_schema": ["Not an object."]}, [{"pointer": "", "detail": "Not an object."}]),
    ],
)
def test_field_errors_become_json_pointers(messages: object, found: list[dict[str, str]]) -> None:
    assert errors.pointers(messages) == found
