"""The dependency by which a service gets its store, and what `migrate` makes for it."""

import sys
from collections.abc import Callable
from typing import Any

from nameko.extensions import DependencyProvider
from pymongo import IndexModel
from pymongo.database import Database

from plumbing import traces
from plumbing.outbox import Outbox
from plumbing.services import runtime

MakeStore = Callable[[Database[dict[str, Any]], Outbox], Any]


class Store(DependencyProvider):
    """`store = Store(RoomsStore)`: every worker gets the process's one `RoomsStore(database, outbox)` as `self.store`."""

    def __init__(self, make: MakeStore) -> None:
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


def declared_indexes(make: MakeStore) -> dict[str, list[IndexModel]]:
    """Collection → indexes, as `INDEXES` of the store's class or of its module says."""
    found = getattr(make, "INDEXES", None)
    if found is None:
        found = getattr(sys.modules[make.__module__], "INDEXES", {})
    return dict(found)
