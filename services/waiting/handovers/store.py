"""Where handovers are kept, and the few questions that are asked of them."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from pymongo import ASCENDING, IndexModel
from pymongo.database import Database

from plumbing.store import Documents, Outgoing, equal_to, up_to
from services.waiting.handovers.handover import Decision, Handover

_LISTED = {"listed": True}

HANDOVER_INDEXES = [
    IndexModel(
        [("organisation_id", ASCENDING), ("open_caller_id", ASCENDING)],
        name="of_caller",
        unique=True,
        partialFilterExpression={"open_caller_id": {"$type": "string"}},
    ),
    IndexModel([("organisation_id", ASCENDING), ("caller_id", ASCENDING)], name="listed_of_caller", partialFilterExpression=_LISTED),
    IndexModel([("organisation_id", ASCENDING), ("from_member_id", ASCENDING)], name="from", partialFilterExpression=_LISTED),
    IndexModel([("organisation_id", ASCENDING), ("to_member_id", ASCENDING)], name="to", partialFilterExpression=_LISTED),
    IndexModel([("due_at", ASCENDING)], name="due", partialFilterExpression={"due_at": {"$type": "date"}}),
]  # fmt: skip


class HandoversStore:
    """Handovers, each a document with its own events."""

    def __init__(self, database: Database[dict[str, Any]], outbox: Outgoing) -> None:
        self.documents = Documents(database["handovers"], outbox, kind=Handover, source="waiting", subject="handover")

    def open_of(self, organisation_id: str | None, caller_id: str) -> Handover | None:
        """The caller's one that is offered or accepted."""
        return self.documents.find_one({"organisation_id": organisation_id, "open_caller_id": equal_to(caller_id)})

    def listed_for(self, organisation_id: str | None, member_id: str) -> list[Handover]:
        """Those that go on or whose note was kept, by or to this member, the newest first."""
        whose = {"$or": [{"from_member_id": member_id}, {"to_member_id": member_id}]}
        return self.documents.find({"organisation_id": organisation_id, **_LISTED, **whose}, [("offered_at", -1)])

    def listed_of(self, organisation_id: str | None, caller_id: str) -> list[Handover]:
        """Those of a caller that are shown to anybody."""
        return self.documents.find({"organisation_id": organisation_id, "caller_id": caller_id, **_LISTED})

    def leading(self, organisation_id: str | None, member_id: str, room_id: str) -> list[Handover]:
        """Those of somebody who hands over, into this room."""
        where = {"from_member_id": member_id, "to_room_id": room_id}
        return self.documents.find({"organisation_id": organisation_id, **_LISTED, **where})

    def due(self, now: datetime, limit: int) -> list[Handover]:
        """Those of any organisation that should have been answered or completed by now."""
        return self.documents.find({"due_at": up_to(now)}, [("due_at", 1)], limit)

    def change(self, handover: Handover, rule: Callable[[Handover], Decision]) -> Handover:
        """Let a rule follow an event or the clock."""
        return self.documents.update(handover.id, handover.organisation_id, rule)
