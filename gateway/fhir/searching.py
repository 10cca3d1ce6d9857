"""Search parameters (R5 §3.2.1): what is asked for, as bounds and tests over our views. Pure."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from contracts.errors import Invalid

MOST, USUAL = 200, 50
_DATE = re.compile(r"(eq|ge|gt|le|lt)?(\d{4}-\d{2}-\d{2})(T\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:\d{2}))?")
_YEAR, _FIRST = timedelta(days=366), datetime.min.replace(tzinfo=UTC)
_IGNORED = frozenset({"_format", "_pretty", "_summary"})
_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


@dataclass(frozen=True)
class Page:
    """`count` resources after the first `offset`."""

    count: int
    offset: int


def page(given: dict[str, Any]) -> Page:
    """`_count` (1 to 200; more is taken as 200) and our own `_offset`. Raises Invalid."""
    return Page(min(_number(given, "_count", USUAL, 1), MOST), _number(given, "_offset", 0, 0))


def only(given: dict[str, list[str]], known: frozenset[str]) -> dict[str, list[str]]:
    """The parameters, without what says nothing of the search. Raises Invalid for one that is unknown: it would find too much."""
    strange = sorted(given.keys() - known - _IGNORED - {"_count", "_offset"})
    if strange:
        raise Invalid(errors=[{"pointer": f"/{name}", "detail": "This is not searched by."} for name in strange])
    return {name: values for name, values in given.items() if name in known}


def bounds(dates: list[str]) -> tuple[datetime | None, datetime | None]:
    """[from, until) of when an appointment starts, all of `date` together; with an end alone, the year before it. Raises Invalid."""
    earliest: datetime | None = None
    latest: datetime | None = None
    for text in dates:
        prefix, begins, ends = _period(text)
        if prefix in ("eq", "ge", "gt"):
            begin = ends if prefix == "gt" else begins
            earliest = begin if earliest is None else max(earliest, begin)
        if prefix in ("eq", "le", "lt"):
            end = begins if prefix == "lt" else ends
            latest = end if latest is None else min(latest, end)
    if latest is not None and earliest is None:
        earliest = latest - min(_YEAR, latest - _FIRST)
    return earliest, latest


def reference(name: str, value: str, kind: str) -> str:
    """The id of `kind/id`, or of the id alone. Raises Invalid."""
    given = value.removeprefix(f"{kind}/")
    if not _ID.fullmatch(given):
        raise Invalid(errors=[{"pointer": f"/{name}", "detail": f"Give {kind}/<id>."}])
    return given


def _period(text: str) -> tuple[str, datetime, datetime]:
    found = _DATE.fullmatch(text.replace(" ", "+"))
    try:
        if found is None:
            raise ValueError(text)
        if found[3] is None:
            day = datetime.fromisoformat(found[2]).replace(tzinfo=UTC)
            return found[1] or "eq", day, day + timedelta(days=1)
        moment = datetime.fromisoformat(found[2] + found[3]).astimezone(UTC)
        return found[1] or "eq", moment, moment + timedelta(milliseconds=1)
    except (ValueError, OverflowError) as error:
        detail = "Give a date as in ge2026-11-30, or a moment with its offset as in lt2026-11-30T10:00:00Z."
        raise Invalid(errors=[{"pointer": "/date", "detail": detail}]) from error


def _number(given: dict[str, Any], name: str, usual: int, least: int) -> int:
    text = str(given.get(name, usual))
    if not re.fullmatch(r"\d{1,6}", text, re.ASCII) or int(text) < least:
        raise Invalid(errors=[{"pointer": f"/{name}", "detail": f"Give a number from {least}."}])
    return int(text)
