"""The entrypoints of invitations that fill files of their own; `services.invitations.service` puts them together."""

from dataclasses import replace
from typing import Any, Protocol

from contracts import accounts, rooms, scheduler
from contracts.errors import NotFound
from contracts.guests import MOST_EVER
from plumbing.services import Call, Caller
from services.invitations import invitation as rules
from services.invitations import repeating, sending
from services.invitations.mail_settings import MailSettings
from services.invitations.phones import Texting, is_number
from services.invitations.recipients import understand
from services.invitations.store import InvitationsStore


class Sending(Protocol):
    """What they need of the process's postman, and of how it is set."""

    most_recipients: int
    texts_offered: bool
    base_url: str
    link_key: bytes
    sms_secret: str
    bounce_secret: bytes

    def wake(self) -> None:
        """There is something new to send."""

    def token_of_link(self, recipient_id: str, generation: int) -> str:
        """A recipient's link, made again."""

    def hash_of_link(self, recipient_id: str, generation: int) -> str:
        """What is stored of a recipient's link."""


class Entrypoints:
    """What each of them stands on."""

    store: InvitationsStore
    calls: Caller
    mail: Sending

    def _sender(self, settings: MailSettings, call: Call) -> tuple[dict[str, Any], rules.Sender]:
        organisation = self._read(accounts.GET_ORGANISATION, {}, call)
        member = self._read(accounts.GET_MEMBER, {"member_id": call.actor.id}, call) if is_member(call) else None
        return organisation, sending.sender_of(call.actor, member, organisation, settings)

    def _texting(self, organisation_id: str | None, typed: str) -> Texting:
        """What is so about texts to those who were typed."""
        above = self.store.mail_settings_for(organisation_id or "", None)
        texting = Texting(self.mail.texts_offered, above.phone_region)
        numbers = [verdict.address for verdict in understand(typed, MOST_EVER, texting) if verdict.address]
        opted_out = self.store.opted_out.among(organisation_id or "", filter(is_number, numbers))
        return replace(texting, opted_out=opted_out)

    def _series(self, session: dict[str, Any] | None, organisation_id: str | None) -> rules.Repeats | None:
        view = self._series_view(session, organisation_id)
        return repeating.repeats_of(view) if view else None

    def _series_view(self, session: dict[str, Any] | None, organisation_id: str | None) -> dict[str, Any] | None:
        if session is None or session.get("series_id") is None:
            return None
        asked = {"series_id": session["series_id"]}
        found: dict[str, Any] = self.calls(scheduler.GET_SERIES, asked, organisation_id=organisation_id)
        return found

    def _room(self, room_id: str, call: Call) -> dict[str, Any]:
        """The room as whoever asks sees it; another organisation's is not found."""
        room: dict[str, Any] = self.calls(rooms.GET_ROOM, {"room_id": room_id}, call.actor)
        if room["organisation_id"] != call.organisation_id:
            raise NotFound
        return room

    def _read(self, command: Any, asked: dict[str, Any], call: Call) -> dict[str, Any]:
        """Read for a mail: as the member who sends it; for a program by ourselves, whose scopes are about other things."""
        actor = call.actor if is_member(call) else None
        found: dict[str, Any] = self.calls(command, asked, actor, organisation_id=call.organisation_id)
        return found


def is_member(call: Call) -> bool:
    """Whether a person asks who is signed in."""
    return call.actor.kind == "member"
