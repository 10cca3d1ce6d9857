"""Sessions and series as others read them."""

from dataclasses import asdict
from typing import Any

from services.scheduler import reminders
from services.scheduler.outcomes.outcome import outcome_view
from services.scheduler.series.series import Series
from services.scheduler.session import Session


def session_view(session: Session) -> dict[str, Any]:
    """As contracts.scheduler.SessionView."""
    return {
        **asdict(session),
        "reminders": [reminders.view(each) for each in session.reminders],
        "outcome": outcome_view(session.outcome),
    }


def series_view(series: Series, sessions: list[Session]) -> dict[str, Any]:
    """As contracts.scheduler.SeriesView."""
    return {**asdict(series), "items": [session_view(session) for session in sessions]}
