"""Where calls and what is known of nodes are kept: the collections, their indexes, and the questions that are asked of them."""

from collections.abc import Callable, Iterable
from datetime import timedelta
from typing import Any

from pymongo import IndexModel
from pymongo.collection import Collection
from pymongo.database import Database

from contracts.actor import Actor
from contracts.call_chat import MOST_LINES
from contracts.errors import Conflict
from plumbing.store import Change, Documents, Outgoing, up_to
from services.media.call import Call
from services.media.lines import Line
from services.media.placement import SILENCE_SECONDS, Census, Node, node_key

OPEN = {"state": "open"}
_TRIES = 5
_AT_ONCE = 100
# A process that has been silent this long, and not said goodbye, is not coming back.
_FORGOTTEN_SECONDS = 24 * 3600
# The document beside the nodes' that tells since when reports come in; a pause longer than this is a gap.
_EAR = "ear"
_GAP_SECONDS = 2.5
_NOTED_EVERY_SECONDS = 0.5
# The events of a line are in its document until they are told.
_TOLD_WITHIN = timedelta(minutes=1)

INDEXES: dict[str, list[IndexModel]] = {
    "calls": [
        # one open call per room, however many press at once
        IndexModel(
            [("organisation_id", 1), ("room_id", 1)], name="open_in_room", unique=True, partialFilterExpression=OPEN
        ),
        IndexModel([("node_key", 1)], name="placed", partialFilterExpression=OPEN),
        IndexModel([("due_at", 1)], name="due", partialFilterExpression={"due_at": {"$type": "date"}}),
        IndexModel([("chores_since", 1)], name="chores", partialFilterExpression={"chores_since": {"$type": "date"}}),
        IndexModel([("left_keys", 1)], name="left", partialFilterExpression={"left_keys.0": {"$exists": True}}),
    ],
    "lines": [
        IndexModel([("organisation_id", 1), ("call_id", 1), ("said_at", 1)], name="of_call"),
        IndexModel([("forget_at", 1)], name="forgotten", expireAfterSeconds=0),
    ],
    "nodes": [
        IndexModel([("last_seen_at", 1)], name="forgotten", expireAfterSeconds=_FORGOTTEN_SECONDS),
    ],
}


class MediaStore:
    """Calls, each a document with its own events and those of its participants; and the nodes as they last reported."""

    def __init__(self, database: Database[dict[str, Any]], outbox: Outgoing) -> None:
        self.calls = Documents(database["calls"], outbox, kind=Call, source="media", subject="call")
        self.lines = Documents(database["lines"], outbox, kind=Line, source="media", subject="line")
        self.nodes = Nodes(database["nodes"])

    def open_in(self, organisation_id: str | None, room_id: str) -> Call | None:
        """The room's open call."""
        return self.calls.find_one({"organisation_id": organisation_id, "room_id": room_id, **OPEN})

    def change_in_room(
        self, organisation_id: str, room_id: str, new: Callable[[], Call], rule: Callable[[Call], Change[Call] | None],
        actor: Actor | None,
    ) -> Call:  # fmt: skip
        """Let a rule change the room's open call, a new one if there is none; of many at once, one call is made.

        Raises:
            Conflict: the call is full, or calls were begun and ended in this room all the time meanwhile.
        """
        for _ in range(_TRIES):
            call = self.open_in(organisation_id, room_id)
            try:
                call = call or self.calls.create(new(), actor=actor)
                return self.calls.update(call.id, organisation_id, rule, actor)
            except Conflict as conflict:
                if "largest_number" in conflict.extra:
                    raise
        raise Conflict("This room's call is just ending; try again.")

    def by_id(self, call_id: str) -> Call | None:
        """A call of any organisation: nodes know no more than its id."""
        return self.calls.find_one({"_id": call_id})

    def misplaced(self, live_keys: Iterable[str]) -> list[Call]:
        """Open calls whose node is dead, or was started again since."""
        return self.calls.find({"node_key": {"$nin": list(live_keys)}, **OPEN}, limit=_AT_ONCE)

    def due(self, now: Any) -> list[Call]:
        """Calls with a seat whose browser did not come back in time."""
        return self.calls.find({"due_at": up_to(now), **OPEN}, limit=_AT_ONCE)

    def with_chores(self, before: Any) -> list[Call]:
        """Calls that a node must still drop something of, noted before this moment."""
        return self.calls.find({"chores_since": up_to(before)}, limit=_AT_ONCE)

    def left_on(self, live_keys: Iterable[str]) -> list[Call]:
        """Calls that nodes which live again may still have."""
        left = {"left_keys": {"$in": list(live_keys)}, "left_keys.0": {"$exists": True}}
        return self.calls.find(left, limit=_AT_ONCE)

    def lines_of(self, call: Call) -> list[Line]:
        """What was written in it, the newest, oldest first."""
        of_call = {"organisation_id": call.organisation_id, "call_id": call.id}
        return self.lines.find(of_call, sort=[("said_at", -1)], limit=MOST_LINES)[::-1]

    def forget_lines(self, call: Call, now: Any) -> None:
        """The call has ended: the database lets go of them within two minutes, when what they caused has been told."""
        of_call = {"organisation_id": call.organisation_id, "call_id": call.id}
        self.lines.collection.update_many(of_call, {"$min": {"forget_at": now + _TOLD_WITHIN}})


