"""One line for each thing that is done, with the time it took."""

import time
from collections.abc import Iterator
from contextlib import contextmanager


def say(line: str) -> None:
    """Print a line at once, also into a pipe or a file."""
    print(line, flush=True)


@contextmanager
def step(name: str) -> Iterator[None]:
    """Print `name` with its seconds when the block ends; nothing when it raises."""
    began = time.monotonic()
    yield
    say(f"  ok  {name:<44} {time.monotonic() - began:5.1f} s")
