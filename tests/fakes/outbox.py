"""An outbox that delivers nowhere and remembers what it was given."""

from collections.abc import Mapping
from typing import Any


class FakeOutbox:
    """`events`: every envelope so far, in order, once each."""

    def __init__(self) -> None:
        self.events: list[dict[str, Any]] = []
        self.registered: list[str] = []

    @property
    def types(self) -> list[str]:
        return [event["type"] for event in self.events]

    def register(self, collection: Any) -> None:
        self.registered.append(collection.name)

    def send_soon(self, collection: Any, document: Mapping[str, Any]) -> None:
        known = {event["id"] for event in self.events}
        now = document if "outbox" in document else collection.find_one({"_id": document["_id"]}) or {}
        self.events += [event for event in now.get("outbox") or () if event["id"] not in known]
