"""How an API client's own sessions are found: a page of them, by creation or by start."""

from collections.abc import Mapping
from typing import Any

from pymongo import ASCENDING, DESCENDING, IndexModel

from contracts.actor import Actor, is_bound
from plumbing.store import Documents
from services.scheduler.session import CANCELLED, Session

_OWN = {"client.client_id": {"$type": "string"}}
INDEXES = [
    IndexModel(
        [("organisation_id", ASCENDING), ("client.client_id", ASCENDING), (by, ASCENDING), ("_id", ASCENDING)],
        name=f"of_client_by_{by.rpartition('.')[2]}",
        partialFilterExpression=_OWN,
    )
    for by in ("created_at", "planned.starts_at")
]


class ClientSessionsStore:
    """Reads what the scheduler's store keeps."""

    def __init__(self, sessions: Documents[Session]) -> None:
        self._sessions = sessions

    def page(self, organisation_id: str, actor: Actor, request: Mapping[str, Any]) -> list[Session]:
        """As contracts.client_sessions.ListClientSessions asks, and one more where there are more."""
        wanted: dict[str, Any] = {"organisation_id": organisation_id, "client.client_id": actor.id}
        if is_bound(actor):
            wanted["client.clinic_id"] = {"$in": list(actor.clinic_ids)}
        if not request["cancelled"]:
            wanted["state"] = {"$ne": CANCELLED}
        if request["session_ids"] is not None:
            wanted["_id"] = {"$in": list(request["session_ids"])}
        bounds = {"$gte": request["starts_from"], "$lte": request["starts_until"]}
        given = {name: at for name, at in bounds.items() if at is not None}
        if given:
            wanted["planned.starts_at"] = given
        way = DESCENDING if request["reverse"] else ASCENDING
        order = [("planned.starts_at" if given else "created_at", way), ("_id", way)]
        size = request["page_size"]
        return self._sessions.find(wanted, order, size + 1, skip=request["page"] * size)
