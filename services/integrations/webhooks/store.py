"""Where webhooks and their deliveries are kept. A delivery is claimed by lease, so that of several processes one sends it."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from typing import Any

from pymongo import ASCENDING, DESCENDING, IndexModel
from pymongo.database import Database
from pymongo.errors import BulkWriteError

from contracts.errors import NotFound
from contracts.webhooks import WAITING
from plumbing import mongo
from plumbing.store import PENDING_INDEX, Documents, Outgoing, up_to
from services.integrations.webhooks.delivery import MOST_ATTEMPTS_KEPT, Attempt
from services.integrations.webhooks.webhook import Webhook

_DUPLICATE = 11000
INDEXES: dict[str, list[IndexModel]] = {
    "webhooks": [IndexModel([("organisation_id", ASCENDING), ("removed", ASCENDING)], name="organisation"), PENDING_INDEX],
    "deliveries": [
        # only what is to be sent is in it, whosever it is
        IndexModel([("due_at", ASCENDING)], name="due", partialFilterExpression={"due_at": {"$type": "date"}}),
        IndexModel([("webhook_id", ASCENDING), ("_id", DESCENDING)], name="newest"),
        IndexModel([("webhook_id", ASCENDING), ("state", ASCENDING), ("_id", DESCENDING)], name="newest_of_state"),
        IndexModel(
            [("webhook_id", ASCENDING), ("subject", ASCENDING), ("rank", ASCENDING)],
            name="waiting_of_subject",
            partialFilterExpression={"state": WAITING},
        ),
        IndexModel([("done_at", ASCENDING)], name="done", partialFilterExpression={"done_at": {"$type": "date"}}),
    ],
}  # fmt: skip


class Webhooks(Documents[Webhook]):
    """The webhooks of all organisations."""

    def __init__(self, database: Database[dict[str, Any]], outbox: Outgoing) -> None:
        super().__init__(database["webhooks"], outbox, kind=Webhook, source="integrations", subject="webhook")

    def of(self, organisation_id: str | None) -> list[Webhook]:
        """Those of one organisation, oldest first."""
        return self.find({"organisation_id": organisation_id, "removed": False}, [("_id", ASCENDING)])

    def among(self, ids: Iterable[str]) -> dict[str, Webhook]:
        """Those of these ids, removed ones too."""
        return {each.id: each for each in self.find({"_id": {"$in": list(ids)}})}


class Deliveries:
    """What is or was sent, as `delivery.deliveries_of` makes it; `due_at` is there while it is to be sent by itself."""

    def __init__(self, database: Database[dict[str, Any]]) -> None:
        self._collection = database["deliveries"]

    def add(self, documents: Sequence[dict[str, Any]], due_at: dt.datetime | None) -> None:
        """Keep them; those that are there already stay as they are."""
        if not documents:
            return
        kept = [{**each, "due_at": due_at} if due_at else each for each in documents]
        try:
            self._collection.insert_many(kept, ordered=False)
        except BulkWriteError as error:
            if any(each["code"] != _DUPLICATE for each in error.details["writeErrors"]):
                raise

    def get(self, id: str, webhook_id: str) -> dict[str, Any]:
        """One. Raises NotFound."""
        found = self._collection.find_one({"_id": id, "webhook_id": webhook_id})
        if found is None:
            raise NotFound
        return found

    def newest(self, webhook_id: str, state: str | None, before: str | None, limit: int) -> list[dict[str, Any]]:
        """Up to `limit`, newest first, behind the id `before`."""
        wanted: dict[str, Any] = {"webhook_id": webhook_id}
        if state:
            wanted["state"] = state
        if before:
            wanted["_id"] = {"$lt": before}
        return list(self._collection.find(wanted, sort=[("_id", DESCENDING)], limit=limit))

    def waiting(self, webhook_id: str) -> int:
        """How many wait to be sent."""
        return self._collection.count_documents({"webhook_id": webhook_id, "state": WAITING})

    def claim_due(
        self,
        now: dt.datetime,
        owner: str,
        lease_seconds: float,
        busy: Iterable[str],
        most: int,
        full: Iterable[str] = (),
    ) -> list[dict[str, Any]]:
        """At most `most` that are due, of webhooks that are not `busy` and of organisations that are not `full`, held by `owner`, which must be new for every claim."""
        due = {
            "due_at": up_to(now),
            "webhook_id": {"$nin": list(busy)},
            "organisation_id": {"$nin": list(full)},
        }
        return mongo.claim_many(self._collection, due, owner, lease_seconds, [("due_at", ASCENDING)], most)

    def release(self, ids: Sequence[str], owner: str) -> None:
        """Let others have them."""
        self._collection.update_many({"_id": {"$in": list(ids)}, "lease.owner": owner}, {"$unset": {"lease": ""}})

    def before(self, delivery: dict[str, Any]) -> dict[str, Any] | None:
        """The last before it of its subject that still waits."""
        earlier = {
            "webhook_id": delivery["webhook_id"],
            "subject": delivery["subject"],
            "state": WAITING,
            "rank": {"$lt": delivery["rank"]},
        }
        return self._collection.find_one(earlier, {"due_at": 1}, sort=[("rank", DESCENDING)])

    def put_off(self, id: str, owner: str, until: dt.datetime | None) -> None:
        """Look at it again then (None: not by itself), and let others have it."""
        moved = {"$set": {"due_at": until}} if until else {"$unset": {"due_at": ""}}
        left = {**moved, "$unset": {**moved.get("$unset", {}), "lease": ""}}
        self._collection.update_one({"_id": id, "lease.owner": owner}, left)

    def record(
        self, id: str, owner: str, attempt: Attempt, state: str, due_at: dt.datetime | None, begun_at: dt.datetime
    ) -> None:
        """Keep what came of a try, the first of its tries at `begun_at`. A lease that is another's by now leaves all to the other."""
        kept = {name: value for name, value in asdict(attempt).items() if name != "retry_after"}
        values: dict[str, Any] = {"state": state, "begun_at": begun_at}
        cleared = {"lease": ""}
        if due_at:
            values["due_at"] = due_at
        else:
            cleared["due_at"] = ""
        if state != WAITING:
            values["done_at"] = attempt.at
        change = {
            "$set": values,
            "$unset": cleared,
            "$inc": {"tries": 1},
            "$push": {"attempts": {"$each": [kept], "$slice": -MOST_ATTEMPTS_KEPT}},
        }
        self._collection.update_one({"_id": id, "lease.owner": owner}, change)

    def next_of_subject(self, delivery: dict[str, Any], now: dt.datetime) -> bool:
        """Let the first that waits of the same subject be sent at once; whether there is one."""
        waiting = {"webhook_id": delivery["webhook_id"], "subject": delivery["subject"], "state": WAITING}
        found = self._collection.find_one_and_update(
            {**waiting, "due_at": {"$type": "date"}}, {"$set": {"due_at": now}}, {"_id": 1}, sort=[("rank", ASCENDING)]
        )
        return found is not None

    def send_again(self, id: str, webhook_id: str, now: dt.datetime) -> dict[str, Any]:
        """One more time from the beginning, whatever became of it; its attempts stay. Raises NotFound."""
        begun = {"$set": {"state": WAITING, "due_at": now, "tries": 0}, "$unset": {"done_at": ""}}
        self._collection.update_one({"_id": id, "webhook_id": webhook_id}, begun)
        return self.get(id, webhook_id)

    def hurry(self, webhook_id: str, now: dt.datetime) -> None:
        """The receiver is back: what waits for a later try is sent at once, and the try that it had less is not counted."""
        self._collection.update_many(
            {"webhook_id": webhook_id, "state": WAITING, "due_at": {"$gt": now}},
            [{"$set": {"due_at": now, "tries": {"$max": [1, {"$subtract": ["$tries", 1]}]}}}],
        )

    def hold(self, webhook_id: str) -> None:
        """Send none of what waits."""
        self._collection.update_many({"webhook_id": webhook_id, "state": WAITING}, {"$unset": {"due_at": ""}})

    def resume(self, webhook_id: str, now: dt.datetime, *, anew: bool = True) -> None:
        """Send what waits and was held; `anew`: with all its tries before it."""
        held = {"webhook_id": webhook_id, "state": WAITING, "due_at": None}
        self._collection.update_many(held, {"$set": {"due_at": now, **({"tries": 0} if anew else {})}})

    def forget(self, webhook_id: str) -> None:
        """Nothing of it is kept."""
        self._collection.delete_many({"webhook_id": webhook_id})

    def let_go(self, before: dt.datetime) -> int:
        """Take away what was done with before then; returns how many. What waits stays."""
        return self._collection.delete_many({"done_at": {"$lt": before, "$type": "date"}}).deleted_count
