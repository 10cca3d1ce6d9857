"""What one caller costs whoever lets them in: turns, read out of the recent visits of a queue. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from statistics import median

from services.waiting.estimating.estimate import MOST_TURNS

# A longer pause is none between two callers: somebody has gone to do something else.
LONGEST_PAUSE = timedelta(minutes=15)
# Who let nobody in for so long does not work in this queue now.
_AT_WORK_FOR = timedelta(minutes=90)
_A_MOMENT = 60.0


@dataclass(frozen=True)
class Visit:
    """A caller who was let in: by whom, and until when they were there; `ended_at` none while they are."""

    member_id: str
    waiting_since: datetime
    began_at: datetime
    ended_at: datetime | None


def work_of(
    visits: Iterable[Visit], longest_waiting: datetime | None, now: datetime
) -> tuple[tuple[float, ...], tuple[float | None, ...]]:
    """`turns` and `at_work` of estimate.Queue. `longest_waiting`: since when the first in the queue waits, none when it is empty.

    Callers who are in a call together are one turn. What lies between two turns counts with the first one when the next caller
    was already there; after the others the usual one of these is added.
    """
    rows = list(_rows(visits))
    between = [
        (after.began_at - before.ended_at).total_seconds()
        for row in rows
        for before, after in _pairs(row)
        if before.ended_at and _was_there(before.ended_at, after)
    ]
    usual = median(between) if between else 0.0
    ended = sorted((end, seconds) for row in rows for end, seconds in _turns(row, usual))
    at_work = [
        _since(row[-1], longest_waiting, usual, now)
        for row in rows
        if row[-1].ended_at is None or now - row[-1].ended_at <= _pause_allowed(longest_waiting, row[-1].ended_at, now)
    ]
    return tuple(seconds for _, seconds in ended[-MOST_TURNS:]), tuple(at_work)


def _rows(visits: Iterable[Visit]) -> Iterable[list[Visit]]:
    """For each member what they did one after the other; visits that overlap are one."""
    by_member: dict[str, list[Visit]] = {}
    for visit in sorted(visits, key=lambda each: each.began_at):
        row = by_member.setdefault(visit.member_id, [])
        if row and (row[-1].ended_at is None or visit.began_at < row[-1].ended_at):
            row[-1] = _together(row[-1], visit)
        else:
            row.append(visit)
    return by_member.values()


def _together(one: Visit, other: Visit) -> Visit:
    ends = (one.ended_at, other.ended_at)
    last = None if ends[0] is None or ends[1] is None else max(ends[0], ends[1])
    return Visit(one.member_id, one.waiting_since, one.began_at, last)


def _pairs(row: Sequence[Visit]) -> Iterable[tuple[Visit, Visit]]:
    return pairwise(row)


def _was_there(ended_at: datetime, after: Visit) -> bool:
    return after.waiting_since <= ended_at and after.began_at - ended_at <= LONGEST_PAUSE


def _turns(row: Sequence[Visit], usual: float) -> Iterable[tuple[datetime, float]]:
    for position, visit in enumerate(row):
        if visit.ended_at is None:
            continue
        after = row[position + 1] if position + 1 < len(row) else None
        if after and _was_there(visit.ended_at, after):
            yield visit.ended_at, (after.began_at - visit.began_at).total_seconds()
        else:
            yield visit.ended_at, (visit.ended_at - visit.began_at).total_seconds() + usual


def _pause_allowed(longest_waiting: datetime | None, ended_at: datetime, now: datetime) -> timedelta:
    """Who pauses although somebody waits has gone; who has nobody to take is still there."""
    somebody_waits = longest_waiting is not None and longest_waiting <= now - LONGEST_PAUSE
    return LONGEST_PAUSE if somebody_waits else _AT_WORK_FOR


def _since(last: Visit, longest_waiting: datetime | None, usual: float, now: datetime) -> float | None:
    """Seconds of the turn that they are in; none for who is free."""
    since = (now - last.began_at).total_seconds()
    if last.ended_at is None:
        return since
    if longest_waiting is None:
        return None
    # whoever would be free would have taken the one who waits by now
    just_came = longest_waiting > last.ended_at and (now - longest_waiting).total_seconds() <= max(usual, _A_MOMENT)
    return None if just_came else since
