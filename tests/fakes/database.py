"""Collections in memory with the part of pymongo's face that stores use; atomic per call, as MongoDB is per document."""

import copy
import functools
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pymongo import IndexModel, ReturnDocument, UpdateOne
from pymongo.errors import DuplicateKeyError

from tests.fakes.matching import MISSING, fits, values_at
from tests.fakes.updating import updated

Document = dict[str, Any]
Sort = Sequence[tuple[str, int]] | None


class FakeDatabase:
    """`database["rooms"]` is always the same collection."""

    def __init__(self, name: str = "fake") -> None:
        self.name = name
        self._collections: dict[str, FakeCollection] = {}

    def __getitem__(self, name: str) -> "FakeCollection":
        return self._collections.setdefault(name, FakeCollection(name))


@dataclass(frozen=True)
class Result:
    """What a write says of itself, by pymongo's names."""

    matched_count: int = 0
    modified_count: int = 0
    deleted_count: int = 0
    upserted_id: Any = None
    inserted_id: Any = None


class FakeCursor:
    """What `find` returns."""

    def __init__(self, found: list[Document]) -> None:
        self._found = found

    def sort(self, by: Any, direction: int = 1) -> "FakeCursor":
        return FakeCursor(_sorted(self._found, [(by, direction)] if isinstance(by, str) else by))

    def skip(self, count: int) -> "FakeCursor":
        return FakeCursor(self._found[count:])

    def limit(self, count: int) -> "FakeCursor":
        return FakeCursor(self._found[:count] if count else self._found)

    def __iter__(self) -> Iterator[Document]:
        return iter(self._found)


