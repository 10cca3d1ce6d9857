"""What a screen may follow, and which screens an event concerns. Pure: knows names, no connection and no service."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from contracts.actor import Actor
from contracts.errors import Forbidden, Invalid

_WITHOUT_ID = frozenset(
    {"rooms", "sessions", "waiting", "areas", "caller", "organisation", "members", "on_duty", "handovers"}
)
_WITH_ID = frozenset({"room", "invitation"})
_KIND_OF_EVENT = {
    "room": "room",
    "caller": "caller",
    "area": "area",
    "call": "call",
    "participant": "call",
    "invitation": "invitation",
    "session": "session",
    "organisation": "organisation",
    "member": "member",
}
_AVAILABILITY = "member.availability_changed"
_SAID = "call.said"
# said of a caller, whatever they are called
_OF_CALLERS = frozenset({"call.transferred", "waiting.target_breached", "waiting.acknowledged", "waiting.alerted"})
_OF_HANDOVERS = "call.transfer_"
# What changes many rooms at once without a word about each: what they inherit, and what their plan allows.
_OF_EVERY_ROOM = frozenset({"settings.changed", "quota.changed"})


@dataclass(frozen=True)
class Subject:
    """One thing that has a view: `room/<id>`, `caller/<id>`, `call/<id>`, `invitation/<id>`, `session/<id>`, `organisation/<id>`,
    `member/<id>`, `area/<id>` of a Waiting Area, `line/<id>` of a call's chat, `on_duty/<id>` of a member, `place/<id>` of a caller,
    and `handover/<id>`.
    """

    kind: str
    id: str

    def __str__(self) -> str:
        return f"{self.kind}/{self.id}"


@dataclass(frozen=True)
class Topic:
    """What a screen follows: `rooms`, `room:<id>`, `waiting`, `areas`, `sessions`, `invitation:<id>`, `organisation`, `members`, `on_duty`,
    `handovers` (one's own), and for guests `caller`.
    """

    name: str
    id: str | None = None

    def __str__(self) -> str:
        return f"{self.name}:{self.id}" if self.id else self.name


@dataclass(frozen=True)
class Changed:
    """Something changed. `left_room_id`: where it was, if it is in another room since. `sequence` is None when it was told by an event of another subject (a participant's, of a call). `member_ids`: the only ones whom it concerns, where it is so."""

    subject: Subject
    organisation_id: str
    room_id: str | None
    sequence: str | None
    left_room_id: str | None = None
    member_ids: tuple[str, ...] = ()

    def keys(self) -> tuple[str, ...]:
        """Under which keys those who follow it are found; see `keys_of`."""
        room, subject = self.room_id, self.subject
        match subject.kind:
            case "room":
                return ("rooms", f"room:{subject.id}")
            case "caller":
                left = (f"room:{self.left_room_id}",) if self.left_room_id else ()
                return ("waiting", f"room:{room}", f"caller:{subject.id}", *left)
            case "call" | "line":
                return (f"room:{room}", f"guests:{room}")
            case "area":
                return ("areas",)
            case "invitation":
                return (f"room:{room}", f"invitation:{subject.id}")
            case "organisation":
                return ("organisation",)
            case "member":
                return ("members",)
            case "on_duty":
                return ("on_duty",)
            case "handover":
                return tuple(f"handovers:{member}" for member in self.member_ids)
            case _:
                return ("sessions",)


def parse(text: Any) -> Topic:
    """Raises Invalid for what is no topic."""
    if isinstance(text, str):
        name, colon, id = text.partition(":")
        if name in _WITHOUT_ID and not colon:
            return Topic(name)
        if name in _WITH_ID and id:
            return Topic(name, id)
    raise Invalid(errors=[{"pointer": "/topic", "detail": "There is no such topic."}])


def check_follows(actor: Actor, topic: Topic) -> None:
    """Raises Forbidden: guests follow their own place and nothing else, members everything but that."""
    if (topic.name == "caller") != (actor.kind == "guest"):
        raise Forbidden("Guests follow `caller`, members the other topics.")


def changes_every_room(event: dict[str, Any]) -> bool:
    """Whether the views of all rooms of the event's organisation may be others now."""
    return event.get("type") in _OF_EVERY_ROOM


def shows_rooms(topic: Topic) -> bool:
    """Whether rooms are among what the topic shows."""
    return topic.name in {"rooms", "room"}


def keys_of(actor: Actor, topic: Topic) -> tuple[str, ...]:
    """Under which keys a subscription is found by `Changed.keys`."""
    if topic.name == "caller":
        return (f"caller:{actor.caller_id}", f"guests:{actor.room_id}")
    if topic.name == "handovers":
        return (f"handovers:{actor.id}",)
    return (str(topic),)


def call_followed(topic: Topic, views: Iterable[tuple[Subject, dict[str, Any]]]) -> str | None:
    """Under which key a guest follows the call that they are in: of the room of their caller, which need not be the one of their link."""
    if topic.name != "caller":
        return None
    rooms = (view["room_id"] for subject, view in views if subject.kind == "caller" and view.get("room_id"))
    return next((f"guests:{room}" for room in rooms), None)


def changed_by(event: dict[str, Any]) -> Changed | None:
    """What an event (contracts.events.Envelope) changes that a screen may show; None for nothing."""
    what = str(event.get("type", ""))
    kind = (
        "caller"
        if what in _OF_CALLERS
        else "handover"
        if what.startswith(_OF_HANDOVERS)
        else _KIND_OF_EVENT.get(what.partition(".")[0])
    )
    data = event.get("data") or {}
    organisation_id = event.get("organisationid")
    if what.startswith("clinic.") and organisation_id:
        # clinics are shown with their organisation
        return Changed(Subject("organisation", organisation_id), organisation_id, None, None)
    if what == _AVAILABILITY and organisation_id:
        return Changed(Subject("on_duty", data["member_id"]), organisation_id, None, None)
    if what == _SAID and organisation_id:
        return Changed(Subject("line", data["line_id"]), organisation_id, data["room_id"], event["sequence"])
    if kind is None or organisation_id is None or f"{kind}_id" not in data:
        return None
    subject = Subject(kind, data[f"{kind}_id"])
    own = event.get("subject") == str(subject)
    sequence = event["sequence"] if own else None
    if kind == "handover":
        both = (data["from_member_id"], data["to_member_id"])
        return Changed(subject, organisation_id, None, sequence, member_ids=both)
    return Changed(subject, organisation_id, data.get("room_id"), sequence, data.get("from_room_id"))
