"""Where series are kept: a series and its sessions are written in one transaction that has passed the turnstiles."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any, TypeVar

from pymongo import ASCENDING, IndexModel
from pymongo.client_session import ClientSession
from pymongo.database import Database
from pymongo.errors import DuplicateKeyError

from contracts.actor import Actor
from contracts.errors import Conflict, NotFound
from plumbing import clock, traces
from plumbing.changes import Change, Speaker, first_document, next_update
from plumbing.mapping import from_document
from plumbing.store import Documents, Outgoing
from services.scheduler.series.changing import Decide, Decided
from services.scheduler.series.series import Others, Series
from services.scheduler.series.series import created as series_created
from services.scheduler.session import Session, created

INDEXES: dict[str, list[IndexModel]] = {
    "series": [IndexModel([("organisation_id", ASCENDING), ("_id", ASCENDING)], name="of_organisation")]
}
_SERIES, _SESSION = Speaker("scheduler", "series"), Speaker("scheduler", "session")
_TRIES = 5
T = TypeVar("T")
Booked = tuple[Series, list[Session]]


class SeriesStore:
    """Series and their sessions. `through_turnstiles` and `at_the_same_time` are the session store's."""

    def __init__(
        self,
        database: Database[dict[str, Any]],
        outbox: Outgoing,
        through_turnstiles: Callable[..., Any],
        at_the_same_time: Callable[[Session, ClientSession | None], list[Session]],
    ) -> None:
        self._outbox = outbox
        self._sessions = database["sessions"]
        self._through_turnstiles = through_turnstiles
        self.at_the_same_time = at_the_same_time
        self.documents = Documents(database["series"], outbox, kind=Series, source="scheduler", subject="series")

    def of(self, series_id: str, organisation_id: str | None) -> Booked:
        """A series with its sessions, in the order of the rule. Raises NotFound."""
        series = self.documents.get(series_id, organisation_id)
        return series, [from_document(each, Session) for each in self._read(series.id, series.organisation_id, None)]

    def book(self, series: Series, pattern: Session, rule: Callable[[Others], Booked], actor: Actor) -> Booked:
        """Keep what the rule makes of the sessions at the same times, all or nothing; a repeat returns what was kept the first time.

        `pattern` has the room and the hosts of every occurrence. The rule may be called several times; what it raises refuses all.
        """
        known = {"_id": series.id, "organisation_id": series.organisation_id}
        if self.documents.find_one(known):
            return self.of(series.id, series.organisation_id)

        def keep(transaction: ClientSession) -> list[dict[str, Any]]:
            kept, sessions = rule(lambda session: self.at_the_same_time(session, transaction))
            now, trace = clock.now(), traces.current()
            first = first_document(_SERIES, kept, (series_created(kept),), now, actor, trace)
            documents = [first_document(_SESSION, each, (created(each),), now, actor, trace) for each in sessions]
            self.documents.collection.insert_one(first, session=transaction)
            self._sessions.insert_many(documents, session=transaction)
            return [first, *documents]

        try:
            first, *documents = self._through_turnstiles(pattern, keep)
        except DuplicateKeyError:
            # the same command, carried out by another replica at the same moment
            return self.of(series.id, series.organisation_id)
        self._publish(first, documents)
        return from_document(first, Series), [from_document(each, Session) for each in documents]

    def change(
        self,
        series_id: str,
        organisation_id: str,
        decide: Decide,
        place: Callable[[Decided, list[Session], Others], Decided],
        hosts: tuple[str, ...],
        actor: Actor,
    ) -> list[Session]:
        """The sessions as they are after what `decide` and then `place` make of them, all written or none.

        `hosts`: who will host besides those who do. Both may be called several times; what they raise refuses the change.
        """
        for _ in range(_TRIES):
            _, known = self.of(series_id, organisation_id)
            if not known:
                raise NotFound
            passed = {host for session in known for host in session.host_member_ids} | set(hosts)
            kept = self._changed(series_id, known[0], tuple(sorted(passed)), decide, place, actor)
            if kept is not None:
                return kept
        raise Conflict("Others are changing this series at the same moment; try again.")

    def _changed(
        self,
        series_id: str,
        one: Session,
        passed: tuple[str, ...],
        decide: Decide,
        place: Callable[[Decided, list[Session], Others], Decided],
        actor: Actor,
    ) -> list[Session] | None:
        """None when a host came to it meanwhile whose turnstile was not passed."""

        def keep(transaction: ClientSession) -> tuple[list[dict[str, Any]], list[Session]] | None:
            key = {"_id": series_id, "organisation_id": one.organisation_id}
            first = self.documents.collection.find_one(key, {"outbox": 0}, session=transaction)
            documents = {each["_id"]: each for each in self._read(series_id, one.organisation_id, transaction)}
            sessions = [from_document(each, Session) for each in documents.values()]
            if first is None or not {host for each in sessions for host in each.host_member_ids} <= set(passed):
                return None
            decided = decide(from_document(first, Series), sessions)
            if decided is None:
                return [], sessions
            decided = place(decided, sessions, lambda session: self.at_the_same_time(session, transaction))
            for change in decided.sessions:
                self._write(self._sessions, _SESSION, documents[change.state.id], change, actor, transaction)
            self._write(self.documents.collection, _SERIES, first, decided.series, actor, transaction)
            changed = [documents[change.state.id] for change in decided.sessions]
            after = self._read(series_id, one.organisation_id, transaction)
            return [first, *changed], [from_document(each, Session) for each in after]

        found = self._through_turnstiles(replace(one, host_member_ids=passed), keep)
        if found is None:
            return None
        written, sessions = found
        if written:
            self._publish(written[0], written[1:])
        kept: list[Session] = sessions
        return kept

    @staticmethod
    def _write(
        collection: Any, speaker: Speaker, document: dict[str, Any], change: Change[Any], actor: Actor, transaction: ClientSession
    ) -> None:  # fmt: skip
        update = next_update(speaker, document, change, clock.now(), actor, traces.current())
        # nobody else has written it since: that would have failed the transaction
        collection.update_one({"_id": document["_id"]}, update or {"$set": {}}, session=transaction)

    def _read(self, series_id: str, organisation_id: str, transaction: ClientSession | None) -> list[dict[str, Any]]:
        ours = {"organisation_id": organisation_id, "series_id": series_id}
        found = self._sessions.find(ours, {"outbox": 0}, session=transaction)
        return list(found.sort("recurrence_id", ASCENDING))

    def _publish(self, series: dict[str, Any], sessions: list[dict[str, Any]]) -> None:
        """Soon; without their outbox, so that each is read as it was written."""
        for document in sessions:
            self._outbox.send_soon(self._sessions, {"_id": document["_id"]})
        self._outbox.send_soon(self.documents.collection, {"_id": series["_id"]})
