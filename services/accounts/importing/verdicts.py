"""What will become of each row: somebody is invited, a member changes, nothing changes, or it is refused and why. Pure."""

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from contracts.actor import ROLES, Actor
from contracts.errors import Forbidden, Invalid
from contracts.people import LANGUAGES
from services.accounts import member
from services.accounts.addresses import Address, read_address
from services.accounts.importing.table import Row
from services.accounts.member import OWNER, Member
from services.accounts.organisation import Clinic

INVITE, CHANGE, UNCHANGED, REFUSE = "invite", "change", "unchanged", "refuse"
_LONGEST_NAME = 80
_LONGEST_ADDRESS = 254
# a spreadsheet that opens a list of members would carry it out
_FORMULA = ("=", "+", "-", "@", "＝", "＋", "－", "＠")


@dataclass(frozen=True)
class Problem:
    """`code` is for programs and translations, `detail` for who reads English; `value` what was wrong."""

    field: str
    code: str
    detail: str
    value: str = ""


@dataclass(frozen=True)
class Wanted:
    """What a row asks for. An empty `name`, `role` or `clinic_ids` of None leaves a member as they are."""

    line: int
    email: str
    email_key: str
    name: str
    role: str
    clinic_ids: tuple[str, ...] | None
    language: str | None


@dataclass(frozen=True)
class Verdict:
    """`email`, `name`, `role` and `clinics` are as the row says them; `changes` are [(field, before, after)]."""

    line: int
    email: str
    name: str
    role: str
    clinics: tuple[str, ...]
    will: str
    wanted: Wanted | None = None
    changes: tuple[tuple[str, str, str], ...] = ()
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True)
class Reading:
    """A row that was read, before anybody knows who has its address."""

    row: Row
    clinics: tuple[str, ...]
    wanted: Wanted | None
    problems: tuple[Problem, ...]


def read_rows(rows: Iterable[Row], clinics: tuple[Clinic, ...]) -> list[Reading]:
    """Each row by itself, and held against those above it for addresses that come twice."""
    by_name: dict[str, list[Clinic]] = {}
    for clinic in clinics:
        by_name.setdefault(_plain(clinic.name), []).append(clinic)
    seen: dict[str, int] = {}
    return [_read(row, by_name, seen) for row in rows]


def judge(reading: Reading, found: Member | None, clinic_names: Mapping[str, str], actor: Actor) -> Verdict:
    """What will happen; `found` is whoever has the address, in any organisation. `clinic_names`: those of the organisation, by id."""
    cells = reading.row.cells
    shown = (reading.row.line, cells.get("email", ""), cells.get("name", ""), cells.get("role", ""), reading.clinics)
    problems, wanted = reading.problems, reading.wanted
    if wanted:
        problems += tuple(_objections(wanted, found, actor))
    if problems or wanted is None:
        return Verdict(*shown, will=REFUSE, problems=problems)
    if found is None:
        return Verdict(*shown, will=INVITE, wanted=wanted)
    after = apply(found, wanted)
    changes = []
    if after["role"] != found.role:
        changes.append(("role", found.role, after["role"]))
    if set(after["clinic_ids"]) != set(found.clinic_ids):
        names = [
            ", ".join(sorted(clinic_names.get(id, "?") for id in ids))
            for ids in (found.clinic_ids, after["clinic_ids"])
        ]
        changes.append(("clinics", names[0], names[1]))
    return Verdict(*shown, will=CHANGE if changes else UNCHANGED, wanted=wanted, changes=tuple(changes))


def apply(found: Member, wanted: Wanted) -> dict[str, Any]:
    """What of a member becomes as the row wants it: name and language are the member's own to choose."""
    clinic_ids = found.clinic_ids if wanted.clinic_ids is None else wanted.clinic_ids
    if set(clinic_ids) == set(found.clinic_ids):
        clinic_ids = found.clinic_ids
    return {"role": wanted.role or found.role, "clinic_ids": clinic_ids}


