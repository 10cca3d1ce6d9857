"""Where somebody stands in the line, and why. Pure.

Each place is a moment, and who has the earlier one stands before. The policy of the room says which moment that is when they arrive; a host
who lets somebody go first says why, and that is kept.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from contracts.waiting_order import ACUITY, APPOINTMENT, ARRIVAL, MOVED_UP, ROUTINE, SOON, URGENT

# who comes later than this has missed the place of their appointment, so that nobody who is in time waits for them
LATE_AFTER = timedelta(minutes=10)
# how long somebody should wait at most, where nothing else is set
TARGET = timedelta(minutes=30)
# so much earlier does who is urgent stand than who came in the same moment
EARLIER = {ROUTINE: timedelta(), SOON: timedelta(minutes=20), URGENT: timedelta(minutes=60)}
_BEFORE = timedelta(milliseconds=1)


@dataclass(frozen=True)
class Standing:
    """The place in the line: `at` is what decides, and `by` says why. Where the staff have let them go first, or said how urgent they are (`acuity`): who, when and for which reason.
    `unranked_at`: where they would stand by the policy alone.
    """

    at: datetime
    by: str = ARRIVAL
    member_id: str | None = None
    member_name: str | None = None
    reason: str | None = None
    moved_at: datetime | None = None
    acuity: str | None = None
    unranked_at: datetime | None = None


def standing(policy: str, arrived_at: datetime, planned_at: datetime | None) -> Standing:
    """Of who arrives. By appointment, who comes before or up to ten minutes after theirs stands at its time, everybody else at their arrival."""
    if policy == APPOINTMENT and planned_at is not None and arrived_at <= planned_at + LATE_AFTER:
        return Standing(planned_at, APPOINTMENT)
    return Standing(arrived_at)


def ranked(before: Standing, acuity: str, *, member_id: str, member_name: str, reason: str, now: datetime) -> Standing:
    """As if they had come earlier, by how urgent they are. Nobody is passed for ever: who waits longer than that stands before.

    Somebody who was let go first before all others stays there at least until that is taken back by `routine`.
    """
    policy = before.unranked_at or before.at
    at = policy - EARLIER[acuity]
    if before.by == MOVED_UP and acuity != ROUTINE:
        at = min(at, before.at)
    return Standing(at, ACUITY, member_id, member_name, reason, now, acuity, policy)


def first(others: Iterable[Standing], *, member_id: str, member_name: str, reason: str, now: datetime) -> Standing:
    """Before all of the others."""
    front = min((other.at for other in others), default=now)
    return Standing(min(front, now) - _BEFORE, MOVED_UP, member_id, member_name, reason, now)
