"""Where Waiting Areas are kept, and the few questions that are asked of them."""

from collections.abc import Sequence
from typing import Any

from pymongo import ASCENDING, IndexModel
from pymongo.database import Database

from plumbing.store import Documents, Outgoing
from services.waiting.areas.area import Area

AREA_INDEXES = [
    IndexModel([("organisation_id", ASCENDING), ("clinic_id", ASCENDING)], name="of_clinic", unique=True),
    # no organisation leads it: the link is all that a guest brings
    IndexModel([("link", ASCENDING)], name="link", unique=True),
]

_STILL_THERE = {"removed": {"$ne": True}}


class AreasStore:
    """Waiting Areas, each a document with its own events."""

    def __init__(self, database: Database[dict[str, Any]], outbox: Outgoing) -> None:
        self.documents = Documents(database["areas"], outbox, kind=Area, source="waiting", subject="area")

    def known(self, area_id: str, organisation_id: str | None) -> Area | None:
        """The area of that id, if it is one and not a room."""
        return self.documents.find_one({"_id": area_id, "organisation_id": organisation_id, **_STILL_THERE})

    def with_link(self, link: str) -> Area | None:
        """The one area that a link opens now."""
        return self.documents.find_one({"link": link, **_STILL_THERE})

    def of_clinic(self, organisation_id: str | None, clinic_id: str) -> list[Area]:
        """The area of a clinic, also one that was removed."""
        return self.documents.find({"organisation_id": organisation_id, "clinic_id": clinic_id})

    def of(self, organisation_id: str | None, clinic_ids: Sequence[str] | None = None) -> list[Area]:
        """The areas of these clinics, or of all (none given), by name."""
        clinics = {} if clinic_ids is None else {"clinic_id": {"$in": list(clinic_ids)}}
        found = self.documents.find({"organisation_id": organisation_id, **clinics, **_STILL_THERE})
        return sorted(found, key=lambda area: (area.name.casefold(), area.id))
