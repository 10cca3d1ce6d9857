"""What a rule decides, and what becomes of its document: the new state, and the events that it caused, side by side.

Documents in, documents out: nothing is read or written here. `plumbing.store` does that.
"""

import datetime as dt
import functools
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from contracts.actor import Actor
from contracts.catalogue import SPEAKERS
from contracts.events import EventData, sequence_text
from contracts.fields import instant_text
from plumbing.ids import new_id
from plumbing.mapping import to_document

S = TypeVar("S")
# kept by the store beside the state; a state cannot have fields of these names
BESIDE = frozenset({"_id", "version", "outbox", "sequences", "pending_since", "lease", "keys"})


@dataclass(frozen=True)
class Event:
    """Something that happened: its type and data. `subject` (`kind/id`) only where it is not the document itself."""

    type: str
    data: Mapping[str, Any] = field(default_factory=dict)
    subject: str | None = None


@dataclass(frozen=True)
class Change(Generic[S]):
    """What a rule decided: the new state, and what happened."""

    state: S
    events: tuple[Event, ...] = ()

    def __init__(self, state: S, *events: Event | tuple[Event, ...] | list[Event]) -> None:
        """`Change(state, event, event)` and `Change(state, [event, event])` are the same."""
        flat: list[Event] = []
        for one in events:
            flat += [one] if isinstance(one, Event) else list(one)
        object.__setattr__(self, "state", state)
        object.__setattr__(self, "events", tuple(flat))


@dataclass(frozen=True)
class Speaker:
    """Who says the events of one collection: `source` is the service, `subject` the kind of thing that a document is."""

    source: str
    subject: str

    def envelope(
        self, event: Event, document: Mapping[str, Any], sequence: int, now: dt.datetime, actor: Actor | None,
        traceparent: str | None,
    ) -> dict[str, Any]:  # fmt: skip
        """The event as it travels (contracts.events.Envelope), in plain JSON values."""
        envelope = {
            "specversion": "1.0",
            "id": new_id(),
            "source": f"/{self.source}",
            "type": event.type,
            "subject": self.subject_of(event, document),
            "time": instant_text(now),
            "datacontenttype": "application/json",
            "organisationid": document["organisation_id"],
            "sequence": sequence_text(sequence),
            "actorid": actor.id if actor else None,
            "originid": actor.origin_id if actor else None,
            "traceparent": traceparent,
            "data": checked_data(self.source, event),
        }
        return {key: value for key, value in envelope.items() if value is not None}

    def subject_of(self, event: Event, document: Mapping[str, Any]) -> str:
        """`kind/id` that the event is about."""
        return event.subject or f"{self.subject}/{document['_id']}"


def checked_data(source: str, event: Event) -> dict[str, Any]:
    """The event's data in plain JSON, held against the contract of who says it. Raises ValueError where it differs: a defect."""
    if source not in SPEAKERS:
        return dict(event.data)
    schemas: dict[str, type[EventData]] = getattr(SPEAKERS[source], "EVENTS", {})
    if event.type not in schemas:
        raise ValueError(f"contracts.{source}.EVENTS has no {event.type}.")
    schema = _made(schemas[event.type])
    unknown = set(event.data) - set(schema.fields)
    dumped: dict[str, Any] = schema.dump(event.data)
    wrong = sorted(unknown | set(schema.validate(dumped)))
    if wrong:
        raise ValueError(f"The data of {event.type} does not fit its contract: {', '.join(map(str, wrong))}.")
    return dumped


@functools.cache
def _made(schema: type[EventData]) -> EventData:
    """One of each: marshmallow copies every field for another."""
    return schema()


def first_document(
    speaker: Speaker, state: Any, events: tuple[Event, ...], now: dt.datetime, actor: Actor | None, traceparent: str | None
) -> dict[str, Any]:  # fmt: skip
    """The document of a new state."""
    document = {**_state_document(state), "version": 1, "sequences": {}, "outbox": []}
    sequences, envelopes = _told(speaker, events, document, now, actor, traceparent)
    document |= {"sequences": sequences, "outbox": envelopes}
    if envelopes:
        document["pending_since"] = _for_sweeper()
    return document


def next_update(
    speaker: Speaker, document: Mapping[str, Any], change: Change[Any], now: dt.datetime, actor: Actor | None,
    traceparent: str | None,
) -> dict[str, Any] | None:  # fmt: skip
    """MongoDB's update from `document` to the changed state; None where nothing changes and nothing happened."""
    new = _state_document(change.state)
    if new["_id"] != document["_id"] or new["organisation_id"] != document["organisation_id"]:
        raise ValueError("A rule may not change what a thing is or whose it is.")
    changed = {key: value for key, value in new.items() if key not in document or document[key] != value}
    if not changed and not change.events:
        return None
    update: dict[str, Any] = {"$set": {**changed, "version": document["version"] + 1}}
    sequences, envelopes = _told(speaker, change.events, document, now, actor, traceparent)
    if envelopes:
        update["$set"] |= {f"sequences.{subject}": count for subject, count in sequences.items()}
        update["$set"]["pending_since"] = _for_sweeper()
        update["$push"] = {"outbox": {"$each": envelopes}}
    return update


def updated(document: Mapping[str, Any], update: Mapping[str, Any]) -> dict[str, Any]:
    """What `document` is after an update as `next_update` makes it; `$unset` may have been added."""
    new = {**document, "sequences": dict(document.get("sequences", {})), "outbox": list(document.get("outbox", ()))}
    for name, value in update["$set"].items():
        within, _, subject = name.partition(".")
        if subject:
            new[within][subject] = value
        else:
            new[name] = value
    new["outbox"] += update.get("$push", {}).get("outbox", {}).get("$each", [])
    return {name: value for name, value in new.items() if name not in update.get("$unset", {})}


def _state_document(state: Any) -> dict[str, Any]:
    document = to_document(state)
    # a state may name its version, to be read; the store counts it
    document.pop("version", None)
    taken = BESIDE.intersection(document) - {"_id"}
    if taken:
        raise ValueError(f"A state cannot have the fields {', '.join(sorted(taken))}: the store keeps them.")
    return document


def _for_sweeper() -> dt.datetime:
    """Since when the events wait, by the real clock: the rules' clock may be moved."""
    return dt.datetime.now(dt.UTC)


def _told(
    speaker: Speaker, events: tuple[Event, ...], document: Mapping[str, Any], now: dt.datetime, actor: Actor | None,
    traceparent: str | None,
) -> tuple[dict[str, int], list[dict[str, Any]]]:  # fmt: skip
    sequences: dict[str, int] = {}
    envelopes = []
    for event in events:
        subject = speaker.subject_of(event, document)
        sequences[subject] = sequences.get(subject, document.get("sequences", {}).get(subject, 0)) + 1
        envelopes.append(speaker.envelope(event, document, sequences[subject], now, actor, traceparent))
    return sequences, envelopes
