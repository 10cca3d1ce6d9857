"""Where callers are kept: the collection, its indexes, and the few questions that are asked of it."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from pymongo import IndexModel
from pymongo.database import Database

from contracts.actor import Actor
from contracts.errors import Conflict
from contracts.waiting_areas import MOST_COUNTED
from plumbing.store import Documents, Outgoing, up_to
from services.waiting import path
from services.waiting.areas.store import AREA_INDEXES, AreasStore
from services.waiting.caller import Caller, place_of, stands
from services.waiting.estimating.places import Places
from services.waiting.estimating.store import CALLER_INDEXES, FORECAST_INDEXES, StoredQueues
from services.waiting.handovers.store import HANDOVER_INDEXES, HandoversStore

# Who has not left holds a place; the indexes below hold only them, so that they do not grow with the years.
HERE = {"place": {"$type": "string"}}

INDEXES: dict[str, list[IndexModel]] = {
    "callers": [
        IndexModel([("organisation_id", 1), ("place", 1)], name="place", unique=True, partialFilterExpression=HERE),
        IndexModel(
            [("organisation_id", 1), ("room_id", 1), ("standing.at", 1), ("waiting_since", 1), ("_id", 1)],
            name="standing",
            partialFilterExpression=HERE,
        ),
        IndexModel([("target_at", 1)], name="target", partialFilterExpression={"target_at": {"$type": "date"}}),
        IndexModel([("alert_at", 1)], name="alert", partialFilterExpression={"alert_at": {"$type": "date"}}),
        IndexModel(
            [("text_me.confirmed_at", 1)],
            name="text_me",
            partialFilterExpression={"text_me.confirmed_at": {"$type": "date"}},
        ),
        IndexModel([("away_since", 1)], name="away", partialFilterExpression=HERE),
        IndexModel([("heard_at", 1)], name="heard", partialFilterExpression=HERE),
        IndexModel(
            [("organisation_id", 1), ("room_id", 1)],
            name="worse",
            partialFilterExpression={"worse_at": {"$type": "date"}},
        ),
        *CALLER_INDEXES,
    ],
    "forecasts": FORECAST_INDEXES,
    "areas": AREA_INDEXES,
    "handovers": HANDOVER_INDEXES,
}

# who has no standing arrived before standings were kept, so before everybody else
_IN_TURN = [("standing.at", 1), ("waiting_since", 1), ("_id", 1)]
_TRIES = 5


class WaitingStore:
    """Callers, each a document with its own events."""

    def __init__(self, database: Database[dict[str, Any]], outbox: Outgoing) -> None:
        self.callers = Documents(database["callers"], outbox, kind=Caller, source="waiting", subject="caller")
        self.areas = AreasStore(database, outbox)
        self.handovers = HandoversStore(database, outbox)
        self.places = Places(StoredQueues(database))
        self._doors = database["doors"]

    def arrive(self, arriving: Caller, actor: Actor) -> Caller:
        """Keep the one who arrives, or give back the one they are already; of two who arrive at once, one is made.

        Raises:
            Conflict: the place changed hands all the time meanwhile.
        """
        for _ in range(_TRIES):
            here = path.whose_place(self._by_link(arriving), arriving)
            if here:
                again = self._arrive_again(here, arriving, actor)
                if again.state != "left":
                    return again
                continue
            try:
                return self.callers.create(arriving, path.arrival(arriving), actor=actor)
            except Conflict as conflict:
                if "place" not in conflict.extra.get("fields", ()):
                    raise
        raise Conflict("Your link is being opened in several places at once; try again.")

    def in_rooms(self, organisation_id: str, room_ids: Iterable[str] | None) -> list[Caller]:
        """Those who have not left, first in turn first; of these rooms, or of all (none given)."""
        rooms = {} if room_ids is None else {"room_id": {"$in": list(room_ids)}}
        return self.callers.find({"organisation_id": organisation_id, **rooms, **HERE}, _IN_TURN)

    def front_of(self, organisation_id: str, area_ids: Iterable[str], limit: int) -> list[Caller]:
        """Those who wait in these Waiting Areas, first in turn first: no more than `limit` of all together, and beside them as many who feel worse."""
        places = list(area_ids)
        waiting = {"organisation_id": organisation_id, "room_id": {"$in": places}, "state": "waiting"}
        front = self.callers.find(waiting, _IN_TURN, limit) if places else []
        if len(front) < limit:
            return front
        known = {caller.id for caller in front}
        worse = self.callers.find({**waiting, "worse_at": {"$type": "date"}}, _IN_TURN, limit)
        return front + [caller for caller in worse if caller.id not in known]

    def is_here(self, arriving: Caller) -> bool:
        """Whether they have a place by the same link already."""
        return path.whose_place(self._by_link(arriving), arriving) is not None

    def itself(self, caller_id: str | None, organisation_id: str) -> list[Caller]:
        """The one caller of a guest, if they have not left."""
        return self.callers.find({"_id": caller_id, "organisation_id": organisation_id, **HERE})

    def waiting_in(self, organisation_id: str, place_id: str) -> int:
        """How many wait in the Waiting Area, counted as far as `MOST_COUNTED`."""
        waiting = {"organisation_id": organisation_id, "room_id": place_id, "state": "waiting"}
        return self.callers.collection.count_documents(waiting, limit=MOST_COUNTED)

    def of_recipient(self, caller: Caller) -> list[Caller]:
        """The client's visits that last, wherever they are now, of a carer or interpreter; none for anybody else."""
        if caller.for_recipient_id is None:
            return []
        return self._here(caller.organisation_id, {"recipient_id": caller.for_recipient_id})

    def companions(self, organisation_id: str, recipient_id: str) -> list[Caller]:
        """Who is here for the client, wherever they are now."""
        return self._here(organisation_id, {"for_recipient_id": recipient_id})

    def over_target(self, now: datetime, limit: int) -> list[Caller]:
        """Those of any organisation who should have been let in by now, the longest first."""
        return self.callers.find({"target_at": up_to(now)}, [("target_at", 1)], limit)

    def to_alert(self, now: datetime, limit: int) -> list[Caller]:
        """Those of any organisation of whom somebody is to be told by now, the longest first."""
        return self.callers.find({"alert_at": up_to(now)}, [("alert_at", 1)], limit)

    def wish_for_text(self, limit: int) -> list[Caller]:
        """Those of any organisation who are away and may be texted when it is their turn, the longest asked first."""
        wished = {"text_me.confirmed_at": {"$type": "date"}, "text_me.texted_at": None}
        return self.callers.find(wished, [("text_me.confirmed_at", 1)], limit)

    def before(self, caller: Caller, limit: int) -> int:
        """How many wait before them and are there, counted as far as `limit`."""
        stood = stands(caller).at
        earlier = {"$or": [{"standing.at": {"$lt": stood}}, {"standing.at": stood, "_id": {"$lt": caller.id}}]}
        place = {"organisation_id": caller.organisation_id, "room_id": caller.room_id, "state": "waiting"}
        return self.callers.collection.count_documents({**place, **HERE, **earlier}, limit=limit)

    def away_since(self, moment: datetime, limit: int) -> list[Caller]:
        """Those of any organisation who went away before the moment and hold a place."""
        # whose place is kept without the page is looked for by the time until when
        page = {"text_me.kept_until": None}
        return self.callers.find({"away_since": {"$lte": moment}, **page, **HERE}, [("away_since", 1)], limit)

    def not_come_back(self, now: datetime, limit: int) -> list[Caller]:
        """Those of any organisation who are away longer than their place was kept without the page."""
        away = {"text_me.confirmed_at": {"$type": "date"}, "text_me.kept_until": {"$lte": now}}
        return self.callers.find({**away, "away_since": {"$type": "date"}}, limit=limit)

    def silent_since(self, moment: datetime, limit: int) -> list[Caller]:
        """Those of any organisation whose connections were last heard of before the moment."""
        return self.callers.find({"heard_at": {"$lte": moment}, **HERE}, [("heard_at", 1)], limit)

    def change_if_known(self, caller_id: str, organisation_id: str | None, rule: path.Rule) -> None:
        """Let a rule follow an event about a caller; one that is none here is not."""
        if self.callers.count({"_id": caller_id, "organisation_id": organisation_id}):
            self.callers.update(caller_id, organisation_id, rule)

    def door(self, room_id: str, organisation_id: str) -> dict[str, Any] | None:
        """What was last known of a room that guests arrive at."""
        found = self._doors.find_one({"_id": room_id, "organisation_id": organisation_id})
        return found["door"] if found else None

    def keep_door(self, door: dict[str, Any], organisation_id: str) -> None:
        """Remember it."""
        self._doors.update_one(
            {"_id": door["id"]}, {"$set": {"organisation_id": organisation_id, "door": door}}, upsert=True
        )

    def forget_door(self, room_id: str, organisation_id: str) -> None:
        """The room is no more."""
        self._doors.delete_one({"_id": room_id, "organisation_id": organisation_id})

    def _here(self, organisation_id: str, who: dict[str, str]) -> list[Caller]:
        return self.callers.find({"organisation_id": organisation_id, **who, **HERE}, _IN_TURN)

    def _by_link(self, arriving: Caller) -> list[Caller]:
        link = (arriving.room_id, arriving.recipient_id, arriving.device_id)
        places = [place_of("waiting", *link), place_of("in_call", *link)]
        return self.callers.find(
            {"organisation_id": arriving.organisation_id, "place": {"$in": places, "$type": "string"}}
        )

    def _arrive_again(self, here: Caller, arriving: Caller, actor: Actor) -> Caller:
        return self.callers.update(
            here.id, here.organisation_id, lambda caller: path.arrive_again(caller, arriving=arriving), actor
        )
