"""What a service has heard of each subject: events are handled once, in their order, whichever replica they come to.

One document per handler and subject: `last`, the highest sequence that is settled; `open`, lower ones that are not (parked,
or never seen) and are still welcome when they come; `tries` of those that failed. Who handles an event holds a lease by the
database's clock.
"""

import enum
from dataclasses import dataclass
from typing import Any

from pymongo import IndexModel, ReturnDocument
from pymongo.collection import Collection
from pymongo.errors import DuplicateKeyError

from plumbing.ids import new_id

COLLECTION = "inbox"
LEASE_SECONDS = 5.0
FORGOTTEN_SECONDS = 90 * 24 * 3600
INDEXES = [IndexModel([("at", 1)], name="forget", expireAfterSeconds=FORGOTTEN_SECONDS)]
_MOST_OPEN = 100
_NEVER = "missing"


class Verdict(enum.Enum):
    """What to do with an event now. EARLY: one before it is missing; UNSEEN: nothing of its subject was handled yet."""

    HANDLE = "handle"
    REPEAT = "repeat"
    EARLY = "early"
    UNSEEN = "unseen"
    BUSY = "busy"


@dataclass(frozen=True)
class Held:
    """An event that this process handles now: the token of its lease, and what was known of its subject."""

    subject: str
    sequence: int
    token: str
    last: int | None
    open: tuple[int, ...]
    tries: int


class Inbox:
    """What one handler of one service has heard."""

    def __init__(self, collection: Collection[dict[str, Any]], handler: str, failing_seconds: float) -> None:
        """A gap is not accepted while an earlier event of the subject failed less than `failing_seconds` ago."""
        self._collection = collection
        self._handler = handler
        self._failing_seconds = failing_seconds

    def begin(self, subject: str, sequence: int, accept_gap: bool = False) -> Held | Verdict:
        """Hold the event for handling, or say why not. `accept_gap`: do not wait any longer for the ones before it."""
        token = new_id()
        ours = self._ours(sequence, accept_gap)
        waiting = {"$and": [{"$not": [ours]}, {"$lt": [{"$ifNull": ["$last", 0]}, sequence]}]}
        change = {
            "token": {"$cond": [ours, token, "$token"]},
            "until": {"$cond": [ours, _later(LEASE_SECONDS), "$until"]},
            "first_waiting": {"$cond": [waiting, {"$min": ["$first_waiting", sequence]}, "$first_waiting"]},
            "at": "$$NOW",
        }
        found = self._upsert(subject, change)
        last, open_ = found.get("last"), tuple(found.get("open", ()))
        if found.get("token") == token:
            tries = found.get("tries", {}).get(str(sequence), 0)
            return Held(subject, sequence, token, last, open_, tries)
        return self._why_not(found, sequence)

    def look(self, subject: str, sequence: int) -> Verdict:
        """What `begin` would say, roughly, by a mere reading: HANDLE says that it is worth a try."""
        found = self._collection.find_one({"_id": self._id(subject)}) or {}
        last = found.get("last")
        if sequence == (last or 0) + 1 or sequence in found.get("open", ()):
            return Verdict.HANDLE
        return self._why_not(found, sequence)

    def settle(self, held: Held) -> None:
        """It was handled."""
        open_ = [one for one in held.open if one != held.sequence]
        self._keep(held, open_)

    def park(self, held: Held) -> None:
        """It was put aside: later ones go on, and it is welcome when it comes again."""
        self._keep(held, sorted({*held.open, held.sequence}))

    def fail(self, held: Held, counts: bool) -> None:
        """It was not handled and comes again; `counts` towards the tries it has."""
        change: dict[str, Any] = {"$unset": {"token": "", "until": ""}, "$currentDate": {"failed_at": True, "at": True}}
        if counts:
            change["$inc"] = {f"tries.{held.sequence}": 1}
        if held.last is None:
            # from now on the subject is a known one, whose next event waits for this one
            change["$set"] = {"last": held.sequence - 1, "open": _before(held.sequence, 0)}
        self._collection.update_one({"_id": self._id(held.subject), "token": held.token}, change)

    def extend(self, held: Held) -> None:
        """Hold it for longer."""
        self._collection.update_one(
            {"_id": self._id(held.subject), "token": held.token}, [{"$set": {"until": _later(LEASE_SECONDS)}}]
        )

    def _keep(self, held: Held, open_: list[int]) -> None:
        last = held.last or 0
        skipped = [one for one in _before(held.sequence, last) if one not in open_]
        change = {
            "$set": {"last": max(last, held.sequence), "open": sorted([*open_, *skipped])[-_MOST_OPEN:]},
            "$unset": {
                "token": "",
                "until": "",
                "failed_at": "",
                "first_waiting": "",
                f"tries.{held.sequence}": "",
            },
            "$currentDate": {"at": True},
        }
        self._collection.update_one({"_id": self._id(held.subject), "token": held.token}, change)

    def _ours(self, sequence: int, accept_gap: bool) -> dict[str, Any]:
        free = {"$or": [{"$eq": [{"$type": "$until"}, _NEVER]}, {"$lte": ["$until", "$$NOW"]}]}
        last = {"$ifNull": ["$last", 0]}
        turn: list[dict[str, Any]] = [
            {"$eq": [last, sequence - 1]},
            {"$in": [sequence, {"$ifNull": ["$open", []]}]},
        ]
        if accept_gap:
            failed = {"$ifNull": ["$failed_at", None]}
            patience = {
                "$dateAdd": {"startDate": failed, "unit": "millisecond", "amount": int(self._failing_seconds * 1000)}
            }
            quiet = {"$or": [{"$eq": [failed, None]}, {"$lte": [patience, "$$NOW"]}]}
            # of several that wait, the first goes first
            first = {"$lte": [sequence, {"$ifNull": ["$first_waiting", sequence]}]}
            turn.append({"$and": [{"$lt": [last, sequence]}, quiet, first]})
        return {"$and": [free, {"$or": turn}]}

    def _why_not(self, found: dict[str, Any], sequence: int) -> Verdict:
        if sequence <= (found.get("last") or 0) and sequence not in found.get("open", ()):
            return Verdict.REPEAT
        if "until" in found:
            return Verdict.BUSY
        return Verdict.EARLY if "last" in found else Verdict.UNSEEN

    def _upsert(self, subject: str, change: dict[str, Any]) -> dict[str, Any]:
        while True:
            try:
                found = self._collection.find_one_and_update(
                    {"_id": self._id(subject)}, [{"$set": change}], upsert=True, return_document=ReturnDocument.AFTER
                )
            except DuplicateKeyError:
                continue  # two inserted it at the same moment; the second finds it now
            return found or {}

    def _id(self, subject: str) -> str:
        return f"{self._handler} {subject}"


def _before(sequence: int, last: int) -> list[int]:
    """What lies between `last` and `sequence`, at most the hundred nearest."""
    return list(range(max(last + 1, sequence - _MOST_OPEN), sequence))


def _later(seconds: float) -> dict[str, Any]:
    return {"$dateAdd": {"startDate": "$$NOW", "unit": "millisecond", "amount": int(seconds * 1000)}}
