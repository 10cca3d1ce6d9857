"""Where the spent tries and the known devices are kept: under digests, that say neither whose nor from where."""

from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

from pymongo import ASCENDING, IndexModel
from pymongo.database import Database
from pymongo.errors import DuplicateKeyError

from contracts.errors import TooMany
from services.accounts.guessing.bucket import Bucket, milliseconds

# as long as browsers keep the cookie (RFC 6265bis §5.5)
KNOWN_FOR = timedelta(days=400)
_FORGOTTEN = IndexModel([("forgotten_at", ASCENDING)], name="forgotten", expireAfterSeconds=0)
INDEXES: dict[str, list[IndexModel]] = {"spent_tries": [_FORGOTTEN], "known_devices": [_FORGOTTEN]}


class Guesses:
    """Each count is two writes to one document, so that of many at once none is lost and none gets round."""

    def __init__(self, database: Database[dict[str, Any]]) -> None:
        self._spent = database["spent_tries"]
        self._devices = database["known_devices"]

    def spend(self, key: str, bucket: Bucket, now: datetime) -> None:
        """One more try. Raises TooMany (`retry_after_seconds`), and then counts nothing, when none is left."""
        kept = {"$max": {"spent": milliseconds(now), "forgotten_at": bucket.full_at(now)}}
        with suppress(DuplicateKeyError):  # somebody else made it at the same moment, with the same
            self._spent.update_one({"_id": key}, kept, upsert=True)
        left = {"_id": key, "spent": {"$lte": bucket.latest(now)}}
        if self._spent.update_one(left, {"$inc": {"spent": bucket.step}}).matched_count:
            return
        found = self._spent.find_one({"_id": key})
        seconds = bucket.wait_seconds(found["spent"], now) if found else 1
        raise TooMany(f"Too many tries. Wait {seconds} s and try again.", retry_after_seconds=seconds)

    def give_back(self, key: str, bucket: Bucket) -> None:
        """A try that was right, or not made."""
        self._spent.update_one({"_id": key}, {"$inc": {"spent": -bucket.step}})

    def know_device(self, key: str, now: datetime) -> None:
        """Somebody signed in there."""
        with suppress(DuplicateKeyError):
            self._devices.update_one({"_id": key}, {"$max": {"forgotten_at": now + KNOWN_FOR}}, upsert=True)

    def knows_device(self, key: str, now: datetime) -> bool:
        """Whether somebody signed in there, and not too long ago."""
        return self._devices.find_one({"_id": key, "forgotten_at": {"$gt": now}}) is not None
