"""What is kept of a series, and how its occurrences are booked: ordinary sessions, all of them or none. Pure."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from contracts.errors import Conflict
from plumbing.ids import follow
from plumbing.store import Event
from services.scheduler.planned import Planned
from services.scheduler.series.rule import Expanded, Recurrence
from services.scheduler.session import Session, conflict_view, in_the_way

Others = Callable[[Session], list[Session]]
"""The sessions at the same time as one, of whatever series."""


@dataclass(frozen=True)
class Series:
    """`planned` is the rule's first time. `left_out` and `skipped`: local starts that were taken, or that do not exist.

    `sequence` is the calendar's revision of the whole (RFC 5545 §3.8.7.4).
    """

    id: str
    organisation_id: str
    room_id: str
    title: str
    recurrence: Recurrence
    rule: str
    planned: Planned
    invitation_id: str | None
    created_by: str
    created_at: datetime
    skipped: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()
    sequence: int = 0
    version: int = 0


def series_of(session: Session, recurrence: Recurrence, expanded: Expanded) -> Series:
    """The series that begins with a session and takes its id."""
    return Series(
        id=session.id,
        organisation_id=session.organisation_id,
        room_id=session.room_id,
        title=session.title,
        recurrence=recurrence,
        rule=expanded.rule,
        planned=expanded.times[0],
        invitation_id=session.invitation_id,
        created_by=session.created_by,
        created_at=session.created_at,
        skipped=expanded.skipped,
    )


def occurrences(session: Session, expanded: Expanded) -> list[Session]:
    """A session like the first for each time; its id follows from the series' and its first local start."""
    return [
        replace(
            session,
            id=follow(session.id, f"occurrence {time.local_start}"),
            planned=time,
            series_id=session.id,
            recurrence_id=time.local_start,
        )
        for time in expanded.times
    ]


def book_all(wanted: list[Session], others: Others, *, override: bool, leave_out: bool) -> list[Session]:
    """Those that are booked, with what they overrode. Raises Conflict, which names every date that is taken and by what.

    `leave_out`: without the taken ones; refused when none is left. Occurrences that overlap each other are refused too.
    """
    placed, taken = place_all(wanted, others, override=override)
    if taken and not leave_out:
        choices = "Choose another time, leave these out, or book all the same."
        raise Conflict(f"{refusal_of(taken, len(wanted))} {choices}", conflicts=taken)
    if not placed:
        raise Conflict("The room or a host has another session on every one of these dates.", conflicts=taken)
    return placed


def place_all(wanted: list[Session], others: Others, *, override: bool) -> tuple[list[Session], list[dict[str, Any]]]:
    """Those that may be kept, and what is in the way of the rest: as a conflict, with the occurrence's local start."""
    placed: list[Session] = []
    taken: list[dict[str, Any]] = []
    for session in wanted:
        found = in_the_way(session, [*others(session), *placed])
        if found and not override:
            taken += [{"local_start": session.planned.local_start, **conflict_view(session, each)} for each in found]
        else:
            placed.append(replace(session, overrode=tuple(other.id for other in found)))
    return placed, taken


def refusal_of(taken: list[dict[str, Any]], wanted: int) -> str:
    """Which dates are in the way, in words: the first few by their day."""
    days = list(dict.fromkeys(each["local_start"][:10] for each in taken))
    more = f" and {len(days) - 5} more" if len(days) > 5 else ""
    return f"The room or a host has another session on {len(days)} of {wanted} dates: {', '.join(days[:5])}{more}."


def said_of(series: Series) -> dict[str, Any]:
    """What every event about a series says."""
    return {
        "series_id": series.id,
        "room_id": series.room_id,
        "invitation_id": series.invitation_id,
        "revision": series.sequence,
    }


def created(series: Series) -> Event:
    """What is said when a series is booked."""
    return Event("series.created", said_of(series))
