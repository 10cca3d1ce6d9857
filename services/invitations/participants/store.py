"""Where participants are kept."""

from typing import Any

from pymongo import ASCENDING, IndexModel
from pymongo.database import Database

from plumbing.store import PENDING_INDEX, Documents, Outgoing
from services.invitations.participants.participant import Participant

_OLDEST_FIRST = [("created_at", ASCENDING), ("_id", ASCENDING)]
MOST_ON_A_PAGE = 1_000
INDEXES: dict[str, list[IndexModel]] = {
    "session_participants": [
        # whoever opens a link brings nothing but the link
        IndexModel([("link_hash", ASCENDING)], name="link", partialFilterExpression={"link_hash": {"$type": "string"}}),
        IndexModel([("organisation_id", ASCENDING), ("session_id", ASCENDING)], name="by_session"),
        IndexModel([("organisation_id", ASCENDING), ("client_id", ASCENDING), ("state", ASCENDING)], name="by_state"),
        PENDING_INDEX,
    ]
}


class ParticipantsStore:
    """By session, by the client's own state, by link."""

    def __init__(self, database: Database[dict[str, Any]], outbox: Outgoing) -> None:
        self.documents = Documents(
            database["session_participants"], outbox, kind=Participant, source="invitations", subject="session_participant"
        )  # fmt: skip

    def by_link(self, link_hash: str) -> Participant | None:
        """Whose link it is."""
        return self.documents.find_one({"link_hash": link_hash})

    def of(
        self,
        organisation_id: str,
        client_id: str,
        session_ids: list[str] | None,
        state: str | None,
        removed: bool,
        after_id: str | None = None,
    ) -> list[Participant]:
        """A client's own, in the order in which they were added: all of these sessions, or a page of those in this state.

        One more than a page where there are more. Raises NotFound for an `after_id` that is none.
        """
        wanted: dict[str, Any] = {"organisation_id": organisation_id, "client_id": client_id}
        if session_ids is not None:
            wanted["session_id"] = {"$in": session_ids}
        if state is not None:
            wanted["state"] = state
        if not removed:
            wanted["removed_at"] = None
        if after_id is not None:
            at = self.documents.get(after_id, organisation_id).created_at
            wanted["$or"] = [{"created_at": {"$gt": at}}, {"created_at": at, "_id": {"$gt": after_id}}]
        return self.documents.find(wanted, _OLDEST_FIRST, 0 if session_ids is not None else MOST_ON_A_PAGE + 1)
