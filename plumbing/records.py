"""Telling the audit log, surely: who saw whose data, who was refused (docs/adr/0013-the-audit-log.md).

A record has the form of an event (contracts.events.Envelope) and a subject of its own, so that accounts hears it as it hears events.
"""

import datetime as dt
import json
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from contracts.actor import Actor
from contracts.audit import RECORDS, SOURCE
from contracts.command import Command
from contracts.errors import Unavailable
from contracts.events import exchange_name, sequence_text
from contracts.fields import instant_text
from plumbing.amqp import Message
from plumbing.ids import new_id
from plumbing.outbox import Publishing, Unconfirmed

EXCHANGE = exchange_name(SOURCE)
# who is told of; processes act by themselves, and guests see their own place
TOLD_OF = frozenset({"member", "api_client"})
# what a screen shows goes on being shown; only its beginning is told
BEGINS, GOES_ON = "begins", "goes_on"
MOST_IDS = 500


@dataclass
class _Batch:
    messages: list[Message]
    told: bool | None = None


class Recorder:
    """One per process, for any number of threads: what they tell at the same moment shares one confirm."""

    def __init__(self, process: str, publisher: Publishing) -> None:
        self._process = process
        self._publisher = publisher
        self._waiting: list[_Batch] = []
        self._lock = threading.Lock()
        self._turn = threading.Lock()

    def seen(self, command: Command, actor: Actor, request: Mapping[str, Any], reply: Any, now: dt.datetime) -> None:
        """Tell whose data the reply shows. Returns when the broker has it; raises Unavailable when it may not have."""
        if command.reads is None or actor.kind not in TOLD_OF or actor.following == GOES_ON:
            return
        ids = shown_ids(command.reads, reply)
        about: dict[str, Any] = {"command": command.name, "kind": command.reads, "of": ids_in(request)}
        if actor.following == BEGINS:
            about["following"] = True
        pieces = [ids[start : start + MOST_IDS] for start in range(0, len(ids), MOST_IDS)]
        self.tell(*(self._record("data.seen", {**about, "ids": piece}, actor, now) for piece in pieces))

    def refused(self, command: Command, actor: Actor, request: Mapping[str, Any], now: dt.datetime) -> None:
        """Tell that their role does not allow it. As `seen`."""
        if actor.kind in TOLD_OF:
            data = {"command": command.name, "of": ids_in(request)}
            self.tell(self._record("command.refused", data, actor, now))

    def sign_in_failed(
        self, organisation_id: str | None, data: Mapping[str, Any], actor: Actor, now: dt.datetime
    ) -> None:
        """Tell it, of whichever address: who tries cannot know by the time it takes whether it is somebody's. As `seen`."""
        self.tell(self._record("sign_in.failed", data, actor, now, organisation_id))

    def tell(self, *messages: Message) -> None:
        """Return when the broker has all of them; raises Unavailable when it may not have."""
        if not messages:
            return
        mine = _Batch(list(messages))
        with self._lock:
            self._waiting.append(mine)
        with self._turn:
            # whoever had the turn before may have taken this one along
            if mine.told is None:
                self._tell_all()
        if not mine.told:
            raise Unavailable

    def _tell_all(self) -> None:
        with self._lock:
            batches, self._waiting = self._waiting, []
        told = False
        try:
            self._publisher.publish([message for batch in batches for message in batch.messages])
            told = True
        except Unconfirmed:
            pass
        finally:
            for batch in batches:
                batch.told = told

    def _record(
        self, kind: str, data: Mapping[str, Any], actor: Actor, now: dt.datetime, organisation_id: str | None = None
    ) -> Message:
        id = new_id()
        envelope = {
            "specversion": "1.0",
            "id": id,
            "source": f"/{self._process}",
            "type": kind,
            "subject": f"record/{id}",
            "time": instant_text(now),
            "datacontenttype": "application/json",
            "organisationid": organisation_id or actor.organisation_id,
            "sequence": sequence_text(1),
            "actorid": actor.id,
            "originid": actor.origin_id,
            "data": RECORDS[kind]().dump(data),
        }
        body = {key: value for key, value in envelope.items() if value is not None}
        return Message(EXCHANGE, kind, json.dumps(body, separators=(",", ":")).encode())


def shown_ids(kind: str, reply: Any) -> list[str]:
    """The ids of the things of that kind in a reply: a list's `items`, what is under the kind's own name, or the reply itself."""
    return list(_ids(reply["items"] if "items" in reply else [reply.get(kind, reply)]))


def _ids(things: list[Any]) -> Iterator[str]:
    for thing in things:
        if thing and thing.get("id"):
            yield str(thing["id"])


def ids_in(request: Mapping[str, Any]) -> dict[str, str]:
    """What of a request names things: its ids, and none of its words."""
    return {
        name: value
        for name, value in request.items()
        if name.endswith("_id") and isinstance(value, str) and len(value) <= 64
    }
