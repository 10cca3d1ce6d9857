"""A small service for the tests of the bus: `python -m tests.wiring.echo [migrate]`. It calls itself `rooms`.

It keeps notes, says `room.locked` of each, hears what accounts and itself say, and writes down in its database what it did.
"""

from plumbing.services.process import main  # isort: skip

import os
from dataclasses import dataclass, replace
from typing import Any, ClassVar

import eventlet
from pymongo import IndexModel
from pymongo.database import Database

from contracts.errors import Conflict, LimitReached
from plumbing.services import Call, Calls, Heard, Store, answers, every, hears, off_hub
from plumbing.store import Change, Documents, Event, Outgoing
from tests.wiring.echo_words import ASK_SELF, COUNT, ECHO, TOUCH, WRITE


@dataclass(frozen=True)
class Note:
    id: str
    organisation_id: str
    text: str
    count: int = 0


def written(note: Note) -> Event:
    return Event("room.locked", {"room_id": note.id})


class EchoStore:
    INDEXES: ClassVar = {"notes": [IndexModel([("organisation_id", 1), ("text", 1)], name="text")]}

    def __init__(self, database: Database[dict[str, Any]], outbox: Outgoing) -> None:
        self.notes = Documents(database["notes"], outbox, kind=Note, source="rooms", subject="room")
        self.done = database["done"]

    def write_down(self, what: str, **more: Any) -> None:
        self.done.insert_one({"what": what, "pid": os.getpid(), **more})

    def tried(self, event: Heard) -> int:
        return self.done.count_documents({"what": "tried", "id": event.id})


class EchoService:
    name = "rooms"
    store = Store(EchoStore)
    calls = Calls()

    @answers(ECHO)
    def echo(self, request: dict[str, Any], call: Call) -> dict[str, Any]:
        eventlet.sleep(request["pause"])
        if request["fail"] == "conflict":
            raise Conflict("It is locked.", room_id="7")
        if request["fail"] == "limit":
            raise LimitReached("Full.", limit="rooms", used=2, allowed=2, plan="standard", allowed_by="premium")
        if request["fail"]:
            raise ValueError(f"secret {request['text']}")
        return {"text": request["text"], "pid": os.getpid()}

    @answers(COUNT)
    def count(self, request: dict[str, Any], call: Call) -> dict[str, Any]:
        self.store.write_down("count", text=request["text"], actor=call.actor.id)
        eventlet.sleep(request["pause"])
        if request["fail"]:
            raise Conflict("Not now.")
        times = self.store.done.count_documents({"what": "count", "text": request["text"]})
        return {"text": request["text"], "times": times, "pid": os.getpid()}

    @answers(WRITE)
    def write(self, request: dict[str, Any], call: Call) -> Note:
        note = Note(call.command_id, call.organisation_id, request["text"])
        return self.store.notes.create(note, written(note), actor=call.actor)

    @answers(TOUCH)
    def touch(self, request: dict[str, Any], call: Call) -> Note:
        def rule(note: Note) -> Change[Note]:
            changed = replace(note, count=note.count + 1)
            return Change(changed, written(changed))

        return self.store.notes.update(request["note_id"], call.organisation_id, rule, call.actor)

    @answers(ASK_SELF)
    def ask_self(self, request: dict[str, Any], call: Call) -> Any:
        length = off_hub(len, request["text"])
        return self.calls(ECHO, {"text": f"{request['text']} {length}"}, call.actor)

    @hears("rooms", retries=3, retry_seconds=0.3)
    def on_rooms(self, event: Heard) -> None:
        self._heard(event)

    @hears("accounts", retries=2, retry_seconds=0.3)
    def on_accounts(self, event: Heard) -> None:
        self.store.write_down("tried", id=event.id)
        if self.store.tried(event) <= event.data.get("failures", 0):
            raise ValueError(f"secret {event.data}")
        eventlet.sleep(event.data.get("pause", 0))
        self._heard(event)

    @every(seconds=0.2)
    def tick(self) -> None:
        self.store.done.update_one({"_id": "ticks"}, {"$inc": {"ticks": 1}}, upsert=True)

    def _heard(self, event: Heard) -> None:
        self.store.write_down(
            "heard",
            id=event.id,
            subject=event.subject,
            sequence=event.sequence,
            organisation_id=event.organisation_id,
            trace=event.traceparent,
        )


if __name__ == "__main__":
    main("rooms", EchoService)