class FakeCollection:
    """One collection. Unique indexes hold from `create_indexes` on."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._documents: dict[Any, Document] = {}
        self._unique: list[tuple[list[str], Mapping[str, Any], bool]] = [(["_id"], {}, False)]
        self._lock = threading.RLock()
        self._next_id = 0

    def create_indexes(self, indexes: Sequence[IndexModel]) -> list[str]:
        for index in indexes:
            document = index.document
            if document.get("unique"):
                condition = document.get("partialFilterExpression", {})
                self._unique.append((list(document["key"]), condition, bool(document.get("sparse"))))
        return [index.document["name"] for index in indexes]

    def insert_one(self, document: Document) -> Result:
        with self._lock:
            if "_id" not in document:
                self._next_id += 1
                document["_id"] = f"made-{self._next_id}"
            self._keep(copy.deepcopy(document), inserting=True)
            return Result(inserted_id=document["_id"])

    def insert_many(self, documents: Sequence[Document]) -> None:
        for document in documents:
            self.insert_one(document)

    def find(
        self,
        filter: Mapping[str, Any] | None = None,
        projection: Any = None,
        sort: Sort = None,
        limit: int = 0,
        skip: int = 0,
    ) -> FakeCursor:
        with self._lock:
            found = [one for one in self._documents.values() if fits(one, filter or {})]
            cursor = FakeCursor(_sorted(found, sort)).skip(skip).limit(limit)
            return FakeCursor([_projected(one, projection) for one in cursor])

    def find_one(self, filter: Any = None, projection: Any = None, sort: Sort = None) -> Document | None:
        return next(iter(self.find(_by_id(filter), projection, sort, 1)), None)

    def count_documents(self, filter: Mapping[str, Any], limit: int = 0) -> int:
        return len(list(self.find(filter, limit=limit)))

    def find_one_and_update(
        self,
        filter: Mapping[str, Any],
        update: Any,
        projection: Any = None,
        sort: Sort = None,
        upsert: bool = False,
        return_document: bool = ReturnDocument.BEFORE,
    ) -> Document | None:
        with self._lock:
            before = self.find_one(filter, sort=sort)
            after = self._change(before, filter, update, upsert)
            shown = after if return_document is ReturnDocument.AFTER else before
            return _projected(shown, projection) if shown is not None else None

    def update_one(self, filter: Mapping[str, Any], update: Any, upsert: bool = False) -> Result:
        with self._lock:
            before = self.find_one(filter)
            after = self._change(before, filter, update, upsert)
            if before is None:
                return Result(upserted_id=after["_id"] if after else None)
            return Result(matched_count=1, modified_count=int(before != after))

    def update_many(self, filter: Mapping[str, Any], update: Any) -> Result:
        with self._lock:
            found = list(self.find(filter))
            changed = sum(self._change(one, filter, update, False) != one for one in found)
            return Result(matched_count=len(found), modified_count=changed)

    def bulk_write(self, writes: Sequence[UpdateOne], ordered: bool = True) -> Result:
        with self._lock:
            results = [self.update_one(write._filter, write._doc) for write in writes]
            return Result(matched_count=sum(each.matched_count for each in results))

    def replace_one(self, filter: Mapping[str, Any], replacement: Document, upsert: bool = False) -> Result:
        with self._lock:
            before = self.find_one(filter)
            if before is None and not upsert:
                return Result()
            id = before["_id"] if before else replacement.get("_id", filter.get("_id"))
            self._keep({**copy.deepcopy(replacement), "_id": id}, inserting=before is None)
            return Result(matched_count=int(before is not None), modified_count=1)

    def delete_one(self, filter: Mapping[str, Any]) -> Result:
        with self._lock:
            found = self.find_one(filter)
            return Result(deleted_count=int(found is not None and self._documents.pop(found["_id"]) is not None))

    def delete_many(self, filter: Mapping[str, Any]) -> Result:
        with self._lock:
            found = list(self.find(filter))
            for one in found:
                del self._documents[one["_id"]]
            return Result(deleted_count=len(found))

    def find_one_and_delete(self, filter: Mapping[str, Any], sort: Sort = None) -> Document | None:
        with self._lock:
            found = self.find_one(filter, sort=sort)
            return self._documents.pop(found["_id"]) if found else None

    def _change(self, before: Document | None, filter: Mapping[str, Any], update: Any, upsert: bool) -> Document | None:
        if before is not None:
            after = updated(before, update)
            self._keep(after, inserting=False)
            return after
        if not upsert:
            return None
        fixed = {
            key: value for key, value in filter.items() if not key.startswith("$") and not isinstance(value, Mapping)
        }
        after = updated(fixed, update, inserting=True)
        self.insert_one(after)
        return after

    def _keep(self, document: Document, *, inserting: bool) -> None:
        for fields, condition, sparse in self._unique:
            if not fits(document, condition) or (
                sparse and all(values_at(document, one) == [MISSING] for one in fields)
            ):
                continue
            for other in self._documents.values():
                same_one = other["_id"] == document["_id"] and not inserting
                if not same_one and fits(other, condition) and all(_same(document, other, one) for one in fields):
                    raise DuplicateKeyError("duplicate key", 11000, {"keyPattern": dict.fromkeys(fields, 1)})
        self._documents[document["_id"]] = document


def _same(one: Document, other: Document, path: str) -> bool:
    mine, others = (
        {repr(part) for found in values_at(document, path) for part in (found if isinstance(found, list) else [found])}
        for document in (one, other)
    )
    return bool(mine & others)


def _by_id(filter: Any) -> Mapping[str, Any]:
    if filter is None:
        return {}
    return filter if isinstance(filter, Mapping) else {"_id": filter}


def _projected(document: Document, projection: Any) -> Document:
    whole = copy.deepcopy(document)
    if not projection:
        return whole
    wanted = dict.fromkeys(projection, 1) if not isinstance(projection, Mapping) else dict(projection)
    if any(wanted.get(key) for key in wanted if key != "_id"):
        tops = {key.partition(".")[0] for key, on in wanted.items() if on}
        tops |= {"_id"} if wanted.get("_id", 1) else set()
        return {key: value for key, value in whole.items() if key in tops}
    return {key: value for key, value in whole.items() if key not in wanted}


def _sorted(found: list[Document], sort: Sort) -> list[Document]:
    compare = functools.cmp_to_key(_comparing(sort)) if sort else None
    return sorted(found, key=compare) if compare else list(found)


def _comparing(sort: Sequence[tuple[str, int]]) -> Callable[[Document, Document], int]:
    def compare(one: Document, other: Document) -> int:
        for path, direction in sort:
            mine, others = values_at(one, path)[0], values_at(other, path)[0]
            if mine == others:
                continue
            # MongoDB puts what is missing or null before everything else
            mine_less = _is_nothing(mine) or (not _is_nothing(others) and mine < others)
            return -direction if mine_less else direction
        return 0

    return compare


def _is_nothing(value: Any) -> bool:
    return value is None or value is MISSING
