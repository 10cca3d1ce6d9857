"""Where entries and origins are kept: added, found, and let go when their time is over. There is no way to change one."""

from collections import OrderedDict
from collections.abc import Iterable, Mapping
from contextlib import suppress
from datetime import datetime
from typing import Any

from pymongo import ASCENDING, DESCENDING, IndexModel
from pymongo.database import Database
from pymongo.errors import DuplicateKeyError

from plumbing.mapping import from_document, to_document
from services.accounts.audit.entry import Entry
from services.accounts.audit.origin import Origin

_NEWEST_FIRST = [("at", DESCENDING), ("_id", DESCENDING)]
_REMEMBERED = 20_000


def _by(*fields: str) -> list[tuple[str, int]]:
    return [("organisation_id", ASCENDING), *((field, ASCENDING) for field in fields), *_NEWEST_FIRST]


INDEXES: dict[str, list[IndexModel]] = {
    "audit": [
        IndexModel(_by(), name="by_time"),
        IndexModel(_by("who"), name="by_who"),
        IndexModel(_by("what"), name="by_what"),
        IndexModel(_by("subjects"), name="by_subject"),
    ],
    "origins": [IndexModel([("organisation_id", ASCENDING), ("since", ASCENDING)], name="by_since")],
}


class AuditStore:
    """The log's entries, and where they were from."""

    def __init__(self, database: Database[dict[str, Any]]) -> None:
        self._entries = database["audit"]
        self._origins = database["origins"]
        self._kept: OrderedDict[str, None] = OrderedDict()

    def add(self, entry: Entry) -> None:
        """Keep an entry; one that is there already stays as it is."""
        with suppress(DuplicateKeyError):
            self._entries.insert_one(to_document(entry))

    def add_origin(self, origin: Origin) -> str:
        """Keep where somebody asked from, once; returns its id."""
        if origin.id not in self._kept:
            with suppress(DuplicateKeyError):
                self._origins.insert_one(to_document(origin))
            self._kept[origin.id] = None
            while len(self._kept) > _REMEMBERED:
                self._kept.popitem(last=False)
        return origin.id

    def find(self, wanted: Mapping[str, Any], limit: int) -> list[Entry]:
        """Those that fit MongoDB's filter (`search.filter_of`), newest first."""
        found = self._entries.find(dict(wanted), sort=_NEWEST_FIRST, limit=limit)
        return [from_document(each, Entry) for each in found]

    def origins(self, ids: Iterable[str], organisation_id: str) -> dict[str, Origin]:
        """Those of the organisation, by id."""
        found = self._origins.find({"_id": {"$in": list(ids)}, "organisation_id": organisation_id})
        return {each["_id"]: from_document(each, Origin) for each in found}

    def let_go(self, organisation_id: str, before: datetime, origins_before: datetime, most: int) -> int:
        """Take away up to `most` entries that are older, and origins likewise; returns how many entries."""
        old = {"organisation_id": organisation_id, "at": {"$lt": before}}
        ids = [each["_id"] for each in self._entries.find(old, {"at": 1}, sort=[("at", ASCENDING)], limit=most)]
        if ids:
            self._entries.delete_many({"_id": {"$in": ids}, "organisation_id": organisation_id})
        gone = {"organisation_id": organisation_id, "since": {"$lt": origins_before}}
        places = [each["_id"] for each in self._origins.find(gone, {"since": 1}, limit=most)]
        if places:
            self._origins.delete_many({"_id": {"$in": places}, "organisation_id": organisation_id})
        return len(ids)
