"""Sessions and series as others read them."""

from dataclasses import asdict
from typing import Any

from services.scheduler import reminders
from services.scheduler.outcomes.outcome import outcome_view
from services.scheduler.planned import Planned, choices
from services.scheduler.series.series import Series
from services.scheduler.session import Session


def session_view(session: Session) -> dict[str, Any]:
    """As contracts.scheduler.SessionView."""
    return {
        **asdict(session),
        "planned": _times(session.planned),
        "reminders": [reminders.view(each) for each in session.reminders],
        "outcome": outcome_view(session.outcome),
    }


def _times(planned: Planned) -> dict[str, Any]:
    """As contracts.scheduler.SessionTimes; `choices` only where there is one."""
    both = [{"which": which, "starts_at": starts_at} for which, starts_at in choices(planned)]
    return {**asdict(planned), **({"choices": both} if both else {})}


def series_view(series: Series, sessions: list[Session]) -> dict[str, Any]:
    """As contracts.scheduler.SeriesView."""
    return {**asdict(series), "items": [session_view(session) for session in sessions]}
