"""One lane per subject: the events of a subject that are in this process, taken one after the other by their sequence.

Knows order and patience; what handling is, and what becomes of an event that has no turn, is its owner's.
"""

import heapq
import itertools
from collections.abc import Callable
from typing import Generic, TypeVar

import eventlet
from eventlet.event import Event as Signal

T = TypeVar("T")

FIRST_PAUSE_SECONDS = 0.01
LONGEST_PAUSE_SECONDS = 0.08


class Lane(Generic[T]):
    """What waits of one subject. `arrived` is signalled when more comes."""

    def __init__(self) -> None:
        self.arrived = Signal()
        self._heap: list[tuple[int, int, T]] = []
        self._numbers = itertools.count()

    def __bool__(self) -> bool:
        return bool(self._heap)

    def push(self, sequence: int, one: T) -> None:
        """Put it where it belongs."""
        heapq.heappush(self._heap, (sequence, next(self._numbers), one))
        if not self.arrived.ready():
            self.arrived.send()

    def pop(self) -> T:
        """The one with the lowest sequence."""
        return heapq.heappop(self._heap)[2]

    def first(self) -> T:
        """The same, left where it is."""
        return self._heap[0][2]

    def wait(self, seconds: float) -> None:
        """Until something comes, at most `seconds`."""
        if self.arrived.ready():
            self.arrived = Signal()
        with eventlet.Timeout(seconds, False):
            self.arrived.wait()


class Lanes(Generic[T]):
    """`run(lane)` empties a lane, in a greenlet that `spawn` starts; it is called again when more comes later."""

    def __init__(self, run: Callable[[str, Lane[T]], None], spawn: Callable[[Callable[[], None]], object]) -> None:
        self._run = run
        self._spawn = spawn
        self._lanes: dict[str, Lane[T]] = {}

    def put(self, subject: str, sequence: int, one: T) -> None:
        """Let it wait for its turn."""
        lane = self._lanes.get(subject)
        if lane is not None:
            lane.push(sequence, one)
            return
        self._lanes[subject] = lane = Lane()
        lane.push(sequence, one)
        self._spawn(lambda: self._drive(subject, lane))

    def _drive(self, subject: str, lane: Lane[T]) -> None:
        try:
            while lane:
                self._run(subject, lane)
        finally:
            del self._lanes[subject]
