"""A session as others read it."""

from dataclasses import asdict
from typing import Any

from services.scheduler import reminders
from services.scheduler.outcomes.outcome import outcome_view
from services.scheduler.session import Session


def session_view(session: Session) -> dict[str, Any]:
    """As contracts.scheduler.SessionView."""
    return {
        **asdict(session),
        "reminders": [reminders.view(each) for each in session.reminders],
        "outcome": outcome_view(session.outcome),
    }
