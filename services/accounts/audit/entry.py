"""What becomes an entry of the audit log, of what was heard. Pure: ids and words only, never a name."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from contracts.actor import PUBLIC
from contracts.catalogue import SERVICES
from plumbing.heard import Heard

PROCESSES = frozenset({*SERVICES, "media_node"})
DID, SAW, REFUSED, FAILED = "did", "saw", "refused", "failed"
_AN_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


@dataclass(frozen=True)
class Entry:
    """`id` is that of the message which told it. `who`: an actor's id. `subjects`: every `kind/id` that it concerns."""

    id: str
    organisation_id: str
    at: datetime
    who: str
    how: str
    what: str
    subject: str | None
    subjects: tuple[str, ...]
    data: Mapping[str, Any]
    origin_id: str | None = None


def of_event(event: Heard) -> Entry | None:
    """What a person or client caused; None for what a process did by itself, and for what belongs to no organisation."""
    who = event.actor_id
    if event.organisation_id is None or who is None or who in PROCESSES:
        return None
    if who == PUBLIC.id and event.data.get("member_id"):
        # by a password or the link of a mail they have shown who they are
        who = str(event.data["member_id"])
    subjects = _merged((event.subject,), _named_in(event.data))
    return Entry(
        event.id, event.organisation_id, event.time, who, DID, event.type, event.subject, subjects, event.data,
        event.origin_id,
    )  # fmt: skip


def of_record(record: Heard) -> Entry | None:
    """What a service told besides its events (contracts.audit.RECORDS); None for what belongs to no organisation."""
    if record.organisation_id is None:
        return None
    data, common = record.data, (record.id, record.organisation_id, record.time)
    if record.type == "data.seen":
        seen = tuple(f"{data['kind']}/{id}" for id in data["ids"])
        subjects = _merged(seen, _named_in(data.get("of", {})))
        subject = seen[0] if len(seen) == 1 else None
        kept: dict[str, Any] = {name: value for name, value in data.items() if name in {"command", "following"}}
        what, kept["count"] = f"{data['kind']}.seen", len(seen)
        return Entry(*common, str(record.actor_id), SAW, what, subject, subjects, kept, record.origin_id)
    if record.type == "command.refused":
        named = _named_in(data.get("of", {}))
        subject = named[0] if len(named) == 1 else None
        kept = {"command": data["command"]}
        return Entry(*common, str(record.actor_id), REFUSED, record.type, subject, named, kept, record.origin_id)
    if record.type == "sign_in.failed" and data.get("member_id"):
        subject = f"member/{data['member_id']}"
        return Entry(
            *common, PUBLIC.id, FAILED, record.type, subject, (subject,), {"step": data["step"]}, record.origin_id
        )
    return None


def _named_in(data: Mapping[str, Any]) -> tuple[str, ...]:
    """`room_id`, `room_ids`: what they name, as subjects."""
    found: list[str] = []
    for name, value in data.items():
        kind, _, ending = name.rpartition("_")
        values = value if ending == "ids" and isinstance(value, list) else [value] if ending == "id" else []
        found += [f"{kind}/{each}" for each in values if isinstance(each, str) and _AN_ID.fullmatch(each)]
    return tuple(found)


def _merged(*several: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(each for subjects in several for each in subjects))
