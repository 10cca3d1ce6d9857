"""What is kept of a participant, and what may become of them. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from contracts.actor import Actor
from contracts.errors import Conflict, Forbidden, Gone, NotFound
from contracts.guests import CLIENT, CLINICIAN
from contracts.session_participants import HOST
from plumbing.store import Change, Event

_CHANGEABLE = ("display_name", "picture", "role", "state", "phone")
# whoever comes late finds their room a while longer
OPEN_AFTER_END = timedelta(hours=24)
_CUSTOMISATION = "customisation;"
_ENDED = "This link no longer works. Ask whoever gave it to you for a new one."


@dataclass(frozen=True)
class Participant:
    """`link_hash`: the SHA-256 of their link's token; none once they were removed. `state` is the client's own text."""

    id: str
    organisation_id: str
    session_id: str
    client_id: str
    clinic_id: str
    role: str
    link_hash: str | None
    created_at: datetime
    display_name: str | None = None
    picture: str | None = None
    state: str | None = None
    phone: str | None = None
    removed_at: datetime | None = None


def said(participant: Participant, what: str) -> Event:
    """Ids, and nothing of who they are."""
    data = {"session_id": participant.session_id, "participant_id": participant.id}
    return Event(f"session_participant.{what}", data)


def made(
    asked: Mapping[str, Any], session: Mapping[str, Any], link_hash: str, *, id: str, now: datetime
) -> Participant:
    """As contracts.session_participants.NewParticipant, in a session (contracts.client_sessions.ClientSessionView)."""
    return Participant(
        id=id,
        organisation_id=session["organisation_id"],
        session_id=session["id"],
        client_id=session["client_id"],
        clinic_id=session["clinic_id"],
        link_hash=link_hash,
        created_at=now,
        **{name: asked[name] for name in _CHANGEABLE if asked.get(name) is not None},
    )


def own(participant: Participant, actor: Actor) -> Participant:
    """The participant, for the client whose session it is. Raises Forbidden for others."""
    if participant.client_id != actor.id or not actor.reaches(participant.clinic_id):
        raise Forbidden("This participant is of another client's session.")
    return participant


def check_own(session: Mapping[str, Any], actor: Actor) -> None:
    """Raises Forbidden for a session that another client made, or of a clinic that this one does not reach."""
    if session["client_id"] != actor.id or not actor.reaches(session["clinic_id"]):
        raise Forbidden("This session was not made by this client.")


def check_open(session: Mapping[str, Any]) -> None:
    """Raises NotFound for a session that was cancelled, Conflict for one that is over."""
    if session["state"] == "cancelled":
        raise NotFound
    if session["over"]:
        raise Conflict("This session is over; who took part in it can no longer be changed.", state=session["state"])


def change(participant: Participant, asked: Mapping[str, Any]) -> Change[Participant] | None:
    """What is given. Raises NotFound for one who was removed."""
    if participant.removed_at:
        raise NotFound
    after = replace(participant, **{name: asked[name] for name in _CHANGEABLE if name in asked})
    return None if after == participant else Change(after, (said(after, "changed"),))


def remove(participant: Participant, now: datetime) -> Change[Participant] | None:
    """Gone for good, and their link with them."""
    if participant.removed_at:
        return None
    return Change(replace(participant, removed_at=now, link_hash=None), (said(participant, "removed"),))


def check_link(session: Mapping[str, Any], now: datetime) -> None:
    """Raises Gone for the link of a session (contracts.scheduler.SessionView) that was cancelled, or is long over."""
    if session["state"] == "cancelled" or now >= datetime.fromisoformat(session["planned"]["ends_at"]) + OPEN_AFTER_END:
        raise Gone(_ENDED)


def return_to(flags: Iterable[str]) -> dict[str, str | None]:
    """Where guests go on when the call is over, of a session's feature flags; an address of the web, or none.

    As `return-url;https://clinic.example` or `customisation;exit-url;https://clinic.example`, and `return-label;Back`.
    """
    said = dict(_named(flag) for flag in flags)
    url = said.get("return-url") or said.get("exit-url")
    try:
        parts = urlsplit(url or "")
        is_address = parts.scheme in ("http", "https") and bool(parts.hostname)
    except ValueError:
        is_address = False
    return {
        "return_url": url if is_address else None,
        "return_label": (said.get("return-label") or None) if is_address else None,
    }


def _named(flag: str) -> tuple[str, str]:
    name, _, value = flag.removeprefix(_CUSTOMISATION).partition(";")
    return name.strip(), value.strip()


def opened_view(
    participant: Participant, session: Mapping[str, Any], organisation: Mapping[str, Any], flags: Iterable[str]
) -> dict[str, Any]:
    """As contracts.invitations.OpenedLink. A host signs in, as an invited clinician does."""
    return {
        **return_to(flags),
        "recipient_id": participant.id,
        "role": CLINICIAN if participant.role == HOST else CLIENT,
        "for_recipient_id": None,
        "invitation_id": None,
        "organisation_id": participant.organisation_id,
        "room_id": session["room_id"],
        "session_id": participant.session_id,
        "invited_name": participant.display_name,
        "sender_name": organisation["name"],
        "title": session["title"],
        "message": "",
        "planned": session["planned"],
        "language": organisation["language"],
    }


def participant_view(participant: Participant, entry_url: str) -> dict[str, Any]:
    """As contracts.session_participants.ParticipantView."""
    shown = ("id", "session_id", "client_id", *_CHANGEABLE, "created_at", "removed_at")
    return {**{name: getattr(participant, name) for name in shown}, "entry_url": entry_url}
