"""Publishes the events that wait in documents, in order and with confirms, and takes them out when the broker has them.

No request waits for this: one thread per process does it, waits when the broker is away, and goes on where it was. What a
dead process left behind, the sweeper of any other finds.
"""

import datetime as dt
import json
import threading
from collections import OrderedDict
from collections.abc import Mapping
from typing import Any, Protocol

import structlog
from pymongo import ReturnDocument, UpdateMany
from pymongo.collection import Collection
from pymongo.errors import PyMongoError

from contracts.events import exchange_name
from plumbing.amqp import Message
from plumbing.health import EVENTS_PUBLISHED, OUTBOX_WAITING

log = structlog.get_logger()

LEFT_BEHIND_SECONDS = 4.0
_MOST_WAITING = 20_000
_AT_ONCE = 50
_SWEPT_AT_ONCE = 200
# each event of each document is looked for among all of those that one update takes out
_TAKEN_OUT_AT_ONCE = 64
_REMEMBERED = 5_000
_TRY_AGAIN_SECONDS = 0.2
Where = tuple[str, Any]


class Publishing(Protocol):
    """What the outbox needs of the bus (plumbing.publisher.Publisher)."""

    def publish(self, messages: list[Message]) -> None:
        """Return when the broker has all of them; raise Unconfirmed when it may not have."""


class Unconfirmed(Exception):
    """The broker did not confirm a message: it may or may not have it."""


