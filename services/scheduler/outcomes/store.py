"""Who came when: the visits of guests by a session's links, and the members in rooms' calls, as waiting and media say it."""

from datetime import datetime, timedelta
from typing import Any

from pymongo import ASCENDING, IndexModel
from pymongo.database import Database

from contracts.guests import CLIENT
from plumbing.heard import Heard
from services.scheduler.outcomes.verdict import GRACE, Evidence, Presence, Visit
from services.scheduler.session import Session

# Long enough to judge and to look back; what counts is kept with the session.
_KEPT_SECONDS = int(timedelta(days=90).total_seconds())
# No call is longer.
_LONGEST = timedelta(days=2)
_OF_A_VISIT = {"caller.waiting": "arrived_at", "caller.admitted": "admitted_at", "caller.joined": "joined_at"}
_ENDS_OF_A_VISIT = frozenset({"caller.left", "caller.refused"})
_ENDS_OF_A_PRESENCE = frozenset({"participant.left", "participant.removed"})

INDEXES: dict[str, list[IndexModel]] = {
    "visits": [
        IndexModel([("organisation_id", ASCENDING), ("session_id", ASCENDING)], name="by_session"),
        IndexModel([("heard_at", ASCENDING)], name="kept", expireAfterSeconds=_KEPT_SECONDS),
    ],
    "presences": [
        IndexModel([("organisation_id", ASCENDING), ("room_id", ASCENDING), ("joined_at", ASCENDING)], name="by_room"),
        IndexModel([("call_id", ASCENDING)], name="by_call"),
        IndexModel([("heard_at", ASCENDING)], name="kept", expireAfterSeconds=_KEPT_SECONDS),
    ],
}


class EvidenceStore:
    """Ids and moments, of nobody by name. What is heard twice is kept once."""

    def __init__(self, database: Database[dict[str, Any]]) -> None:
        self._visits = database["visits"]
        self._presences = database["presences"]

    def note_visit(self, event: Heard) -> str | None:
        """What waiting says of a caller. Returns the session's id, where it is evidence of one."""
        session_id: str | None = event.data.get("session_id")
        if session_id is None or event.data.get("role", CLIENT) != CLIENT:
            return None
        if event.type in _ENDS_OF_A_VISIT:
            noted = {"left_at": event.time, "reason": event.data.get("reason")}
        elif event.type in _OF_A_VISIT:
            noted = {_OF_A_VISIT[event.type]: event.time}
        else:
            return None
        whose = {"organisation_id": event.organisation_id, "session_id": session_id, "heard_at": event.time}
        if event.data.get("recipient_id"):
            whose["recipient_id"] = event.data["recipient_id"]
        self._visits.update_one({"_id": event.data["caller_id"]}, {"$set": {**whose, **noted}}, upsert=True)
        return session_id

    def note_presence(self, event: Heard) -> None:
        """What media says of members in calls."""
        if event.type == "call.ended":
            open_ones = {"call_id": event.data["call_id"], "left_at": None}
            self._presences.update_many(open_ones, {"$set": {"left_at": event.time}})
        elif event.data.get("member_id"):
            self._note_member(event)

    def evidence(self, session: Session) -> Evidence:
        """All that is known of the session; of members, who was in the room's call between its start and a while after its end."""
        ours = {"organisation_id": session.organisation_id}
        visits = self._visits.find({**ours, "session_id": session.id, "arrived_at": {"$exists": True}})
        begin, end = session.planned.starts_at, session.planned.ends_at + GRACE
        there = {
            "joined_at": {"$gt": begin - _LONGEST, "$lt": end},
            "$or": [{"left_at": None}, {"left_at": {"$gt": begin}}],
        }
        presences = self._presences.find({**ours, "room_id": session.room_id, **there})
        return Evidence(
            visits=tuple(sorted((_visit(each) for each in visits), key=lambda visit: visit.arrived_at)),
            presences=tuple(sorted((_presence(each) for each in presences), key=lambda presence: presence.joined_at)),
        )

    def visits_of(self, session: Session) -> list[tuple[str | None, Visit]]:
        """Who came by which link (the recipient's or participant's id), in the order of their coming."""
        ours = {"organisation_id": session.organisation_id, "session_id": session.id}
        found = self._visits.find({**ours, "arrived_at": {"$exists": True}}, sort=[("arrived_at", ASCENDING)])
        return [(each.get("recipient_id"), _visit(each)) for each in found]

    def _note_member(self, event: Heard) -> None:
        data = event.data
        if event.type == "participant.joined":
            whose = {"organisation_id": event.organisation_id, "room_id": data["room_id"], "call_id": data["call_id"]}
            first = {**whose, "joined_at": event.time, "left_at": None, "heard_at": event.time}
            self._presences.update_one({"_id": data["participant_id"]}, {"$setOnInsert": first}, upsert=True)
        elif event.type in _ENDS_OF_A_PRESENCE:
            self._presences.update_one(
                {"_id": data["participant_id"], "left_at": None}, {"$set": {"left_at": event.time}}
            )


def _visit(found: dict[str, Any]) -> Visit:
    moments: dict[str, datetime | None] = {name: found.get(name) for name in ("admitted_at", "joined_at", "left_at")}
    return Visit(arrived_at=found["arrived_at"], reason=found.get("reason"), **moments)


def _presence(found: dict[str, Any]) -> Presence:
    return Presence(found["joined_at"], found["left_at"])
