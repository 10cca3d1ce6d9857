"""Which types of events somebody wants: `room.created`, or `room.*` for every type of a kind. Pure."""

from collections.abc import Iterable

from contracts import catalogue
from services.integrations.paging import refused_at

KNOWN = frozenset(kind for speaker in catalogue.SPEAKERS for kind in catalogue.events(speaker))
_ALL_OF = ".*"


def wanted_types(asked: Iterable[str], pointer: str = "/types") -> tuple[str, ...]:
    """The types that are meant, each once, in alphabetical order; none for all. Raises Refused, naming one that is none."""
    found: set[str] = set()
    for one in asked:
        meant = _of_kind(one.removesuffix(_ALL_OF)) if one.endswith(_ALL_OF) else {one} & KNOWN
        if not meant:
            raise refused_at(pointer, f"There is no event type {one[:60]!r}.")
        found |= meant
    return tuple(sorted(found))


def split(text: str | None) -> list[str]:
    """What a query separates by commas."""
    return [part.strip() for part in text.split(",") if part.strip()] if text else []


def _of_kind(kind: str) -> set[str]:
    return {each for each in KNOWN if each.partition(".")[0] == kind}