class Outbox:
    """One per process. `send_soon` never blocks; `run` is its thread's work; `sweep` belongs on a timer."""

    def __init__(self, service: str, publisher: Publishing) -> None:
        self._exchange = exchange_name(service)
        self._publisher = publisher
        self._collections: dict[str, Collection[dict[str, Any]]] = {}
        # the newest known form of each document, None where it is to be read
        self._waiting: OrderedDict[Where, Mapping[str, Any] | None] = OrderedDict()
        self._changed = threading.Condition()
        self._stopping = False
        self._busy = False
        # a document that changes quickly comes again with events that have just been published
        self._published: OrderedDict[str, None] = OrderedDict()

    @property
    def collections(self) -> tuple[Collection[dict[str, Any]], ...]:
        """The collections whose documents have an outbox."""
        return tuple(self._collections.values())

    def register(self, collection: Collection[dict[str, Any]]) -> None:
        """Sweep this collection too."""
        self._collections[collection.name] = collection

    def send_soon(self, collection: Collection[dict[str, Any]], document: Mapping[str, Any]) -> None:
        """Publish what waits in this document, which has just been written; without its `outbox` it is read first."""
        if document.get("outbox") == []:
            return
        known = document if "outbox" in document and "version" in document else None
        with self._changed:
            where = (collection.name, document["_id"])
            if where not in self._waiting:
                if len(self._waiting) >= _MOST_WAITING:
                    return  # the sweeper finds it when there is room
                self._waiting[where] = known
            else:
                self._waiting[where] = _newer(self._waiting[where], known)
            self._changed.notify_all()

    def run(self) -> None:
        """Publish until `stop`."""
        fails = False
        while batch := self._next_batch():
            try:
                self._publish(batch)
                fails = False
            except (Unconfirmed, PyMongoError) as error:
                if not fails:
                    log.warning("events wait", waiting=len(self._waiting) + len(batch), error=type(error).__name__)
                fails = True
                self._put_back(batch)
            except Exception:
                # a defect must not end the thread that everybody's events go through; the sweeper tries again
                log.exception("events not published")
            finally:
                with self._changed:
                    self._busy = False
                    self._changed.notify_all()

    def flush(self, timeout: float) -> bool:
        """Wait until nothing waits any more; False when `timeout` seconds were not enough."""
        with self._changed:
            return self._changed.wait_for(lambda: not self._waiting and not self._busy, timeout)

    def stop(self) -> None:
        """End `run`; what still waits is in the documents and is swept by others."""
        with self._changed:
            self._stopping = True
            self._changed.notify_all()

    def sweep(self, older_than_seconds: float = LEFT_BEHIND_SECONDS) -> int:
        """Publish what has waited too long: its process died, or had no room. Returns how many documents were found.

        Each found document is marked, so that other sweepers leave it alone for the same time.
        """
        found = 0
        before = dt.datetime.now(dt.UTC) - dt.timedelta(seconds=older_than_seconds)
        for collection in self.collections:
            while found < _SWEPT_AT_ONCE:
                document = collection.find_one_and_update(
                    {"pending_since": {"$lt": before}},
                    {"$currentDate": {"pending_since": True}},
                    projection={"outbox": 1, "version": 1},
                    return_document=ReturnDocument.AFTER,
                )
                if document is None:
                    break
                found += 1
                self.send_soon(collection, document)
        return found

    def _next_batch(self) -> dict[Where, Mapping[str, Any] | None]:
        with self._changed:
            self._changed.wait_for(lambda: self._waiting or self._stopping)
            OUTBOX_WAITING.set(len(self._waiting))
            if self._stopping:
                return {}
            self._busy = True
            return dict(self._waiting.popitem(last=False) for _ in range(min(_AT_ONCE, len(self._waiting))))

    def _put_back(self, batch: dict[Where, Mapping[str, Any] | None]) -> None:
        with self._changed:
            # read again: what was taken before may have been published, and newer events may have joined it
            for where in batch:
                self._waiting.setdefault(where, None)
            self._changed.wait_for(lambda: self._stopping, _TRY_AGAIN_SECONDS)

    def _publish(self, batch: dict[Where, Mapping[str, Any] | None]) -> None:
        found: dict[Where, list[dict[str, Any]]] = {}
        for where, known in batch.items():
            found[where] = list(known["outbox"]) if known is not None else self._read(where)
        new = [one for envelopes in found.values() for one in envelopes if one["id"] not in self._published]
        if new:
            self._publisher.publish([self._message(envelope) for envelope in new])
            EVENTS_PUBLISHED.inc(len(new))
            self._published.update(dict.fromkeys(envelope["id"] for envelope in new))
            while len(self._published) > _REMEMBERED:
                self._published.popitem(last=False)
        self._take_out({where: [envelope["id"] for envelope in envelopes] for where, envelopes in found.items()})

    def _read(self, where: Where) -> list[dict[str, Any]]:
        document = self._collections[where[0]].find_one({"_id": where[1]}, {"outbox": 1})
        return list((document or {}).get("outbox", []))

    def _take_out(self, published: dict[Where, list[str]]) -> None:
        """Pull these events out of their documents: all of a collection in one round trip, by few updates."""
        together: dict[str, list[tuple[list[Any], list[str]]]] = {}
        for (name, id), ids in published.items():
            of_collection = together.setdefault(name, [([], [])])
            if of_collection[-1][1] and len(of_collection[-1][1]) + len(ids) > _TAKEN_OUT_AT_ONCE:
                of_collection.append(([], []))
            of_collection[-1][0].append(id)
            of_collection[-1][1].extend(ids)
        for name, each in together.items():
            self._collections[name].bulk_write([_without(*one) for one in each], ordered=False)

    def _message(self, envelope: dict[str, Any]) -> Message:
        return Message(self._exchange, envelope["type"], json.dumps(envelope, separators=(",", ":")).encode())


def _without(document_ids: list[Any], event_ids: list[str]) -> UpdateMany:
    left = {"$filter": {"input": "$outbox", "cond": {"$not": [{"$in": ["$$this.id", event_ids]}]}}}
    none_left = {"$cond": [{"$eq": ["$outbox", []]}, "$$REMOVE", "$pending_since"]}
    change: list[Mapping[str, Any]] = [{"$set": {"outbox": left}}, {"$set": {"pending_since": none_left}}]
    return UpdateMany({"_id": {"$in": document_ids}}, change)


def _newer(one: Mapping[str, Any] | None, other: Mapping[str, Any] | None) -> Mapping[str, Any] | None:
    """Of two forms of a document the later one; None, which is read again, where either is unknown."""
    if one is None or other is None:
        return None
    return one if one["version"] > other["version"] else other