class Nodes:
    """What the nodes reported, and when by the database's clock; each process of a node is one document."""

    def __init__(self, collection: Collection[dict[str, Any]]) -> None:
        self._collection = collection

    def alive(self, report: dict[str, Any]) -> bool:
        """Keep a report (contracts.media_node.NodeAlive). Returns True for a process not known before."""
        key = node_key(report["node_id"], report["started_at"])
        kept = {"node_id": report["node_id"], "started_at": report["started_at"], "placed": 0, "stopped": False}
        kept |= {field: report[field] for field in ("participants", "capacity", "cpu", "draining")}
        done = self._collection.update_one(
            {"_id": key}, [{"$set": {name: {"$literal": value} for name, value in kept.items()} | {"last_seen_at": "$$NOW"}}],
            upsert=True,
        )  # fmt: skip
        new = done.upserted_id is not None
        if new:
            self._begin_to_hear()
        self._hear()
        return new

    def stopped(self, node_id: str, started_at: float | None) -> None:
        """The process has said that it is going; not told which, it is the one that was heard last."""
        which = {"node_id": node_id} | ({} if started_at is None else {"started_at": started_at})
        self._collection.find_one_and_update(which, {"$set": {"stopped": True}}, sort=[("last_seen_at", -1)])

    def census(self) -> Census:
        """Those that were heard within SILENCE_SECONDS; of one node only its newest process."""
        heard = {"$gt": ["$last_seen_at", _ago(SILENCE_SECONDS)]}
        found = self._collection.find({"stopped": False, "$expr": heard}, sort=[("started_at", 1)])
        live = {document["node_id"]: _node(document) for document in found if document["_id"] != _EAR}
        steady = {"_id": _EAR, "$expr": {"$and": [heard, {"$lt": ["$since", _ago(SILENCE_SECONDS)]}]}}
        return Census(tuple(live.values()), self._collection.find_one(steady) is not None)

    def placed(self, key: str) -> None:
        """A call was put on it: counts until its next report does."""
        self._collection.update_one({"_id": key}, {"$inc": {"placed": 1}})

    def _hear(self) -> None:
        """Note that reports come in, and since when without a gap."""
        again = {"$lt": ["$last_seen_at", _ago(_GAP_SECONDS)]}
        heard = {"since": {"$cond": [again, "$$NOW", "$since"]}, "last_seen_at": "$$NOW"}
        recently = {"$lt": ["$last_seen_at", _ago(_NOTED_EVERY_SECONDS)]}
        self._collection.update_one({"_id": _EAR, "$expr": recently}, [{"$set": heard}])

    def _begin_to_hear(self) -> None:
        first = {field: {"$ifNull": [f"${field}", "$$NOW"]} for field in ("since", "last_seen_at")}
        self._collection.update_one({"_id": _EAR}, [{"$set": first}], upsert=True)


def _ago(seconds: float) -> dict[str, Any]:
    """That long before now, by the database's clock."""
    return {"$subtract": ["$$NOW", int(seconds * 1000)]}


def _node(document: dict[str, Any]) -> Node:
    return Node(
        id=document["node_id"],
        key=document["_id"],
        participants=document["participants"],
        capacity=document["capacity"],
        cpu=document["cpu"],
        draining=document["draining"],
        placed=document["placed"],
    )
