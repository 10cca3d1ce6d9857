"""Traces that are passed on."""

import pytest

from plumbing import traces

RECEIVED = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"


def test_a_received_trace_goes_on_as_a_span_of_its_own() -> None:
    begun = traces.begin(RECEIVED)
    assert begun.startswith("00-4bf92f3577b34da6a3ce929d0e0e4736-")
    assert begun.endswith("-01")
    assert begun != RECEIVED
    assert traces.current() == begun


@pytest.mark.parametrize(
    "received", [None, "", "nonsense", RECEIVED.replace("00-4", "ff-4"), f"00-{'0' * 32}-{'1' * 16}-01"]
)
def test_what_is_no_trace_begins_a_new_one(received: str | None) -> None:
    begun = traces.begin(received)
    version, trace, span, flags = begun.split("-")
    assert (version, len(trace), len(span), flags) == ("00", 32, 16, "00")
    assert trace != RECEIVED.split("-")[1]


def test_a_span_alone_leaves_the_current_one() -> None:
    begun = traces.begin()
    assert traces.span(RECEIVED) != begun == traces.current()
    traces.adopt(None)
    assert traces.current() is None
