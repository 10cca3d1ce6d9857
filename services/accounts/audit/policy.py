"""How long an organisation keeps its audit log. Pure."""

from dataclasses import replace
from datetime import datetime, timedelta

from plumbing.store import Change, Event
from services.accounts.organisation import Organisation

# an origin is used as long as its sign-in lasts, and entries of that time need it
_ORIGINS_LONGER = timedelta(days=7)


def keep_for(organisation: Organisation, keep_days: int) -> Change[Organisation] | None:
    """Entries are kept for that many days from now on, those that are there too."""
    before = organisation.audit_keep_days
    if keep_days == before:
        return None
    said = {"organisation_id": organisation.id, "keep_days": keep_days, "keep_days_before": before}
    return Change(replace(organisation, audit_keep_days=keep_days), Event("audit.policy_changed", said))


def over_before(keep_days: int, now: datetime) -> tuple[datetime, datetime]:
    """Which entries, and which origins, are past their time: those from before."""
    entries = now - timedelta(days=keep_days)
    return entries, entries - _ORIGINS_LONGER
