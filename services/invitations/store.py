"""Where invitations are kept: one document for each, with its recipients, what waits to be sent, and its events."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from pymongo import IndexModel
from pymongo.database import Database

from contracts.errors import NotFound
from plumbing import mongo
from plumbing.mapping import from_document
from plumbing.store import PENDING_INDEX, Change, Documents, Outgoing
from services.invitations import delivery
from services.invitations.delivery import Outcome
from services.invitations.invitation import Invitation

MOST_LISTED = 100

INDEXES: dict[str, list[IndexModel]] = {
    "invitations": [
        IndexModel([("organisation_id", 1), ("room_id", 1), ("created_at", -1)], name="room"),
        # whoever opens a link brings nothing but the link
        IndexModel([("link_hashes", 1)], name="link"),
        # only what waits to be sent is in it, so that it does not grow with the years
        IndexModel([("due_at", 1)], name="due", partialFilterExpression={"due_at": {"$type": "date"}}),
        PENDING_INDEX,
    ]
}


class InvitationsStore:
    """Invitations by id, by room, by link; and those that are due to be sent, claimed with a lease."""

    def __init__(self, database: Database[dict[str, Any]], outbox: Outgoing) -> None:
        self.invitations = Documents(
            database["invitations"], outbox, kind=Invitation, source="invitations", subject="invitation"
        )

    def of_room(self, organisation_id: str, room_id: str) -> list[Invitation]:
        """The room's invitations, newest first, at most 100."""
        return self.invitations.find(
            {"organisation_id": organisation_id, "room_id": room_id}, [("created_at", -1), ("_id", -1)], MOST_LISTED
        )

    def by_link(self, link_hash: str) -> Invitation:
        """The invitation to which this link belongs or once belonged. Raises NotFound."""
        found = self.invitations.find_one({"link_hashes": link_hash})
        if found is None:
            raise NotFound("There is no such link. Ask whoever sent it for a new one.")
        return found

    def claim_due(self, now: datetime, owner: str, lease_seconds: float) -> Invitation | None:
        """An invitation with a mail to send that no other sender holds, held from now on; None when there is none."""
        found = mongo.claim(
            self.invitations.collection, {"due_at": {"$lte": now}}, owner, lease_seconds, sort=[("due_at", 1)]
        )
        return from_document(found, Invitation) if found else None

    def renew(self, invitation_id: str, owner: str, lease_seconds: float) -> bool:
        """Hold it for longer; False when it is another's by now."""
        return mongo.renew(self.invitations.collection, invitation_id, owner, lease_seconds)

    def release(self, invitation_id: str, owner: str) -> None:
        """Let others have it."""
        mongo.release(self.invitations.collection, invitation_id, owner)

    def change_if_known(
        self, invitation_id: str, organisation_id: str | None, rule: Callable[[Invitation], Change[Invitation] | None]
    ) -> None:
        """Let a rule follow an event that names an invitation; one that is none here changes nothing."""
        try:
            self.invitations.update(invitation_id, organisation_id, rule)
        except NotFound:
            return

    def record(self, invitation: Invitation, outcomes: Sequence[Outcome], now: datetime) -> Invitation:
        """Keep what came of these tries, all in one write."""
        return self.invitations.update(
            invitation.id, invitation.organisation_id, lambda current: delivery.record(current, outcomes, now)
        )
