"""Refusals on the wire."""

import pytest

from contracts.errors import KINDS, Conflict, Refused, Unavailable, Unexpected
from plumbing.rpc import error_on_wire, refusal_of


@pytest.mark.parametrize("kind", KINDS.values(), ids=lambda kind: kind.__name__)
def test_every_kind_of_refusal_arrives_as_it_left(kind: type[Refused]) -> None:
    sent = kind("Because.", room_id="7", errors=[{"pointer": "/a", "detail": "b"}])
    arrived = refusal_of(error_on_wire(sent))
    assert type(arrived) is kind
    assert (arrived.detail, arrived.extra) == (sent.detail, sent.extra)


@pytest.mark.parametrize(
    "error",
    [
        {
            "exc_type": "ValueError",
            "exc_path": "builtins.ValueError",
            "exc_args": ["Jo Patient"],
            "value": "Jo Patient",
        },
        {"exc_type": "Conflict", "exc_path": "somewhere.Conflict", "exc_args": [], "value": "x"},
        {},
    ],
)
def test_what_is_no_refusal_of_ours_stays_mute(error: dict[str, object]) -> None:
    arrived = refusal_of(error)
    assert type(arrived) is Unexpected
    assert "Patient" not in str(arrived)


def test_a_method_that_another_version_does_not_know_is_unavailable() -> None:
    error = {
        "exc_type": "MethodNotFound",
        "exc_path": "nameko.exceptions.MethodNotFound",
        "exc_args": ["x"],
        "value": "x",
    }
    assert type(refusal_of(error)) is Unavailable


def test_details_that_are_none_are_left_out() -> None:
    error = {"exc_type": "Conflict", "exc_path": "contracts.errors.Conflict", "exc_args": ["odd"], "value": "Because."}
    assert refusal_of(error).extra == {}
    assert isinstance(refusal_of(error), Conflict)
