"""Waiting for something to become true, with a deadline and without a guessed pause."""

import threading
import time
from collections.abc import Callable
from typing import TypeVar

Found = TypeVar("Found")
INTERVAL_SECONDS = 0.02


def eventually(
    read: Callable[[], Found], true: Callable[[Found], bool] = bool, what: str = "", seconds: float = 15.0
) -> Found:
    """Read until `true` of what was read, and return it; fail with the last that was read after `seconds`."""
    deadline = time.monotonic() + seconds
    pause = threading.Event()
    while True:
        found = read()
        if true(found):
            return found
        assert time.monotonic() < deadline, f"not within {seconds:.0f} s: {what or true}; last read: {found!r}"
        pause.wait(INTERVAL_SECONDS)
