"""What became of a session, by the evidence of who came when. Pure.

Nobody is blamed who waited: a guest who came is never absent, and one who was still there when the session should have begun,
with no host, was kept waiting by the clinician. That a patient was absent takes a host who was there to see it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

COMPLETED, TECHNICAL_FAILURE = "completed", "technical_failure"
PATIENT_ABSENT, CLINICIAN_ABSENT = "patient_absent", "clinician_absent"
LEFT_WITHOUT_BEING_SEEN = "left_without_being_seen"

# A session is judged so long after its planned end, and not while anybody is still there.
GRACE = timedelta(minutes=15)
LOOKS_AGAIN_AFTER = timedelta(minutes=5)
# What is heard later than this changes nothing any more.
CLOSED_AFTER = timedelta(days=2)


@dataclass(frozen=True)
class Visit:
    """A guest with a link of the session: when they arrived, were let in, were in the call, and went; `reason` as waiting says."""

    arrived_at: datetime
    admitted_at: datetime | None = None
    joined_at: datetime | None = None
    left_at: datetime | None = None
    reason: str | None = None


@dataclass(frozen=True)
class Presence:
    """A member in the room's call."""

    joined_at: datetime
    left_at: datetime | None = None


@dataclass(frozen=True)
class Evidence:
    """Ordered by when each came."""

    visits: tuple[Visit, ...] = ()
    presences: tuple[Presence, ...] = ()

    @property
    def somebody_is_there(self) -> bool:
        """Whether a guest has not left."""
        return any(visit.left_at is None for visit in self.visits)


@dataclass(frozen=True)
class Timeline:
    """What people read of the evidence: the first guest's arrival, when one was let in, when the first host came, when the last guest went."""

    arrived_at: datetime | None = None
    admitted_at: datetime | None = None
    host_came_at: datetime | None = None
    left_at: datetime | None = None


def verdict(evidence: Evidence, starts_at: datetime) -> str:
    """One of the outcomes, for everything that can have happened."""
    visits, host_was_there = evidence.visits, bool(evidence.presences)
    if not visits:
        return PATIENT_ABSENT if host_was_there else CLINICIAN_ABSENT
    seen = [visit for visit in visits if visit.joined_at]
    if seen:
        return TECHNICAL_FAILURE if all(visit.reason == TECHNICAL_FAILURE for visit in seen) else COMPLETED
    if any(visit.admitted_at for visit in visits):
        # let in, and yet never in the call
        return TECHNICAL_FAILURE
    waited_for_it = any(visit.left_at is None or visit.left_at > starts_at for visit in visits)
    return CLINICIAN_ABSENT if waited_for_it and not host_was_there else LEFT_WITHOUT_BEING_SEEN


def timeline(evidence: Evidence) -> Timeline:
    """The evidence, as far as people need it to understand the verdict."""
    return Timeline(
        arrived_at=_first(visit.arrived_at for visit in evidence.visits),
        admitted_at=_first(visit.admitted_at for visit in evidence.visits),
        host_came_at=_first(presence.joined_at for presence in evidence.presences),
        left_at=_last([visit.left_at for visit in evidence.visits]),
    )


def _first(moments: Iterable[datetime | None]) -> datetime | None:
    return min((each for each in moments if each), default=None)


def _last(moments: Sequence[datetime | None]) -> datetime | None:
    """None while one of them is to come."""
    known = [each for each in moments if each]
    return max(known) if known and len(known) == len(moments) else None
