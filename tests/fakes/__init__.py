"""In-memory twins of what a store needs: `FakeDatabase` for MongoDB's collections, `FakeOutbox` for the outbox.

A store is made as in a service, `RoomsStore(FakeDatabase(), FakeOutbox())`. tests/stores holds the twins to what the real
ones do. Leases, transactions and aggregation are not faked: what needs them is tested on a real MongoDB.
"""

from tests.fakes.database import FakeCollection, FakeDatabase
from tests.fakes.outbox import FakeOutbox

__all__ = ["FakeCollection", "FakeDatabase", "FakeOutbox"]
