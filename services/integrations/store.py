"""Where the event log is kept, in an order in which nothing ever appears behind a reader.

Every event gets the next position of its organisation's log. Position and event are one transaction, and every such
transaction writes the organisation's counter, so two of one organisation cannot overlap: position n + 1 is given out only
when n is committed. A reader who has seen n has therefore seen all before it; there are no gaps to wait for. (Numbers given
out before the insert, or ids made from time, would let a slow replica's event appear behind a faster one's.)
"""

from typing import Any

from pymongo import ASCENDING, IndexModel, ReturnDocument
from pymongo.client_session import ClientSession
from pymongo.database import Database
from pymongo.errors import DuplicateKeyError
from pymongo.read_concern import ReadConcern
from pymongo.write_concern import WriteConcern

from plumbing.store import Outgoing

INDEXES: dict[str, list[IndexModel]] = {
    "events": [
        IndexModel([("organisation_id", ASCENDING), ("position", ASCENDING)], name="by_position", unique=True),
    ],
}
# the log of what belongs to no organisation
NO_ORGANISATION = "none"


class IntegrationsStore:
    """The event log: `events` by their CloudEvents id, and `logs` with each organisation's last position."""

    def __init__(self, database: Database[dict[str, Any]], _outbox: Outgoing) -> None:
        self._database = database
        self._events = database["events"]
        self._logs = database["logs"]

    def append(self, envelope: dict[str, Any]) -> None:
        """Keep an event at the end of its organisation's log; one that is there already stays where it is."""
        if self._events.find_one({"_id": envelope["id"]}, {"_id": 1}):
            return
        organisation_id = envelope.get("organisationid") or NO_ORGANISATION
        self._open_log(organisation_id)

        def transact(transaction: ClientSession) -> None:
            log = self._logs.find_one_and_update(
                {"_id": organisation_id},
                {"$inc": {"position": 1}},
                return_document=ReturnDocument.AFTER,
                session=transaction,
            )
            position = (log or {})["position"]
            event = {
                "_id": envelope["id"],
                "organisation_id": organisation_id,
                "position": position,
                "envelope": envelope,
            }
            self._events.insert_one(event, session=transaction)

        try:
            with self._database.client.start_session() as transaction:
                transaction.with_transaction(
                    transact, read_concern=ReadConcern("snapshot"), write_concern=WriteConcern("majority")
                )
        except DuplicateKeyError:
            # heard by another replica at the same moment; the position went back with the transaction
            return

    def after(self, organisation_id: str, position: int, limit: int) -> list[tuple[int, dict[str, Any]]]:
        """Up to `limit` events behind the position, as (position, envelope), in order."""
        behind = {"organisation_id": organisation_id, "position": {"$gt": position}}
        # what only one member of the replica set has may still be taken back
        events = self._events.with_options(read_concern=ReadConcern("majority"))
        found = events.find(behind, {"position": 1, "envelope": 1}, sort=[("position", ASCENDING)], limit=limit)
        return [(event["position"], event["envelope"]) for event in found]

    def _open_log(self, organisation_id: str) -> None:
        """The counter is there before the transaction: two that insert the same one would not wait, but fail."""
        try:
            self._logs.update_one({"_id": organisation_id}, {"$setOnInsert": {"position": 0}}, upsert=True)
        except DuplicateKeyError:
            return
