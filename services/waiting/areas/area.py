"""What is kept of a Waiting Area, and the rules that change it. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any

from contracts.errors import Conflict, Invalid, Outdated
from plumbing.store import Change, Event
from services.waiting.areas.hours import Opening, is_open, next_opening


@dataclass(frozen=True)
class Question:
    """One question to whoever arrives (contracts.room_settings.EntryField)."""

    key: str
    label: str
    kind: str
    required: bool = False
    choices: tuple[str, ...] = ()


@dataclass(frozen=True)
class Area:
    """The Waiting Area of one clinic. `link` is unique among all areas; `hours` none: always open.

    `alert_minutes`: after how long who is on duty is told of somebody whom nobody has seen, 0 for never; `next_clinic_minutes` later who is
    on duty in `next_clinic_id`. `in_plan`: whether the organisation's plan includes Waiting Areas, as far as has been heard.
    """

    id: str
    organisation_id: str
    clinic_id: str
    name: str
    link: str
    zone: str
    created_at: datetime
    hours: tuple[Opening, ...] | None = None
    entry_fields: tuple[Question, ...] = ()
    consent_text: str = ""
    waiting_content: str = ""
    emergency_text: str = ""
    show_wait: bool = True
    attention_minutes: int = 30
    alert_minutes: int = 3
    next_clinic_id: str | None = None
    next_clinic_minutes: int = 10
    suspended: bool = False
    suspended_message: str = ""
    in_plan: bool = True
    removed: bool = False
    version: int = 1


Decision = Change[Area] | None


def settings_of(given: Mapping[str, Any]) -> dict[str, Any]:
    """As contracts.waiting_areas.AreaSettings, loaded: what of it is set in an Area."""
    known = {name: value for name, value in given.items() if name in _SETTINGS}
    if known.get("hours") is not None:
        known["hours"] = tuple(Opening(**each) for each in known["hours"])
    if "entry_fields" in known:
        known["entry_fields"] = _questions(known["entry_fields"])
    return known


_SETTINGS = frozenset(
    {
        "name", "zone", "hours", "entry_fields", "consent_text", "waiting_content", "emergency_text", "show_wait", "attention_minutes",
        "alert_minutes", "next_clinic_id", "next_clinic_minutes",
    }
)  # fmt: skip


def created(area: Area) -> Event:
    """What is said when an area is made."""
    return _said(area, "area.created")


def change(area: Area, given: Mapping[str, Any], version: int | None) -> Decision:
    """All of what is given at once. Raises Outdated. What is so already is no change, also for an old version."""
    after = replace(area, **settings_of(given))
    if after == area:
        return None
    if version is not None and version != area.version:
        raise Outdated("Read the Waiting Area again and repeat the change if it still fits.", version=area.version)
    return Change(after, _said(area, "area.changed"))


def check_next_clinic(clinic_id: str, given: Mapping[str, Any], clinics: Iterable[str]) -> None:
    """Raises Invalid where the clinic that is told next is the area's own, or none of the organisation's `clinics`."""
    wanted = given.get("next_clinic_id")
    if wanted and (wanted == clinic_id or wanted not in clinics):
        detail = "Choose another clinic of your organisation."
        raise Invalid(detail, errors=[{"pointer": "/next_clinic_id", "detail": detail}])


def rotate_link(area: Area, link: str) -> Decision:
    """The area under a new link; the old one opens nothing from now on. Who waits by it already stays."""
    return Change(replace(area, link=link), _said(area, "area.link_rotated"))


def suspend(area: Area, message: str) -> Decision:
    """Nobody more arrives; who comes reads the message."""
    if area.suspended and area.suspended_message == message:
        return None
    return Change(replace(area, suspended=True, suspended_message=message), _said(area, "area.suspended"))


def resume(area: Area) -> Decision:
    """It is open again, as far as its hours go."""
    if not area.suspended:
        return None
    return Change(replace(area, suspended=False, suspended_message=""), _said(area, "area.resumed"))


def take_plan(area: Area, includes_areas: bool) -> Decision:
    """The organisation's plan includes Waiting Areas, or does not any more."""
    if area.in_plan == includes_areas:
        return None
    return Change(
        replace(area, in_plan=includes_areas), _said(area, "area.in_plan_again" if includes_areas else "area.left_plan")
    )


def remove(area: Area) -> Decision:
    """Its clinic is no more. The link opens nothing from now on."""
    return None if area.removed else Change(replace(area, removed=True), _said(area, "area.removed"))


def closed_by(area: Area, now: datetime) -> str | None:
    """Why nobody can arrive at that moment (contracts.waiting_areas.CLOSED_BY); none where somebody can."""
    if not area.in_plan:
        return "plan"
    if area.suspended:
        return "suspended"
    return None if is_open(area.hours, area.zone, now) else "hours"


def check_open(area: Area, now: datetime) -> None:
    """Raises Conflict where nobody can arrive: `closed_by`, and by hours `opens_at` and `zone`."""
    match closed_by(area, now):
        case None:
            return
        case "hours":
            raise Conflict("This Waiting Area is closed now. Come back when it opens.", **closing_notice(area, now))
        case "suspended":
            text = "This Waiting Area takes nobody at the moment. Please contact the clinic."
            raise Conflict(text, **closing_notice(area, now))
        case _:
            raise Conflict("This Waiting Area is not in use. Please contact the clinic.", **closing_notice(area, now))


def closing_notice(area: Area, now: datetime) -> dict[str, Any]:
    """What who comes to a closed area is told, beside the clinic's number; all empty for one that is open."""
    reason = closed_by(area, now)
    opens = next_opening(area.hours, area.zone, now) if reason == "hours" else None
    return {
        "closed_by": reason,
        "opens_at": opens.isoformat().replace("+00:00", "Z") if opens else None,
        "zone": area.zone,
        "closed_message": area.suspended_message if reason == "suspended" else "",
    }


def asked_of(area: Area) -> dict[str, Any]:
    """What it asks of those who arrive, as the settings of a room (contracts.room_settings.EffectiveSettings)."""
    return {
        "entry_fields": [{**asdict(each), "choices": list(each.choices)} for each in area.entry_fields],
        "consent_text": area.consent_text,
        "waiting_content": area.waiting_content,
        "emergency_text": area.emergency_text,
    }


def _said(area: Area, type: str) -> Event:
    return Event(type, {"area_id": area.id, "clinic_id": area.clinic_id})


def _questions(given: Iterable[Mapping[str, Any]]) -> tuple[Question, ...]:
    """Each under its key; one without gets the first `field-<n>` that is free."""
    asked = list(given)
    taken = {one["key"] for one in asked if "key" in one}
    free = (key for number in range(1, len(asked) + len(taken) + 1) if (key := f"field-{number}") not in taken)
    return tuple(
        Question(one.get("key") or next(free), one["label"], one["kind"], one["required"], tuple(one["choices"]))
        for one in asked
    )
