"""How an organisation or a clinic words its mails: with names and titles, or neutrally; and who gets the replies. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from plumbing.store import Change, Event
from services.invitations.invitation import Sender

SENDER, CLINIC = "sender", "clinic"
_WORDS = ("neutral", "reply_to", "shown_name", "phone_region")


@dataclass(frozen=True)
class MailSettings:
    """`id` is the clinic's, or the organisation's own. `neutral`: no title, no message, no name but `shown_name`.

    `shown_name` stands in place of the organisation's name, for one that says too much in a mailbox others may see.
    `phone_region` (ISO 3166-1 alpha-2): whose telephone numbers may be written without country code; the organisation's counts.
    """

    id: str
    organisation_id: str
    clinic_id: str | None = None
    neutral: bool = False
    reply_to: str = SENDER
    shown_name: str | None = None
    phone_region: str | None = None
    version: int = 0


def begun(above: MailSettings, clinic_id: str | None) -> MailSettings:
    """A level's settings before its first change: those that held for it until then."""
    return replace(above, id=clinic_id or above.organisation_id, clinic_id=clinic_id, version=0)


def change(known: MailSettings, wanted: Mapping[str, Any]) -> Change[MailSettings] | None:
    """The settings with what is wanted; what is so already is no change."""
    after = replace(known, **{name: wanted[name] for name in _WORDS if name in wanted})
    if after == known:
        return None
    return Change(after, Event("mail.settings_changed", {"clinic_id": known.clinic_id}))


def view(known: MailSettings) -> dict[str, Any]:
    """As contracts.invitations.MailSettingsView."""
    return {name: getattr(known, name) for name in _WORDS}


def worded(sender: Sender, clinic_address: str | None, settings: MailSettings) -> Sender:
    """The sender as the mail may name them. A neutral mail names no person, and replies to it never show one's address."""
    shown = settings.shown_name or sender.organisation
    name = shown if settings.neutral or sender.name == sender.organisation else sender.name
    to_clinic = settings.neutral or settings.reply_to == CLINIC
    # without an address of the clinic, who sends is better than nobody, where a name may be shown
    email = clinic_address or (None if settings.neutral else sender.email) if to_clinic else sender.email
    return replace(sender, name=name, organisation=shown, email=email)
