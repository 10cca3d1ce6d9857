"""Where the event log is kept, in an order in which nothing ever appears behind a reader.

Every event is inserted at the position after the last one of its organisation's log, and the unique index gives each
position to one event only: whoever comes second looks again and takes the next. So position n + 1 is only ever written
after n was there, in MongoDB's own order of writes, which is also the order in which a majority gets them. A reader who
has seen n has therefore seen all before it; there are no gaps to wait for, and no replica can be late with a number that it
was given earlier (as with a counter, or with ids made from time). Whoever removes old events leaves the newest one.
"""

import datetime as dt
import threading
from collections.abc import Sequence
from typing import Any

from pymongo import ASCENDING, DESCENDING, IndexModel
from pymongo.collection import Collection
from pymongo.database import Database
from pymongo.errors import DuplicateKeyError
from pymongo.read_concern import ReadConcern

from contracts.errors import Unavailable
from plumbing.store import Outgoing
from services.integrations.webhooks import store as webhooks

INDEXES: dict[str, list[IndexModel]] = {
    "events": [
        IndexModel([("organisation_id", ASCENDING), ("position", ASCENDING)], name="by_position", unique=True),
        IndexModel(
            [("organisation_id", ASCENDING), ("envelope.type", ASCENDING), ("position", ASCENDING)], name="by_type"
        ),
        IndexModel(
            [("organisation_id", ASCENDING), ("envelope.subject", ASCENDING), ("position", ASCENDING)],
            name="by_subject",
        ),
    ],
}
INDEXES |= webhooks.INDEXES
# the log of what belongs to no organisation
NO_ORGANISATION = "none"
_TRIES = 100
_TURNSTILES = 64


class IntegrationsStore:
    """The event log: `events` by their CloudEvents id, each with its position."""

    def __init__(self, database: Database[dict[str, Any]], outbox: Outgoing) -> None:
        self.webhooks = webhooks.Webhooks(database, outbox)
        self.deliveries = webhooks.Deliveries(database)
        self._events = database["events"]
        # within a process the events of an organisation take turns, so that only processes can be in each other's way
        self._turnstiles = [threading.Lock() for _ in range(_TURNSTILES)]

    def append(self, envelope: dict[str, Any]) -> int:
        """Keep an event at the end of its organisation's log; one that is there already stays where it is. Returns its position.

        Raises Unavailable when too many others write at the same moment.
        """
        organisation_id = envelope.get("organisationid") or NO_ORGANISATION
        with self._turnstiles[hash(organisation_id) % _TURNSTILES]:
            for _ in range(_TRIES):
                position = self._last(organisation_id) + 1
                event = {
                    "_id": envelope["id"],
                    "organisation_id": organisation_id,
                    "position": position,
                    "envelope": envelope,
                }
                try:
                    self._events.insert_one(event)
                except DuplicateKeyError as taken:
                    if list((taken.details or {}).get("keyPattern", {})) == ["_id"]:
                        return self._position_of(envelope["id"])
                else:
                    return position
        raise Unavailable

    def after(
        self, organisation_id: str | None, position: int, limit: int, types: Sequence[str] = (), subject: str | None = None
    ) -> list[tuple[int, dict[str, Any]]]:  # fmt: skip
        """Up to `limit` events behind the position, as (position, envelope), in order; all types where none is named."""
        behind: dict[str, Any] = {"organisation_id": organisation_id, "position": {"$gt": position}}
        if types:
            behind["envelope.type"] = {"$in": list(types)}
        if subject is not None:
            behind["envelope.subject"] = subject
        found = self._settled().find(
            behind, {"position": 1, "envelope": 1}, sort=[("position", ASCENDING)], limit=limit
        )
        return [(event["position"], event["envelope"]) for event in found]

    def newest(self, organisation_id: str | None) -> int:
        """The position of the newest event that every reader sees; 0 where there is none."""
        return self._end(self._settled(), organisation_id, DESCENDING)

    def oldest(self, organisation_id: str | None) -> int:
        """The position of the oldest event that is kept; 0 where there is none."""
        return self._end(self._settled(), organisation_id, ASCENDING)

    def let_go(self, before: dt.datetime) -> int:
        """Take away what came before then, of each log from its beginning on and never its newest event; returns how many."""
        floor = _first_id_of(before)
        old: list[dict[str, Any]] = [{"$match": {"_id": {"$lt": floor}}}, {"$group": {"_id": "$organisation_id"}}]
        gone = 0
        for organisation_id in [each["_id"] for each in self._events.aggregate(old)]:
            of_log = {"organisation_id": organisation_id}
            kept = self._events.find_one(
                {**of_log, "_id": {"$gte": floor}}, {"position": 1}, sort=[("position", ASCENDING)]
            )
            first_kept = kept["position"] if kept else self._last(organisation_id)
            gone += self._events.delete_many({**of_log, "position": {"$lt": first_kept}}).deleted_count
        return gone

    def _settled(self) -> Collection[dict[str, Any]]:
        # what only one member of the replica set has may still be taken back
        return self._events.with_options(read_concern=ReadConcern("majority"))

    def said_between(
        self, organisation_id: str, starts_from: dt.datetime, starts_until: dt.datetime, types: Sequence[str], limit: int
    ) -> list[tuple[int, dict[str, Any]]]:  # fmt: skip
        """Up to `limit` events that were said from then on and before then, in order; all types where none is named."""
        within = {"$gte": _first_id_of(starts_from), "$lt": _first_id_of(starts_until)}
        wanted: dict[str, Any] = {"organisation_id": organisation_id, "_id": within}
        if types:
            wanted["envelope.type"] = {"$in": list(types)}
        found = self._events.find(wanted, {"position": 1, "envelope": 1}, sort=[("position", ASCENDING)], limit=limit)
        return [(event["position"], event["envelope"]) for event in found]

    def _position_of(self, id: str) -> int:
        found = self._events.find_one({"_id": id}, {"position": 1})
        return int(found["position"]) if found else 0

    def _last(self, organisation_id: str) -> int:
        return self._end(self._events, organisation_id, DESCENDING)

    @staticmethod
    def _end(events: Collection[dict[str, Any]], organisation_id: str | None, direction: int) -> int:
        found = events.find_one({"organisation_id": organisation_id}, {"position": 1}, sort=[("position", direction)])
        return int(found["position"]) if found else 0


def _first_id_of(moment: dt.datetime) -> str:
    """What every id (UUIDv7) that was made before then is smaller than."""
    milliseconds = f"{int(moment.timestamp() * 1000):012x}"
    return f"{milliseconds[:8]}-{milliseconds[8:]}"
