"""Room settings and how they are inherited: organisation → clinic → room, each level giving some and locking some. Pure.

A level that locks a setting decides it for those below; what they had given is kept and holds again when it is unlocked.
"""

from collections.abc import Iterable
from dataclasses import asdict, dataclass, fields, replace
from typing import Any

from contracts.errors import Conflict, Outdated
from contracts.room_settings import MOST_PEOPLE, SETTINGS
from contracts.waiting_order import ARRIVAL
from plumbing.store import Change, Event

DEFAULT, ORGANISATION, CLINIC, ROOM = "default", "organisation", "clinic", "room"


@dataclass(frozen=True)
class EntryField:
    """One question to whoever arrives; `choices` only where `kind` is `choice`."""

    key: str
    label: str
    kind: str
    required: bool = False
    choices: tuple[str, ...] = ()


@dataclass(frozen=True)
class Level:
    """What one level gives, none where it leaves it to the level above; `locked` names what it decides for those below."""

    entry_fields: tuple[EntryField, ...] | None = None
    consent_text: str | None = None
    waiting_content: str | None = None
    emergency_text: str | None = None
    show_wait: bool | None = None
    order: str | None = None
    largest_number: int | None = None
    confirm_before_joining: bool | None = None
    locked: frozenset[str] = frozenset()


@dataclass(frozen=True)
class ClinicLevel:
    """The level of one clinic."""

    clinic_id: str
    level: Level


@dataclass(frozen=True)
class Inherited:
    """Everything that the rooms of one organisation inherit, in one document under the organisation's id.

    `version` before there is a document is the one that it will begin with, so that a first change can be based on it.
    """

    id: str
    organisation_id: str
    organisation: Level = Level()
    clinics: tuple[ClinicLevel, ...] = ()
    version: int = 1

    def clinic(self, clinic_id: str | None) -> Level:
        """The clinic's level; an empty one where it gives nothing."""
        return next((each.level for each in self.clinics if each.clinic_id == clinic_id), Level())


# Where nobody gives anything.
_DEFAULTS = Level(
    entry_fields=(),
    consent_text="",
    waiting_content="",
    emergency_text="",
    show_wait=True,
    order=ARRIVAL,
    largest_number=MOST_PEOPLE,
    confirm_before_joining=False,
)


def effective(inherited: Inherited | None, clinic_id: str | None, own: Level) -> dict[str, Any]:
    """What holds in a room, as contracts.room_settings.EffectiveSettings."""
    levels = ((DEFAULT, _DEFAULTS), *_above(inherited, clinic_id), (ROOM, own))
    view: dict[str, Any] = {"given_by": {}, "locked_by": {}}
    for name in SETTINGS:
        for level_name, level in levels:
            given = getattr(level, name)
            if given is not None:
                view[name], view["given_by"][name] = given, level_name
            if name in level.locked:
                view["locked_by"][name] = level_name
                break
    view["entry_fields"] = [asdict(each) for each in view["entry_fields"]]
    return view


def changed(level: Level, change: dict[str, Any], locked: Iterable[str] | None = None) -> Level:
    """The level after contracts.room_settings.LevelChange; `locked` replaces what it locks, none leaves it."""
    given = dict(change)
    if given.get("entry_fields") is not None:
        given["entry_fields"] = _entry_fields(given["entry_fields"])
    if locked is not None:
        given["locked"] = frozenset(locked)
    return replace(level, **given)


def check_unlocked(inherited: Inherited | None, clinic_id: str | None, change: dict[str, Any], *, of: str) -> None:
    """Raises Conflict, naming them, when the change gives what a level above `of` (`room` or `clinic`) has locked."""
    above = _above(inherited, clinic_id) if of == ROOM else _above(inherited, None)
    for level_name, level in above:
        names = sorted(name for name in level.locked if change.get(name) is not None)
        if names:
            text = f"The {level_name} decides this for its rooms: {', '.join(names).replace('_', ' ')}."
            raise Conflict(text, locked_by=level_name, settings=names)


def change_inherited(
    inherited: Inherited,
    clinic_id: str | None,
    change: dict[str, Any],
    locked: Iterable[str] | None,
    version: int | None,
) -> Change[Inherited] | None:
    """One level after a change, of the clinic or of the organisation. Raises Conflict (locked above) and Outdated."""
    if clinic_id is None:
        after = replace(inherited, organisation=changed(inherited.organisation, change, locked))
    else:
        check_unlocked(inherited, clinic_id, change, of=CLINIC)
        level = changed(inherited.clinic(clinic_id), change, locked)
        others = tuple(each for each in inherited.clinics if each.clinic_id != clinic_id)
        after = replace(inherited, clinics=(*others, ClinicLevel(clinic_id, level)))
    if (after.organisation, set(after.clinics)) == (inherited.organisation, set(inherited.clinics)):
        return None
    if version is not None and version != inherited.version:
        raise Outdated("Read the settings again and repeat the change if it still fits.", version=inherited.version)
    return Change(after, Event("settings.changed", {"clinic_id": clinic_id}))


def inherited_view(inherited: Inherited) -> dict[str, Any]:
    """As contracts.room_settings.InheritedSettings."""
    clinics = [{"clinic_id": each.clinic_id, **_level_view(each.level)} for each in inherited.clinics]
    return {
        "organisation": _level_view(inherited.organisation),
        "clinics": sorted(clinics, key=lambda each: str(each["clinic_id"])),
        "version": inherited.version,
    }


def _above(inherited: Inherited | None, clinic_id: str | None) -> tuple[tuple[str, Level], ...]:
    if inherited is None:
        return ()
    clinic = ((CLINIC, inherited.clinic(clinic_id)),) if clinic_id else ()
    return ((ORGANISATION, inherited.organisation), *clinic)


def _level_view(level: Level) -> dict[str, Any]:
    view = {each.name: getattr(level, each.name) for each in fields(level)}
    if level.entry_fields is not None:
        view["entry_fields"] = [asdict(each) for each in level.entry_fields]
    return {**view, "locked": sorted(level.locked)}


def _entry_fields(given: list[dict[str, Any]]) -> tuple[EntryField, ...]:
    """Each under its key; a field without one gets the first `field-<n>` that is free."""
    taken = {one["key"] for one in given if "key" in one}
    free = (key for number in range(1, len(given) + len(taken) + 1) if (key := f"field-{number}") not in taken)
    return tuple(
        EntryField(
            key=one.get("key") or next(free),
            label=one["label"],
            kind=one["kind"],
            required=one["required"],
            choices=tuple(one["choices"]),
        )
        for one in given
    )