def _objections(wanted: Wanted, found: Member | None, actor: Actor) -> Iterable[Problem]:
    if found is not None and found.organisation_id != actor.organisation_id:
        yield Problem("email", "taken", "This address belongs to a member already.", wanted.email)
        return
    if found is None and not wanted.role:
        yield Problem("role", "missing", "Say which role: " + ", ".join(ROLES) + ".")
    if wanted.role:
        try:
            member.may_add(wanted.role, actor)
        except Forbidden as refused:
            yield Problem("role", "not_allowed", refused.detail, wanted.role)
    if found is not None and apply(found, wanted)["clinic_ids"] != found.clinic_ids:
        try:
            member.may_change(found, None, actor)
        except Forbidden as refused:
            yield Problem("clinics", "not_allowed", refused.detail)
    if found is not None and found.role == OWNER and wanted.role not in ("", OWNER):
        yield Problem(
            "role", "owner", "An owner is given another role on the page of members, not by a table.", found.role
        )


def _read(row: Row, clinics: Mapping[str, list[Clinic]], seen: dict[str, int]) -> Reading:
    problems: list[Problem] = []
    cells = row.cells
    if row.stray:
        problems.append(
            Problem("", "stray", "There is more in this row than the first line names. Is a quote missing?")
        )
    address = _address(cells.get("email", ""), row.line, seen, problems)
    name = cells.get("name", "")
    if name.startswith(_FORMULA):
        problems.append(Problem("name", "formula", "A name cannot begin with = + - or @.", name[:_LONGEST_NAME]))
    elif len(name) > _LONGEST_NAME:
        problems.append(Problem("name", "too_long", f"A name has at most {_LONGEST_NAME} characters."))
    role = cells.get("role", "").casefold()
    if role and role not in ROLES:
        problems.append(
            Problem("role", "unknown", "There is no such role: " + ", ".join(ROLES) + ".", cells["role"][:40])
        )
    names, clinic_ids = _clinics(cells.get("clinics", ""), clinics, problems)
    language = cells.get("language", "").casefold().replace("_", "-").partition("-")[0]
    if language and language not in LANGUAGES:
        known = ", ".join(LANGUAGES)
        problems.append(Problem("language", "unknown", f"There is no such language: {known}.", cells["language"][:40]))
    if problems or address is None:
        return Reading(row, names, None, tuple(problems))
    wanted = Wanted(row.line, address.text, address.key, name, role, clinic_ids, language or None)
    return Reading(row, names, wanted, ())


def _address(text: str, line: int, seen: dict[str, int], problems: list[Problem]) -> Address | None:
    if not text:
        problems.append(Problem("email", "missing", "There is no e-mail address."))
        return None
    if text.startswith(_FORMULA):
        problems.append(
            Problem("email", "formula", "An address cannot begin with = + - or @ here.", text[:_LONGEST_ADDRESS])
        )
        return None
    try:
        address = read_address(text[: _LONGEST_ADDRESS + 1])
    except Invalid:
        problems.append(Problem("email", "unreadable", "This is not an e-mail address.", text[:_LONGEST_ADDRESS]))
        return None
    first = seen.setdefault(address.key, line)
    if first != line:
        problems.append(Problem("email", "twice", f"The same address is on line {first}.", str(first)))
    return address


def _clinics(
    text: str, known: Mapping[str, list[Clinic]], problems: list[Problem]
) -> tuple[tuple[str, ...], tuple[str, ...] | None]:
    """Names between semicolons (or bars, where the table itself uses semicolons)."""
    names = tuple(name.strip() for name in text.replace("|", ";").split(";") if name.strip())
    found: list[str] = []
    for name in names:
        meant = known.get(_plain(name), [])
        if len(meant) == 1:
            found.append(meant[0].id)
        elif meant:
            problems.append(Problem("clinics", "ambiguous", f"Several clinics are called {name}.", name))
        else:
            problems.append(Problem("clinics", "unknown", f"There is no clinic called {name}.", name[:_LONGEST_NAME]))
    return names, tuple(dict.fromkeys(found)) if names else None


def _plain(name: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())
