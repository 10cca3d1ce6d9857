"""The dependency by which a service gets its store, and what `migrate` makes for it."""

import sys
from collections.abc import Callable
from typing import Any, TypeVar, cast

from nameko.extensions import DependencyProvider
from pymongo import IndexModel
from pymongo.database import Database

from plumbing import traces
from plumbing.outbox import Outbox
from plumbing.services import runtime

T = TypeVar("T")
MakeStore = Callable[[Database[dict[str, Any]], Outbox], T]


def Store(make: MakeStore[T]) -> T:  # noqa: N802 it stands where nameko's dependency classes stand
    """Give a service its store, the process's one `make(database, outbox)`, as `self.store`."""
    return cast("T", StoreProvider(make))


class StoreProvider(DependencyProvider):
    """The dependency behind `Store`."""

    def __init__(self, make: MakeStore[Any]) -> None:
        self.make = make
        self._store: Any = None
        super().__init__()

    def setup(self) -> None:
        """Make the store, when the container starts."""
        current = runtime.current()
        self._store = self.make(current.database, current.outbox)

    def worker_setup(self, worker_ctx: Any) -> None:
        """Events that the worker causes belong to the trace of its request."""
        traces.adopt(worker_ctx.data.get(traces.HEADER))

    def get_dependency(self, worker_ctx: Any) -> Any:
        """The one store."""
        return self._store


def declared_indexes(make: MakeStore[Any]) -> dict[str, list[IndexModel]]:
    """Collection → indexes, as `INDEXES` of the store's class or of its module says."""
    found = getattr(make, "INDEXES", None)
    if found is None:
        found = getattr(sys.modules[make.__module__], "INDEXES", {})
    return dict(found)
