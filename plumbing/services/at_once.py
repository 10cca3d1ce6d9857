"""Several things done at the same time by one entrypoint, each in a green thread."""

from collections.abc import Callable, Iterable
from typing import TypeVar

from eventlet import GreenPool

A = TypeVar("A")
B = TypeVar("B")


def together(most: int, do: Callable[[A], B], items: Iterable[A]) -> list[B]:
    """What `do` makes of each, in their order; at most so many at a time. Raises what it raises for the first that fails."""
    return list(GreenPool(most).imap(do, items))
