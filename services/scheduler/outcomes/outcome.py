"""What is kept of a session's outcome, and how it is shown. Pure."""

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from services.scheduler.outcomes.verdict import Timeline


@dataclass(frozen=True)
class Correction:
    """What a member says instead, and why."""

    outcome: str
    reason: str
    member_id: str
    at: datetime


@dataclass(frozen=True)
class Outcome:
    """`by_evidence` with the `timeline` that it was told from; a `correction` counts before it, and both are kept."""

    by_evidence: str
    decided_at: datetime
    timeline: Timeline
    correction: Correction | None = None

    @property
    def counts(self) -> str:
        """The outcome that counts."""
        return self.correction.outcome if self.correction else self.by_evidence


def outcome_view(outcome: Outcome | None) -> dict[str, Any] | None:
    """As contracts.scheduler.OutcomeView."""
    if outcome is None:
        return None
    return {
        "outcome": outcome.counts,
        "by_evidence": outcome.by_evidence,
        "decided_at": outcome.decided_at,
        **asdict(outcome.timeline),
        "correction": asdict(outcome.correction) if outcome.correction else None,
    }
