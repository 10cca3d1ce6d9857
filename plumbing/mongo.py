"""MongoDB: the client, one database per service, and leases by the database's clock."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from bson.codec_options import CodecOptions
from pymongo import MongoClient, ReturnDocument
from pymongo.collection import Collection
from pymongo.database import Database

_NEVER = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
_FREE = {"$expr": {"$lte": [{"$ifNull": ["$lease.until", _NEVER]}, "$$NOW"]}}


def connect(uri: str, name: str) -> MongoClient[dict[str, Any]]:
    """A client whose writes count when a majority has them. Make it after any monkey patching.

    `name` is shown in the server's list of connections. Nothing is connected yet when this returns.
    """
    return MongoClient(
        uri,
        appname=f"housecall-{name}",
        w="majority",
        retryWrites=True,
        retryReads=True,
        tz_aware=True,
        serverSelectionTimeoutMS=5000,
        connectTimeoutMS=5000,
        socketTimeoutMS=20000,
    )


def database(client: MongoClient[dict[str, Any]], name: str) -> Database[dict[str, Any]]:
    """A database whose instants come back aware, in `datetime.UTC`."""
    return client.get_database(name, codec_options=CodecOptions(tz_aware=True, tzinfo=dt.UTC))


def claim(
    collection: Collection[dict[str, Any]],
    filter: Mapping[str, Any],
    owner: str,
    lease_seconds: float,
    sort: list[tuple[str, int]] | None = None,
) -> dict[str, Any] | None:
    """Take one document that fits `filter` and that nobody holds, for `lease_seconds` by the database's clock.

    Returns the document as it is now, with `lease: {owner, until}`, or None when there is none free. A claim that is
    neither released nor renewed is free again when its lease is over, whatever became of its owner.
    """
    return collection.find_one_and_update(
        {"$and": [dict(filter), _FREE]},
        [{"$set": {"lease": _lease(owner, lease_seconds)}}],
        sort=sort,
        return_document=ReturnDocument.AFTER,
    )


def claim_many(
    collection: Collection[dict[str, Any]], filter: Mapping[str, Any], owner: str, lease_seconds: float,
    sort: list[tuple[str, int]], most: int,
) -> list[dict[str, Any]]:  # fmt: skip
    """As `claim`, for at most `most` documents together; `owner` must be a new one for every call."""
    found = [
        document["_id"]
        for document in collection.find({"$and": [dict(filter), _FREE]}, {"_id": 1}, sort=sort, limit=most)
    ]
    if not found:
        return []
    ours = {"$and": [{"_id": {"$in": found}}, dict(filter), _FREE]}
    collection.update_many(ours, [{"$set": {"lease": _lease(owner, lease_seconds)}}])
    return list(collection.find({"_id": {"$in": found}, "lease.owner": owner}))


def renew(collection: Collection[dict[str, Any]], id: Any, owner: str, lease_seconds: float) -> bool:
    """Hold on to a claimed document for `lease_seconds` from now; False when it is another's by now."""
    result = collection.update_one(
        {"_id": id, "lease.owner": owner}, [{"$set": {"lease": _lease(owner, lease_seconds)}}]
    )
    return result.matched_count == 1


def release(collection: Collection[dict[str, Any]], id: Any, owner: str) -> bool:
    """Give a claimed document back; False when it is another's by now."""
    return collection.update_one({"_id": id, "lease.owner": owner}, {"$unset": {"lease": ""}}).matched_count == 1


def _lease(owner: str, seconds: float) -> dict[str, Any]:
    until = {"$dateAdd": {"startDate": "$$NOW", "unit": "millisecond", "amount": int(seconds * 1000)}}
    return {"owner": {"$literal": owner}, "until": until}
