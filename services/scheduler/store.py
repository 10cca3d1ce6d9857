"""Where sessions are kept, whose reminders are due, and how no room or host is booked twice however many book at once.

Who books passes a turnstile for the room and one for each host: documents that a transaction must write. Two transactions
that want the same room or host meet there, and the second starts again after the first, so that it sees what was booked.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, TypeVar

from pymongo import ASCENDING, IndexModel, ReturnDocument
from pymongo.client_session import ClientSession
from pymongo.database import Database
from pymongo.errors import DuplicateKeyError
from pymongo.read_concern import ReadConcern
from pymongo.write_concern import WriteConcern

from contracts.actor import Actor
from contracts.errors import Conflict, NotFound
from contracts.scheduler import MOST_LISTED
from plumbing import clock, traces
from plumbing.changes import Change, Speaker, first_document, next_update
from plumbing.mapping import from_document
from plumbing.mongo import claim_many
from plumbing.store import Documents, Outgoing, up_to
from services.scheduler.changing import needs_place
from services.scheduler.clients.store import INDEXES as OF_CLIENTS
from services.scheduler.clients.store import ClientSessionsStore
from services.scheduler.listing import Place, Range
from services.scheduler.outcomes.store import INDEXES as EVIDENCE_INDEXES
from services.scheduler.outcomes.store import EvidenceStore
from services.scheduler.planned import LONGEST
from services.scheduler.reminders import ReminderSettings
from services.scheduler.series.store import INDEXES as SERIES_INDEXES
from services.scheduler.series.store import SeriesStore
from services.scheduler.session import HOLDS, PLANNED, Session, created

INDEXES: dict[str, list[IndexModel]] = {
    "sessions": [
        IndexModel([("organisation_id", ASCENDING), ("planned.starts_at", ASCENDING)], name="by_time"),
        IndexModel(
            [("organisation_id", ASCENDING), ("room_id", ASCENDING), ("planned.starts_at", ASCENDING)], name="by_room"
        ),
        IndexModel(
            [("organisation_id", ASCENDING), ("host_member_ids", ASCENDING), ("planned.starts_at", ASCENDING)],
            name="by_host",
        ),
        # of all organisations: whoever looks for what is due looks for each of them
        IndexModel(
            [("remind_at", ASCENDING)], name="to_remind", partialFilterExpression={"remind_at": {"$type": "date"}}
        ),
        IndexModel([("judge_at", ASCENDING)], name="to_judge", partialFilterExpression={"judge_at": {"$type": "date"}}),
        IndexModel(
            [("planned.rules", ASCENDING), ("planned.starts_at", ASCENDING)],
            name="to_rezone",
            partialFilterExpression={"state": PLANNED},
        ),
        IndexModel(
            [("organisation_id", ASCENDING), ("series_id", ASCENDING), ("recurrence_id", ASCENDING)],
            name="by_series",
            partialFilterExpression={"series_id": {"$type": "string"}},
        ),
        *OF_CLIENTS,
    ],
    **EVIDENCE_INDEXES,
    **SERIES_INDEXES,
}
REMIND_LEASE_SECONDS = 10.0
"""Longer than the call to invitations may take; a dead replica's reminders are sent by another this much later."""
_SPEAKER = Speaker("scheduler", "session")
_TRIES = 20
T = TypeVar("T")


