"""Where states are kept: one conditional write holds the new state, the next version and the events that it caused.

Knows MongoDB and the outbox; knows no rule and no entrypoint (docs/adr/0001-one-data-flow.md).
"""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, Protocol, TypeVar

from pymongo import IndexModel, ReturnDocument, UpdateOne
from pymongo.collection import Collection
from pymongo.errors import BulkWriteError, DuplicateKeyError

from contracts.actor import Actor
from contracts.errors import Conflict, NotFound
from plumbing import clock, traces
from plumbing.changes import Change, Event, Speaker, first_document, next_update, updated
from plumbing.mapping import from_document

__all__ = ["PENDING_INDEX", "Change", "Documents", "Event", "Kept", "Outgoing", "equal_to", "up_to"]

S = TypeVar("S")
Sort = Sequence[tuple[str, int]]
_TRIES = 50
# made by `migrate` on every collection of Documents; what the sweeper looks through
PENDING_INDEX = IndexModel(
    [("pending_since", 1)], name="pending", partialFilterExpression={"pending_since": {"$exists": True}}
)


def equal_to(text: str) -> dict[str, str]:
    """The condition that a field is this text, for a field whose index holds texts only (`partialFilterExpression`).

    MongoDB uses such an index only where the query says `$type` too: it does not conclude it from the value.
    """
    return {"$eq": text, "$type": "string"}


def up_to(moment: dt.datetime) -> dict[str, Any]:
    """The condition that a field is this moment or before it, for a field whose index holds dates only; see `equal_to`.

    Without the type each look for what is due would read the whole collection.
    """
    return {"$lte": moment, "$type": "date"}


class Outgoing(Protocol):
    """What a store needs of the outbox (plumbing.outbox.Outbox)."""

    def register(self, collection: Collection[dict[str, Any]]) -> None:
        """Sweep this collection too."""

    def send_soon(self, collection: Collection[dict[str, Any]], document: Mapping[str, Any]) -> None:
        """Publish the events in this document's outbox, without making the caller wait."""


@dataclass(frozen=True)
class Kept(Generic[S]):
    """A state, and the document in which it is, so that who changes it again soon need not read it again."""

    state: S
    document: Mapping[str, Any]


