"""Where rooms are kept, and the ledger of each organisation."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pymongo import ASCENDING, IndexModel
from pymongo.database import Database

from contracts.errors import NotFound
from plumbing.mapping import from_document
from plumbing.shared_reads import SharedReads
from plumbing.store import Documents, Outgoing
from services.rooms.ledger import Ledger
from services.rooms.room import USER, Room
from services.rooms.settings import Inherited

INDEXES: dict[str, list[IndexModel]] = {
    "rooms": [
        IndexModel([("organisation_id", ASCENDING), ("kind", ASCENDING)], name="by_organisation"),
        # no organisation leads it: the link is all that a guest brings
        IndexModel([("link", ASCENDING)], name="link", unique=True),
        # for a timer that serves all organisations
        IndexModel([("removed_at", ASCENDING)], name="to_release", partialFilterExpression={"holds_place": True}),
    ],
    "ledgers": [
        IndexModel(
            [("reservations.reserved_at", ASCENDING)],
            name="reserved",
            partialFilterExpression={"reservations.0": {"$exists": True}},
        ),
        IndexModel(
            [("unsettled_since", ASCENDING)],
            name="unsettled",
            partialFilterExpression={"unsettled_since": {"$type": "date"}},
        ),
    ],
}
_STILL_THERE = {"state": {"$ne": "removed"}}
# MongoDB would give 101 documents and then be asked for the others
_IN_ONE_ANSWER = 1000


@dataclass(frozen=True)
class Shelf:
    """Rooms of one organisation, and what decides how they are shown; its ledger and what it sets may not be there yet."""

    rooms: list[Room]
    ledger: Ledger | None
    inherited: Inherited | None


class RoomsStore:
    """Rooms, and two documents per organisation under its id: the ledger, whose events are about `quota/<id>`, and what its
    rooms inherit.
    """

    def __init__(self, database: Database[dict[str, Any]], outbox: Outgoing) -> None:
        self.rooms = Documents(database["rooms"], outbox, kind=Room, source="rooms", subject="room")
        self.ledgers = Documents(database["ledgers"], outbox, kind=Ledger, source="rooms", subject="quota")
        self.inherited = Documents(database["inherited"], outbox, kind=Inherited, source="rooms", subject="settings")
        self._shelves = SharedReads[Shelf]()

    def rooms_of(self, organisation_id: str) -> list[Room]:
        """Every room that has not been removed."""
        return self.rooms.find({"organisation_id": organisation_id, **_STILL_THERE})

    def rooms_owned_by(self, member_id: str, organisation_id: str | None) -> list[Room]:
        """The User Rooms of a member: their own, and those handed over to them."""
        owned = {"organisation_id": organisation_id, "kind": USER, "owner_member_id": member_id}
        return self.rooms.find({**owned, **_STILL_THERE})

    def room(self, room_id: str, organisation_id: str | None) -> Room:
        """The room. Raises NotFound, also for one that was removed."""
        room = self.rooms.get(room_id, organisation_id)
        if room.state == "removed":
            raise NotFound
        return room

    def shelf(self, organisation_id: str, room_id: str | None = None) -> Shelf:
        """Every room that has not been removed, or only that one, with all that decides how rooms are shown, in one read."""
        return self._shelves.get((organisation_id, room_id), lambda: self._read_shelf(organisation_id, room_id))

    def _read_shelf(self, organisation_id: str, room_id: str | None) -> Shelf:
        wanted = {"organisation_id": organisation_id, **_STILL_THERE}
        own = [{"$match": {"_id": organisation_id}}]
        stages: list[dict[str, Any]] = [
            {"$match": wanted if room_id is None else {"_id": room_id, **wanted}},
            {"$unionWith": {"coll": self.ledgers.collection.name, "pipeline": own}},
            {"$unionWith": {"coll": self.inherited.collection.name, "pipeline": own}},
        ]
        rooms, ledger, inherited = [], None, None
        for document in self.rooms.collection.aggregate(stages, batchSize=_IN_ONE_ANSWER):
            if document["_id"] != organisation_id:
                rooms.append(from_document(document, Room))
            elif "meeting_room_ids" in document:
                ledger = from_document(document, Ledger)
            else:
                inherited = from_document(document, Inherited)
        return Shelf(rooms, ledger, inherited)

    def room_with_link(self, link: str) -> Room | None:
        """The one room that a link opens now."""
        return self.rooms.find_one({"link": link, **_STILL_THERE})

    def ledgers_with_reservations(self, before: datetime) -> list[Ledger]:
        """Those in which a room was reserved before that and has not been made."""
        reserved = {"reservations.0": {"$exists": True}, "reservations.reserved_at": {"$lt": before}}
        return self.ledgers.find(reserved, limit=100)

    def ledgers_unsettled(self, before: datetime) -> list[Ledger]:
        """Those whose rooms were to be suspended or restored before that and may not have been."""
        return self.ledgers.find({"unsettled_since": {"$type": "date", "$lt": before}}, limit=100)

    def rooms_to_release(self, before: datetime) -> list[Room]:
        """Those removed before that whose place may still be taken."""
        return self.rooms.find({"holds_place": True, "removed_at": {"$lt": before}}, limit=100)

    def inherited_by(self, organisation_id: str) -> Inherited | None:
        """What the rooms of the organisation inherit, if anything was ever set."""
        return self.inherited.find_one({"_id": organisation_id})