class SchedulerStore:
    """Sessions, how organisations remind of them, and the turnstiles that booking passes."""

    def __init__(self, database: Database[dict[str, Any]], outbox: Outgoing) -> None:
        self._database = database
        self._outbox = outbox
        self._turnstiles = database["turnstiles"]
        self.evidence = EvidenceStore(database)
        self.series = SeriesStore(database, outbox, self._through_turnstiles, self.at_the_same_time)
        self.sessions = Documents(database["sessions"], outbox, kind=Session, source="scheduler", subject="session")
        self.client_sessions = ClientSessionsStore(self.sessions)
        self.reminder_settings = Documents(
            database["reminder_settings"], outbox, kind=ReminderSettings, source="scheduler", subject="reminders"
        )

    def reminders_of(self, organisation_id: str) -> ReminderSettings:
        """How the organisation reminds; the default where it has not chosen."""
        known = self.reminder_settings.find_one({"_id": organisation_id, "organisation_id": organisation_id})
        return known or ReminderSettings(organisation_id, organisation_id)

    def claim_to_remind(self, now: datetime, owner: str, most: int) -> list[Session]:
        """Sessions with a reminder due that nobody else looks after, ours for `REMIND_LEASE_SECONDS`; `owner` is a new one each time."""
        due = {"remind_at": up_to(now)}
        collection = self.sessions.collection
        found = claim_many(collection, due, owner, REMIND_LEASE_SECONDS, [("remind_at", ASCENDING)], most)
        return [from_document(document, Session) for document in found]

    def change_if_known(
        self, session_id: str, organisation_id: str | None, rule: Callable[[Session], Change[Session] | None]
    ) -> None:
        """Let a rule follow an event that names a session; one that is none here changes nothing."""
        try:
            self.sessions.update(session_id, organisation_id, rule)
        except NotFound:
            return

    def to_judge(self, now: datetime, most: int) -> list[Session]:
        """Sessions of any organisation whose outcome is due, the longest first."""
        return self.sessions.find({"judge_at": up_to(now)}, [("judge_at", ASCENDING)], most)

    def to_rezone(self, rules: str, now: datetime, most: int) -> list[Session]:
        """Sessions of any organisation yet to come whose instants older rules of zones were used for."""
        # not $lt, which leaves out those that were booked before rules were noted
        older = {"state": PLANNED, "planned.rules": {"$not": {"$gte": rules}}, "planned.starts_at": {"$gt": now}}
        return self.sessions.find(older, [("planned.rules", ASCENDING), ("planned.starts_at", ASCENDING)], most)

    def release(self, session_ids: Sequence[str], owner: str) -> None:
        """Let others look after their reminders."""
        held = {"_id": {"$in": list(session_ids)}, "lease.owner": owner}
        self.sessions.collection.update_many(held, {"$unset": {"lease": ""}})

    def book(self, session: Session, rule: Callable[[list[Session]], Session], actor: Actor) -> Session:
        """Keep the session that the rule makes of those at the same time; a repeat returns what was kept the first time.

        The rule may be called several times; what it raises refuses the booking.
        """
        held = self.sessions.find_one({"_id": session.id, "organisation_id": session.organisation_id})
        if held:
            return held

        def keep(transaction: ClientSession) -> dict[str, Any]:
            booked = rule(self.at_the_same_time(session, transaction))
            document = first_document(_SPEAKER, booked, (created(booked),), clock.now(), actor, traces.current())
            self.sessions.collection.insert_one(document, session=transaction)
            return document

        try:
            document = self._through_turnstiles(session, keep)
        except DuplicateKeyError:
            # the same command, carried out by another replica at the same moment
            return self.sessions.get(session.id, session.organisation_id)
        self._outbox.send_soon(self.sessions.collection, document)
        return from_document(document, Session)

    def rebook(
        self,
        session_id: str,
        organisation_id: str,
        change: Callable[[Session], Change[Session] | None],
        place: Callable[[Session, list[Session]], Session],
        actor: Actor,
    ) -> Session:
        """Change a session, and let `place` decide where it now needs a room or a host that it did not hold then.

        Both may be called several times; what they raise refuses the change. Raises NotFound, and Conflict when others change
        it too often meanwhile.
        """
        for _ in range(_TRIES):
            document = self.sessions.collection.find_one(
                {"_id": session_id, "organisation_id": organisation_id}, {"outbox": 0}
            )
            if document is None:
                raise NotFound
            before = from_document(document, Session)
            decided = change(before)
            if decided is None:
                return before
            kept = self._keep_change(document, before, decided, place, actor)
            if kept is not None:
                self._outbox.send_soon(self.sessions.collection, kept)
                return from_document(kept, Session)
        raise Conflict("Others are changing this session at the same moment; try again.")

    def _keep_change(
        self,
        document: dict[str, Any],
        before: Session,
        decided: Change[Session],
        place: Callable[[Session, list[Session]], Session],
        actor: Actor,
    ) -> dict[str, Any] | None:
        """The document as it is after the change; None when somebody else changed it meanwhile."""

        def keep(transaction: ClientSession | None) -> dict[str, Any] | None:
            after = decided.state
            if transaction:
                after = place(after, self.at_the_same_time(after, transaction))
            changed = Change(after, decided.events)
            update = next_update(_SPEAKER, document, changed, clock.now(), actor, traces.current())
            unchanged = {"_id": document["_id"], "version": document["version"]}
            found: dict[str, Any] | None = self.sessions.collection.find_one_and_update(
                unchanged, update or {}, return_document=ReturnDocument.AFTER, session=transaction
            )
            return found

        if needs_place(before, decided.state):
            return self._through_turnstiles(decided.state, keep)
        return keep(None)

    def _through_turnstiles(self, session: Session, keep: Callable[[ClientSession], T]) -> T:
        """`keep` in a transaction that has passed those of the session's room and hosts."""
        turnstiles = sorted([f"room/{session.room_id}", *(f"host/{host}" for host in session.host_member_ids)])
        keys = [f"{session.organisation_id}/{turnstile}" for turnstile in turnstiles]
        self._set_up(keys, session.organisation_id)

        def transact(transaction: ClientSession) -> T:
            for key in keys:
                self._turnstiles.update_one({"_id": key}, {"$inc": {"passed": 1}}, session=transaction)
            return keep(transaction)

        with self._database.client.start_session() as transaction:
            return transaction.with_transaction(
                transact, read_concern=ReadConcern("snapshot"), write_concern=WriteConcern("majority")
            )

    def overlapping(
        self,
        organisation_id: str,
        asked: Range,
        room_id: str | None,
        host_member_id: str | None = None,
        reached: Sequence[str] | None = None,
        *,
        only_id: str | None = None,
        after: Place | None = None,
        most: int = MOST_LISTED,
    ) -> list[Session]:
        """Sessions that overlap the range, soonest first, at most `most`; those after a place.

        Of a room, of a host, or of all; where `reached` is given, of these rooms only; with `only_id` that one.
        """
        named = {"room_id": room_id, "host_member_ids": host_member_id, "_id": only_id}
        of: dict[str, Any] = {name: value for name, value in named.items() if value is not None}
        besides: list[dict[str, Any]] = []
        if reached is not None:
            besides.append({"room_id": {"$in": list(reached)}})
        if after is not None:
            later = [{"planned.starts_at": {"$gt": after.starts_at}}, {"_id": {"$gt": after.id}}]
            # the first bounds the index, the second is about those of one start
            besides += [{"planned.starts_at": {"$gte": after.starts_at}}, {"$or": later}]
        if besides:
            of["$and"] = besides
        return self.sessions.find(
            {"organisation_id": organisation_id, **of, **_overlap(asked.starts_from, asked.starts_until)},
            sort=[("planned.starts_at", ASCENDING), ("_id", ASCENDING)],
            limit=most,
        )

    def at_the_same_time(self, session: Session, transaction: ClientSession | None) -> list[Session]:
        """Those that hold its room or one of its hosts then."""
        overlap = _overlap(session.planned.starts_at, session.planned.ends_at)
        taken: list[dict[str, Any]] = [
            {"room_id": session.room_id},
            {"host_member_ids": {"$in": list(session.host_member_ids)}},
        ]
        holding = {"organisation_id": session.organisation_id, "state": {"$in": list(HOLDS)}}
        # each branch of an $or with the whole key in front, so that each finds its index
        branches: list[dict[str, Any]] = [{**holding, **one, **overlap} for one in taken]
        found = self.sessions.collection.find({"$or": branches}, {"outbox": 0}, session=transaction)
        return [from_document(document, Session) for document in found]

    def _set_up(self, keys: list[str], organisation_id: str) -> None:
        """The turnstiles are there before the transaction: two that insert the same one would not wait, but fail."""
        for key in keys:
            first = {"$setOnInsert": {"organisation_id": organisation_id, "passed": 0}}
            try:
                self._turnstiles.update_one({"_id": key}, first, upsert=True)
            except DuplicateKeyError:
                continue


def _overlap(begin: Any, end: Any) -> dict[str, Any]:
    """No session is longer than a day, so that the index on starts bounds the search on both sides."""
    return {"planned.starts_at": {"$lt": end, "$gt": begin - LONGEST}, "planned.ends_at": {"$gt": begin}}
