"""Where sessions are kept, and how no room or host is booked twice however many book at once.

Who books passes a turnstile for the room and one for each host: documents that a transaction must write. Two transactions
that want the same room or host meet there, and the second starts again after the first, so that it sees what was booked.
"""

from collections.abc import Callable
from typing import Any

from pymongo import ASCENDING, IndexModel
from pymongo.client_session import ClientSession
from pymongo.database import Database
from pymongo.errors import DuplicateKeyError
from pymongo.read_concern import ReadConcern
from pymongo.write_concern import WriteConcern

from contracts.actor import Actor
from plumbing import clock, traces
from plumbing.changes import Speaker, first_document
from plumbing.mapping import from_document
from plumbing.store import Documents, Outgoing
from services.scheduler.listing import Range
from services.scheduler.planned import LONGEST
from services.scheduler.session import HOLDS, Session, created

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
    ],
}
MOST_LISTED = 1000
_SPEAKER = Speaker("scheduler", "session")


class SchedulerStore:
    """Sessions, and the turnstiles that booking passes."""

    def __init__(self, database: Database[dict[str, Any]], outbox: Outgoing) -> None:
        self._database = database
        self._outbox = outbox
        self._turnstiles = database["turnstiles"]
        self.sessions = Documents(database["sessions"], outbox, kind=Session, source="scheduler", subject="session")

    def book(self, session: Session, rule: Callable[[list[Session]], Session], actor: Actor) -> Session:
        """Keep the session that the rule makes of those at the same time; a repeat returns what was kept the first time.

        The rule may be called several times; what it raises refuses the booking.
        """
        held = self.sessions.find_one({"_id": session.id, "organisation_id": session.organisation_id})
        if held:
            return held
        turnstiles = sorted([f"room/{session.room_id}", *(f"host/{host}" for host in session.host_member_ids)])
        keys = [f"{session.organisation_id}/{turnstile}" for turnstile in turnstiles]
        self._set_up(keys, session.organisation_id)

        def transact(transaction: ClientSession) -> dict[str, Any]:
            for key in keys:
                self._turnstiles.update_one({"_id": key}, {"$inc": {"passed": 1}}, session=transaction)
            booked = rule(self._at_the_same_time(session, transaction))
            document = first_document(_SPEAKER, booked, (created(booked),), clock.now(), actor, traces.current())
            self.sessions.collection.insert_one(document, session=transaction)
            return document

        try:
            with self._database.client.start_session() as transaction:
                document = transaction.with_transaction(
                    transact, read_concern=ReadConcern("snapshot"), write_concern=WriteConcern("majority")
                )
        except DuplicateKeyError:
            # the same command, carried out by another replica at the same moment
            return self.sessions.get(session.id, session.organisation_id)
        self._outbox.send_soon(self.sessions.collection, document)
        return from_document(document, Session)

    def overlapping(self, organisation_id: str, asked: Range, room_id: str | None) -> list[Session]:
        """Sessions that overlap the range, soonest first, at most 1,000: ask again from the last one's start."""
        in_room = {} if room_id is None else {"room_id": room_id}
        return self.sessions.find(
            {"organisation_id": organisation_id, **in_room, **_overlap(asked.starts_from, asked.starts_until)},
            sort=[("planned.starts_at", ASCENDING), ("_id", ASCENDING)],
            limit=MOST_LISTED,
        )

    def _at_the_same_time(self, session: Session, transaction: ClientSession) -> list[Session]:
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
