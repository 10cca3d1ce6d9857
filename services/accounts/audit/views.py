"""Entries as owners read them: names are looked up now, so that none is kept. Pure."""

from collections.abc import Mapping
from typing import Any

from contracts.actor import PUBLIC
from services.accounts.audit.entry import PROCESSES, Entry
from services.accounts.audit.origin import Origin

_MEMBER = "member/"


def member_ids(entries: list[Entry]) -> set[str]:
    """Of whom the names may be needed."""
    subjects = {
        entry.subject[len(_MEMBER) :] for entry in entries if entry.subject and entry.subject.startswith(_MEMBER)
    }
    return subjects | {entry.who for entry in entries}


def entry_view(
    entry: Entry, names: Mapping[str, str], origins: Mapping[str, Origin], clients: Mapping[str, str] | None = None
) -> dict[str, Any]:
    """As contracts.audit.AuditEntry. `names` of members and `clients` of API clients, by id."""
    client = (clients or {}).get(entry.who)
    kind = "api_client" if client else _kind(entry.who, names)
    found = origins.get(entry.origin_id or "")
    subject = entry.subject or ""
    return {
        "id": entry.id,
        "at": entry.at,
        "who": {"id": entry.who, "kind": kind, "name": client or names.get(entry.who)},
        "how": entry.how,
        "what": entry.what,
        "subject": entry.subject,
        "subject_name": names.get(subject[len(_MEMBER) :]) if subject.startswith(_MEMBER) else None,
        "subjects": list(entry.subjects),
        "data": dict(entry.data),
        "origin": (
            {"sign_in_id": found.sign_in_id, "network": found.network, "browser": found.browser} if found else None
        ),
    }


def _kind(who: str, names: Mapping[str, str]) -> str:
    if who in names:
        return "member"
    if who == PUBLIC.id:
        return "nobody"
    return "process" if who in PROCESSES or who == "operator" else "other"
