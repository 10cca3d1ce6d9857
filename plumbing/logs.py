"""Logs: one JSON object a line on standard error, with ids and words only.

An exception is logged by its class and the places it passed, never by its text, which may hold what a person typed.
"""

import atexit
import json
import logging
import sys
import time
import traceback
from collections.abc import Callable, MutableMapping
from types import TracebackType
from typing import Any, TextIO

import structlog

Soon = Callable[[Callable[[], None]], Any]
_LONGEST_TURN_SECONDS = 0.2
_QUIET = {
    # nameko logs a handler's exception with its text; plumbing.services logs it without
    "nameko.containers": logging.CRITICAL + 1,
    "amqp": logging.ERROR,
    "kombu": logging.ERROR,
    "pymongo": logging.WARNING,
    "werkzeug": logging.WARNING,
}


def configure(process: str, level: str = "info", soon: Soon | None = None) -> None:
    """Set up structlog, and the standard library's logging beneath it, for this process.

    `soon(write)` may put off writing to the end of the hub's turn, so that the lines of a turn are written together.
    """
    number = logging.getLevelNamesMapping()[level.upper()]
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            _name_process(process),
            _places_only,
            structlog.processors.JSONRenderer(serializer=_dumps),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(number),
        logger_factory=structlog.WriteLoggerFactory(file=sys.stderr) if soon is None else _Turn(sys.stderr, soon),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_Json(process))
    logging.basicConfig(level=max(number, logging.INFO), handlers=[handler], force=True)
    for name, quiet in _QUIET.items():
        logging.getLogger(name).setLevel(max(number, quiet))


class _Turn:
    """The lines of one turn of the hub, written at its end; structlog's logger and its factory in one."""

    def __init__(self, file: TextIO, soon: Soon) -> None:
        self._file = file
        self._soon = soon
        self._lines: list[str] = []
        self._put_off_at = 0.0
        atexit.register(self.write)

    def __call__(self, *_names: Any) -> "_Turn":
        return self

    def msg(self, line: str) -> None:
        """Keep a line for the end of the turn."""
        self._lines.append(line + "\n")
        now = time.monotonic()
        if len(self._lines) == 1:
            self._put_off_at = now
            self._soon(self.write)
        elif now - self._put_off_at > _LONGEST_TURN_SECONDS:
            # the first line came from a thread that has no hub, or the hub is held up
            self.write()

    debug = info = warning = error = critical = exception = fatal = log = msg

    def write(self) -> None:
        """Write what is kept."""
        lines, self._lines = self._lines, []
        if lines:
            self._file.write("".join(lines))
            self._file.flush()


def places(trace: TracebackType | None) -> list[str]:
    """Where an exception passed: `file:line function`, outermost first, no values."""
    return [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in traceback.extract_tb(trace)]


def _places_only(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    error = event.pop("exc_info", None)
    if error is True:
        error = sys.exc_info()[1]
    if isinstance(error, tuple):
        error = error[1]
    if isinstance(error, BaseException):
        event["error"] = type(error).__name__
        event["places"] = places(error.__traceback__)
    return event


def _name_process(process: str) -> Any:
    def add(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
        event.setdefault("process", process)
        return event

    return add


def _dumps(value: Any, **_options: Any) -> str:
    return json.dumps(value, default=str, ensure_ascii=False)


class _Json(logging.Formatter):
    """What libraries log, in the same form."""

    def __init__(self, process: str) -> None:
        super().__init__()
        self._process = process

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "event": record.getMessage(),
            "level": record.levelname.lower(),
            "logger": record.name,
            "process": self._process,
        }
        if record.exc_info and record.exc_info[1] is not None:
            line |= {"error": type(record.exc_info[1]).__name__, "places": places(record.exc_info[2])}
        return _dumps(line)
