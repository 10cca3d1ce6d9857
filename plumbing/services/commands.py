"""What became of each changing command, remembered for an hour: repeated or redelivered, it gets the first reply again.

One document per command and actor. Whoever begins holds a lease by the database's clock, so that two deliveries of the same
command are not carried out side by side, and one whose process died is soon free.
"""

import hashlib
import json
import time
from collections.abc import Callable
from typing import Any

from marshmallow import Schema, fields
from pymongo import IndexModel, ReturnDocument
from pymongo.collection import Collection
from pymongo.errors import DuplicateKeyError

from contracts.actor import Actor
from contracts.errors import Reused, Unavailable
from plumbing.ids import new_id

COLLECTION = "commands"
REMEMBERED_SECONDS = 3600
LEASE_SECONDS = 5.0
INDEXES = [IndexModel([("at", 1)], name="forget", expireAfterSeconds=REMEMBERED_SECONDS)]
_LOOK_AGAIN_SECONDS = 0.05


class Remembered(Exception):
    """It was carried out before: `reply` is what came of it."""

    def __init__(self, reply: Any) -> None:
        super().__init__()
        self.reply = reply


class Commands:
    """`pause(seconds)` waits without holding up others."""

    def __init__(self, collection: Collection[dict[str, Any]], pause: Callable[[float], Any] = time.sleep) -> None:
        self._collection = collection
        self._pause = pause

    def begin(self, key: str, request: Any, until: float) -> str:
        """Hold the command `key`; returns the token to finish or abandon it with. `request`: see `without_secrets`.

        Raises Remembered when it has been carried out, Reused when the same id came with another request, and Unavailable
        when another delivery is still at it at `until` (`time.time()`).
        """
        token, digest = new_id(), _digest(request)
        while True:
            found = self._hold(key, digest, token)
            if found.get("request_digest") != digest:
                raise Reused("The same key came with another request before; send this one with a new key.")
            if "reply" in found:
                raise Remembered(found["reply"])
            if found.get("token") == token:
                return token
            if time.time() >= until:
                raise Unavailable
            self._pause(_LOOK_AGAIN_SECONDS)

    def finish(self, key: str, token: str, reply: Any) -> None:
        """Remember the reply."""
        self._collection.update_one(
            {"_id": key, "token": token}, {"$set": {"reply": reply}, "$currentDate": {"at": True}}
        )

    def abandon(self, key: str, token: str) -> None:
        """It was refused or has failed: nothing to remember, the next one may try."""
        self._collection.delete_one({"_id": key, "token": token, "reply": {"$exists": False}})

    def extend(self, key: str, token: str) -> None:
        """Hold it for longer."""
        self._collection.update_one({"_id": key, "token": token}, [{"$set": {"until": _later()}}])

    def _hold(self, key: str, digest: str, token: str) -> dict[str, Any]:
        free = {
            "$and": [
                {"$eq": [{"$type": "$reply"}, "missing"]},
                {"$or": [{"$eq": [{"$type": "$until"}, "missing"]}, {"$lte": ["$until", "$$NOW"]}]},
            ]
        }
        change = {
            # called `digest` while passwords were still in it; what was remembered so is not compared
            "request_digest": {"$ifNull": ["$request_digest", digest]},
            "token": {"$cond": [free, token, "$token"]},
            "until": {"$cond": [free, _later(), "$until"]},
            "at": {"$ifNull": ["$at", "$$NOW"]},
        }
        while True:
            try:
                found = self._collection.find_one_and_update(
                    {"_id": key}, [{"$set": change}], upsert=True, return_document=ReturnDocument.AFTER
                )
            except DuplicateKeyError:
                continue  # two inserted it at the same moment; the second finds it now
            return found or {}


def command_key(command: str, actor: Actor, command_id: str) -> str:
    """The same id from somebody else is another command: nobody gets another's reply."""
    return f"{command} {actor.organisation_id or '-'} {actor.kind} {actor.id} {command_id}"


def without_secrets(payload: dict[str, Any], schema: Schema) -> dict[str, Any]:
    """The request without what may only be loaded (passwords), at any depth: not even a digest of it is kept.

    So a repeat with another password is still a repeat.
    """
    kept = {}
    known = {field.data_key or name: field for name, field in schema.fields.items()}
    for key, value in payload.items():
        field = known.get(key)
        if field is None or not field.load_only:
            kept[key] = _inside(value, field)
    return kept


def _inside(value: Any, field: fields.Field[Any] | None) -> Any:
    if isinstance(field, fields.Nested) and isinstance(value, dict):
        return without_secrets(value, field.schema)
    if isinstance(field, fields.Nested | fields.List) and isinstance(value, list):
        inner = field.inner if isinstance(field, fields.List) else field
        return [_inside(each, inner) for each in value]
    return value


def _digest(request: Any) -> str:
    return hashlib.sha256(json.dumps(request, sort_keys=True).encode()).hexdigest()


def _later() -> dict[str, Any]:
    return {"$dateAdd": {"startDate": "$$NOW", "unit": "millisecond", "amount": int(LEASE_SECONDS * 1000)}}
