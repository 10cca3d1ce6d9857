"""A small service for the tests of the bus: `python -m tests.wiring.echo [migrate]`. It calls itself `rooms`.

It keeps notes, says `room.*` of each, hears what accounts and itself say, and writes down what it did in its database.
"""

from plumbing.services.process import main  # isort: skip

import time
from dataclasses import dataclass, replace
from typing import Any

import eventlet
from marshmallow import fields
from pymongo import IndexModel
from pymongo.database import Database

from contracts import accounts
from contracts.command import Command, Request, View
from contracts.errors import Conflict, LimitReached
from plumbing.services import Call, Caller, Calls, Heard, Store, answers, every, hears, off_hub
from plumbing.store import Change, Documents, Event, Outgoing


class Echo(Request):
    text = fields.String(required=True)
    pause = fields.Float(load_default=0.0)
    fail = fields.String(load_default=None, allow_none=True)


class Echoed(View):
    text = fields.String(required=True)
    times = fields.Integer()


class OneNote(Request):
    note_id = fields.String(required=True)


class NoteView(View):
    id = fields.String(required=True)
    text = fields.String()
    count = fields.Integer()


ECHO = Command("rooms.echo", Echo, Echoed, "room.read")
COUNT = Command("rooms.count", Echo, Echoed, "room.change", changes=True)
WRITE = Command("rooms.write", Echo, NoteView, "room.change", changes=True)
TOUCH = Command("rooms.touch", OneNote, NoteView, "room.change", changes=True)
ASK_SELF = Command("rooms.ask_self", Echo, Echoed, "room.read")


@dataclass(frozen=True)
class Note:
    id: str
    organisation_id: str
    text: str
    count: int = 0


def room_created(note: Note) -> Event:
    return Event("room.locked", {"room_id": note.id})


class EchoStore:
    INDEXES = {"notes": [IndexModel([("organisation_id", 1), ("text", 1)], name="text")]}

    def __init__(self, database: Database[dict[str, Any]], outbox: Outgoing) -> None:
        self.notes = Documents(database["notes"], outbox, kind=Note, source="rooms", subject="room")
        self.done = database["done"]

    def write_down(self, what: str, **more: Any) -> None:
        self.done.insert_one({"what": what, "at": time.time(), **more})


class EchoService:
    name = "rooms"
    store = Store(EchoStore)
    calls = Calls()

    @answers(ECHO)
    def echo(self, request: dict[str, Any], call: Call) -> dict[str, Any]:
        if request["pause"]:
            eventlet.sleep(request["pause"])
        if request["fail"] == "conflict":
            raise Conflict("It is locked.", room_id="7")
        if request["fail"] == "limit":
            raise LimitReached("Full.", limit="rooms", used=2, allowed=2, plan="standard", allowed_by="premium")
        if request["fail"]:
            raise ValueError(f"secret {request['text']}")
        return {"text": request["text"]}

    @answers(COUNT)
    def count(self, request: dict[str, Any], call: Call) -> dict[str, Any]:
        self.store.write_down("count", text=request["text"], command_id=call.command_id)
        eventlet.sleep(request["pause"])
        if request["fail"]:
            raise Conflict(request["fail"])
        return {"text": request["text"], "times": self.store.done.count_documents({"text": request["text"]})}

    @answers(WRITE)
    def write(self, request: dict[str, Any], call: Call) -> Note:
        note = Note(call.command_id, call.organisation_id or "", request["text"])
        return self.store.notes.create(note, room_created(note), actor=call.actor)

    @answers(TOUCH)
    def touch(self, request: dict[str, Any], call: Call) -> Note:
        def rule(note: Note) -> Change[Note]:
            changed = replace(note, count=note.count + 1)
            return Change(changed, room_created(changed))

        return self.store.notes.update(request["note_id"], call.organisation_id, rule, call.actor)

    @answers(ASK_SELF)
    def ask_self(self, request: dict[str, Any], call: Call) -> dict[str, Any]:
        ask: Caller = self.calls
        digest = off_hub(hash, request["text"])
        reply = ask(ECHO, {"text": f"{request['text']} {type(digest).__name__}"}, call.actor)
        return dict(reply)

    @hears("rooms", retries=3, retry_seconds=0.3)
    def on_rooms(self, event: Heard) -> None:
        self.store.write_down(
            "heard", subject=event.subject, sequence=event.sequence, id=event.id, trace=event.traceparent
        )

    @hears("accounts", retries=2, retry_seconds=0.3)
    def on_accounts(self, event: Heard) -> None:
        self.store.write_down("tried", subject=event.subject, sequence=event.sequence, type=event.type)
        if (
            event.data.get("fails", 0)
            > self.store.done.count_documents({"what": "tried", "subject": event.subject, "sequence": event.sequence})
            - 1
        ):
            raise ValueError(f"secret {event.data}")
        eventlet.sleep(event.data.get("pause", 0))
        self.store.write_down("heard", subject=event.subject, sequence=event.sequence, id=event.id)

    @every(seconds=0.2)
    def tick(self) -> None:
        self.store.done.update_one({"_id": "ticks"}, {"$inc": {"ticks": 1}}, upsert=True)


assert accounts
if __name__ == "__main__":
    main("rooms", EchoService)
