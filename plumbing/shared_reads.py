"""Reads that are wanted at the same moment are one read, and nobody gets one that began before they asked.

So nothing is remembered, and nothing old is shown: whoever asks while a read goes on waits for the next one, which all who
came meanwhile share. A change that makes every screen of an organisation look again costs two reads and not hundreds.
"""

import threading
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

V = TypeVar("V")


class _Read(Generic[V]):
    __slots__ = ("begun", "done", "problem", "value")

    def __init__(self) -> None:
        self.begun = False
        self.done = threading.Event()
        self.problem: BaseException | None = None
        self.value: list[V] = []


class SharedReads(Generic[V]):
    """What is read is given to several: it must not be changed by whom it is given to. Works in threads and under eventlet."""

    def __init__(self) -> None:
        self._latest: dict[Hashable, _Read[V]] = {}
        self._lock = threading.Lock()

    def get(self, key: Hashable, read: Callable[[], V]) -> V:
        """What a `read` of this key says that begins from now on. Raises what that raises."""
        while True:
            with self._lock:
                before = self._latest.get(key)
                joined = None if before is None or before.begun else before
                mine = self._latest[key] = joined or _Read()
            if joined is None:
                return self._carry_out(key, mine, before, read)
            mine.done.wait()
            if mine.problem is None:
                return mine.value[0]
            if isinstance(mine.problem, Exception):
                raise mine.problem
            # whoever read was stopped, which is nothing of ours: read again

    def _carry_out(self, key: Hashable, mine: _Read[V], before: "_Read[V] | None", read: Callable[[], V]) -> V:
        try:
            if before is not None:
                before.done.wait()
            with self._lock:
                mine.begun = True
            value = read()
            mine.value.append(value)
            return value
        except BaseException as problem:
            mine.problem = problem
            raise
        finally:
            with self._lock:
                # also where it was stopped before it began: nobody joins it any more
                mine.begun = True
                if self._latest.get(key) is mine:
                    del self._latest[key]
            mine.done.set()