class Documents(Generic[S]):
    """The states of one kind in one collection. `kind` is a frozen dataclass with `id` and `organisation_id`.

    `source` is the service's name and `subject` the word before the id in its events' subjects, as in `room/<id>`.
    `keys`: what indexes need that the state does not say in the form they need; kept as `keys` beside the state.
    """

    def __init__(
        self,
        collection: Collection[dict[str, Any]],
        outbox: Outgoing,
        *,
        kind: type[S],
        source: str,
        subject: str,
        keys: Callable[[S], Mapping[str, Any]] | None = None,
        now: Callable[[], dt.datetime] = clock.now,
    ) -> None:
        self.collection = collection
        self._outbox = outbox
        self._kind = kind
        self._speaker = Speaker(source, subject)
        self._keys = keys
        self._now = now
        outbox.register(collection)

    def create(self, state: S, *events: Event, actor: Actor | None = None) -> S:
        """Keep a new state with its events.

        Returns it as kept; where its id is there already in the same organisation (a command repeated), returns that one
        and keeps nothing. Raises Conflict, with `fields`, where another unique index has it already.
        """
        document = first_document(self._speaker, state, events, self._now(), actor, traces.current())
        if self._keys:
            document["keys"] = dict(self._keys(state))
        try:
            self.collection.insert_one(document)
        except DuplicateKeyError as error:
            fields = list((error.details or {}).get("keyPattern", {}))
            if fields != ["_id"]:
                raise Conflict("There is one already.", fields=fields) from error
            return self._repeated(document)
        self._outbox.send_soon(self.collection, document)
        return from_document(document, self._kind)

    def get(self, id: str, organisation_id: str | None) -> S:
        """The state; raises NotFound when there is none or it is another organisation's."""
        return from_document(self._read(id, organisation_id), self._kind)

    def find(self, filter: Mapping[str, Any], sort: Sort | None = None, limit: int = 0, skip: int = 0) -> list[S]:
        """The states that fit MongoDB's `filter`, `sort` as [(field, 1 or -1)], at most `limit` (0: all) after `skip` others."""
        cursor = self.collection.find(
            dict(filter), {"outbox": 0}, sort=list(sort) if sort else None, limit=limit, skip=skip
        )
        return [from_document(document, self._kind) for document in cursor]

    def find_one(self, filter: Mapping[str, Any], sort: Sort | None = None) -> S | None:
        """The first state that fits, or None."""
        found = self.find(filter, sort, 1)
        return found[0] if found else None

    def count(self, filter: Mapping[str, Any]) -> int:
        """How many fit."""
        return self.collection.count_documents(dict(filter))

    def update(
        self,
        id: str,
        organisation_id: str | None,
        rule: Callable[[S], Change[S] | None],
        actor: Actor | None = None,
    ) -> S:
        """Let a pure rule change the state, and keep what it decided with its events; returns the state as kept.

        The rule is called again on the newer state when somebody else changed it meanwhile; it returns None to leave all
        as it is, and raises to refuse. Raises NotFound, Conflict (a unique index; or changed too often meanwhile).
        """
        for _ in range(_TRIES):
            document = self._read(id, organisation_id)
            change = rule(from_document(document, self._kind))
            if change is None:
                return from_document(document, self._kind)
            update = next_update(self._speaker, document, change, self._now(), actor, traces.current())
            if update is None:
                return from_document(document, self._kind)
            if self._keys:
                update["$set"]["keys"] = dict(self._keys(change.state))
            kept = self._write(document, update)
            if kept is not None:
                if change.events:
                    self._outbox.send_soon(self.collection, kept)
                return from_document(kept, self._kind)
        raise Conflict("Others are changing this at the same moment; try again.")

    def update_together(self, whose: Mapping[str, str], rule: Callable[[S], Change[S] | None]) -> dict[str, S]:
        """As `update`, for many of any organisation (id → whose it is), in one round trip; the states as kept, of those that there are.

        Where somebody else changed one of them meanwhile, the rule is called again for each, one by one: it must leave as it
        is what it has changed before. It does not refuse.
        """
        found = self.find_kept({"_id": {"$in": list(whose)}})
        theirs = [each for each in found if each.document["organisation_id"] == whose[each.document["_id"]]]
        return {each.document["_id"]: each.state for each in self.update_kept(theirs, rule)}

    def find_kept(self, filter: Mapping[str, Any]) -> list[Kept[S]]:
        """The states that fit MongoDB's `filter`, for `update_kept`."""
        return [Kept(from_document(each, self._kind), each) for each in self.collection.find(dict(filter))]

    def update_kept(
        self,
        kept: Sequence[Kept[S]],
        rule: Callable[[S], Change[S] | None],
        let_go: Callable[[S], Sequence[str]] = lambda _: (),
    ) -> list[Kept[S]]:
        """As `update_together`, of states that were read before, however long ago: the write is conditional. In their order.

        `let_go(state)`: what of that which is kept beside a changed state goes with the same write, as `lease`.
        """
        decided: list[Kept[S]] = []
        writes: list[UpdateOne] = []
        outgoing: list[Mapping[str, Any]] = []
        for each in kept:
            change = rule(each.state)
            update = change and next_update(self._speaker, each.document, change, self._now(), None, traces.current())
            if not change or not update:
                decided.append(each)
                continue
            if self._keys:
                update["$set"]["keys"] = dict(self._keys(change.state))
            ends = let_go(change.state)
            if ends:
                update["$unset"] = dict.fromkeys(ends, "")
            writes.append(UpdateOne({"_id": each.document["_id"], "version": each.document["version"]}, update))
            document = updated(each.document, update)
            decided.append(Kept(change.state, document))
            if change.events:
                outgoing.append(document)
        if not self._all_written(writes):
            for said in outgoing:
                self._outbox.send_soon(self.collection, {"_id": said["_id"]})
            return self._one_by_one(kept, rule)
        for said in outgoing:
            self._outbox.send_soon(self.collection, said)
        return decided

    def _one_by_one(self, kept: Sequence[Kept[S]], rule: Callable[[S], Change[S] | None]) -> list[Kept[S]]:
        ids = [each.document["_id"] for each in kept]
        for each in kept:
            self.update(each.document["_id"], each.document["organisation_id"], rule)
        found = {each.document["_id"]: each for each in self.find_kept({"_id": {"$in": ids}})}
        return [found[id] for id in ids if id in found]

    def _all_written(self, writes: Sequence[UpdateOne]) -> bool:
        try:
            return not writes or self.collection.bulk_write(writes, ordered=False).matched_count == len(writes)
        except BulkWriteError:
            return False

    def fill_in_keys(self) -> int:
        """Give keys to what was kept before there were any, and to what has others than today's; returns to how many."""
        if self._keys is None:
            return 0
        filled = 0
        for document in self.collection.find({}, {"outbox": 0}):
            keys = dict(self._keys(from_document(document, self._kind)))
            if document.get("keys") != keys:
                unchanged = {"_id": document["_id"], "version": document["version"]}
                filled += self.collection.update_one(unchanged, {"$set": {"keys": keys}}).modified_count
        return filled

    def _write(self, document: Mapping[str, Any], update: dict[str, Any]) -> dict[str, Any] | None:
        unchanged = {"_id": document["_id"], "version": document["version"]}
        try:
            return self.collection.find_one_and_update(unchanged, update, return_document=ReturnDocument.AFTER)
        except DuplicateKeyError as error:
            fields = list((error.details or {}).get("keyPattern", {}))
            raise Conflict("There is one already.", fields=fields) from error

    def _read(self, id: str, organisation_id: str | None) -> dict[str, Any]:
        document = self.collection.find_one({"_id": id, "organisation_id": organisation_id}, {"outbox": 0})
        if document is None:
            raise NotFound
        return document

    def _repeated(self, document: Mapping[str, Any]) -> S:
        try:
            return self.get(document["_id"], document["organisation_id"])
        except NotFound:
            raise Conflict("This id is taken.", fields=["_id"]) from None
