"""Logs hold ids and words, never what a person typed."""

import json
import logging
from collections.abc import Callable, Iterator

import pytest
import structlog

from plumbing import logs


@pytest.fixture(autouse=True)
def restored() -> Iterator[None]:
    """Each test configures by itself: pytest gives it another standard error than its fixtures."""
    handlers, level = logging.getLogger().handlers[:], logging.getLogger().level
    yield
    structlog.reset_defaults()
    logging.getLogger().handlers[:] = handlers
    logging.getLogger().setLevel(level)


def lines(capsys: pytest.CaptureFixture[str]) -> list[dict[str, object]]:
    return [json.loads(line) for line in capsys.readouterr().err.splitlines()]


def test_a_line_is_one_json_object_with_its_process(capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure("rooms")
    structlog.get_logger().info("command", command_id="7", outcome="done")
    (line,) = lines(capsys)
    assert line["event"] == "command"
    assert line["process"] == "rooms"
    assert line["command_id"] == "7"
    assert line["level"] == "info"


def test_an_exception_is_its_class_and_its_places(capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure("rooms")
    try:
        raise ValueError("Jo Patient, born 1970")
    except ValueError:
        structlog.get_logger().exception("failed")
        logging.getLogger("library").exception("library failed")
    mine, theirs = lines(capsys)
    for line in (mine, theirs):
        assert line["error"] == "ValueError"
        assert "test_logs.py" in str(line["places"])
        assert "Patient" not in json.dumps(line)


def test_what_is_below_the_level_is_not_logged(capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure("rooms", "warning")
    structlog.get_logger().info("detail")
    logging.getLogger("amqp").info("detail")
    assert lines(capsys) == []


def test_the_lines_of_a_turn_are_written_together_at_its_end(capsys: pytest.CaptureFixture[str]) -> None:
    put_off: list[Callable[[], None]] = []
    logs.configure("rooms", soon=put_off.append)
    structlog.get_logger().info("one")
    structlog.get_logger().info("two")
    assert lines(capsys) == []
    (write,) = put_off
    write()
    assert [line["event"] for line in lines(capsys)] == ["one", "two"]
    structlog.get_logger().info("three")
    put_off[1]()
    assert [line["event"] for line in lines(capsys)] == ["three"]


def test_a_turn_that_does_not_end_keeps_no_lines_back(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    logs.configure("rooms", soon=lambda _: None)
    structlog.get_logger().info("one")
    monkeypatch.setattr("plumbing.logs._LONGEST_TURN_SECONDS", -1.0)
    structlog.get_logger().info("two")
    assert [line["event"] for line in lines(capsys)] == ["one", "two"]
