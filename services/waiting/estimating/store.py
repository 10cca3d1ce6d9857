"""A queue as it is read for forecasts: who waits in it, what its recent turns were, and how its forecasts came out."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from pymongo import ASCENDING, DESCENDING, IndexModel
from pymongo.collection import Collection
from pymongo.database import Database
from pymongo.errors import BulkWriteError

from plumbing.store import equal_to
from services.waiting.estimating.estimate import MOST_OUTCOMES, Estimate, Queue, outcome
from services.waiting.estimating.places import InLine
from services.waiting.estimating.turns import Visit, work_of

_BUSY = ("admitted", "in_call")
_LEFT_UNSEEN = ("left_without_being_seen", "expired")
# of callers who ended; beyond these a queue is another one
_NOT_OLDER_THAN = timedelta(days=30)
_FORECASTS_KEPT = timedelta(days=60)
_DUPLICATE_KEY = 11000

CALLER_INDEXES = [
    # the state is in it, so that a line of 10,000 is read without reading a caller
    IndexModel(
        [(name, ASCENDING) for name in ("organisation_id", "room_id", "state", "standing.at", "waiting_since", "_id")],
        name="in_turn",
        partialFilterExpression={"state": {"$in": ["waiting", *_BUSY]}},
    ),
    IndexModel(
        [("organisation_id", ASCENDING), ("room_id", ASCENDING), ("ended_at", DESCENDING)],
        name="ended",
        partialFilterExpression={"ended_at": {"$type": "date"}},
    ),
    IndexModel(
        [("organisation_id", ASCENDING), ("area_id", ASCENDING), ("ended_at", DESCENDING)],
        name="ended_of_area",
        partialFilterExpression={"area_id": {"$type": "string"}},
    ),
    IndexModel(
        [("organisation_id", ASCENDING), ("area_id", ASCENDING), ("state", ASCENDING)],
        name="busy_of_area",
        partialFilterExpression={"area_id": {"$type": "string"}},
    ),
]
FORECAST_INDEXES = [
    IndexModel([("at", ASCENDING)], name="kept", expireAfterSeconds=int(_FORECASTS_KEPT.total_seconds())),
]


class StoredQueues:
    """The lines of rooms, out of the callers; beside them the forecasts that were given."""

    def __init__(self, database: Database[dict[str, Any]]) -> None:
        self._callers: Collection[dict[str, Any]] = database["callers"]
        self._forecasts: Collection[dict[str, Any]] = database["forecasts"]

    def rooms_of(self, organisation_id: str, caller_ids: Iterable[str]) -> set[str]:
        """The rooms in which these wait; of who does not wait, none."""
        waiting = {"_id": {"$in": list(caller_ids)}, "organisation_id": organisation_id, "state": "waiting"}
        return set(self._callers.distinct("room_id", waiting))

    def line(self, organisation_id: str, room_id: str) -> list[InLine]:
        """Who waits in a room or Waiting Area, in turn."""
        waiting = {"organisation_id": organisation_id, "room_id": room_id, "state": "waiting"}
        order = [("standing.at", ASCENDING), ("waiting_since", ASCENDING), ("_id", ASCENDING)]
        found = self._callers.find(waiting, {"waiting_since": 1}, sort=order)
        return [InLine(each["_id"], each["waiting_since"]) for each in found]

    def queue(self, organisation_id: str, room_id: str, longest_waiting: datetime | None, now: datetime) -> Queue:
        """What estimate.estimates needs of the room."""
        # whoever came in by a Waiting Area is a turn of its queue, in whichever room they were seen
        of_room, of_area = {"room_id": room_id, "area_id": None}, {"area_id": equal_to(room_id)}
        where: dict[str, Any] = {"organisation_id": organisation_id, "$or": [of_room, of_area]}
        shown = {"admitted_by_member_id": 1, "waiting_since": 1, "admitted_at": 1, "ended_at": 1, "end_reason": 1}
        # the type is said for the sake of the index (plumbing.store.equal_to)
        recent = {**where, "ended_at": {"$gte": now - _NOT_OLDER_THAN, "$type": "date"}}
        ended = list(self._callers.find(recent, shown, sort=[("ended_at", DESCENDING)], limit=2 * MOST_OUTCOMES))
        busy = self._callers.find({**where, "state": {"$in": list(_BUSY)}}, shown)
        let_in = [each for each in ended if each.get("admitted_at")]
        turns, at_work = work_of(map(_visit, (*let_in, *busy)), longest_waiting, now)
        unseen = sum(each.get("end_reason") in _LEFT_UNSEEN and not each.get("admitted_at") for each in ended)
        leaving = unseen / max(len(let_in) + unseen, MOST_OUTCOMES // 6)
        return Queue(turns, at_work, leaving, self._outcomes(let_in[:MOST_OUTCOMES]))

    def keep_forecasts(self, organisation_id: str, given: dict[str, Estimate], now: datetime) -> None:
        """The first forecast that each was given, by the caller's id; later ones are not kept."""
        known = {each["_id"] for each in self._forecasts.find({"_id": {"$in": list(given)}}, {"_id": 1})}
        rows = [
            {"_id": id, "organisation_id": organisation_id, "at": now, "forecast": list(each.forecast)}
            for id, each in given.items()
            if id not in known
        ]
        if not rows:
            return
        try:
            self._forecasts.insert_many(rows, ordered=False)
        except BulkWriteError as error:
            # another replica was first
            if any(each["code"] != _DUPLICATE_KEY for each in error.details["writeErrors"]):
                raise

    def _outcomes(self, let_in: list[dict[str, Any]]) -> tuple[float, ...]:
        admitted_at = {each["_id"]: each["admitted_at"] for each in let_in}
        given = self._forecasts.find({"_id": {"$in": list(admitted_at)}})
        waited = (((admitted_at[each["_id"]] - each["at"]).total_seconds(), each["forecast"]) for each in given)
        return tuple(outcome(forecast, max(seconds, 0.0)) for seconds, forecast in waited)


def _visit(caller: dict[str, Any]) -> Visit:
    return Visit(
        member_id=str(caller.get("admitted_by_member_id")),
        waiting_since=caller["waiting_since"],
        began_at=caller["admitted_at"],
        ended_at=caller.get("ended_at"),
    )
