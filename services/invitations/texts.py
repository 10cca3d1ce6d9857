"""The words of a mail in the recipient's language. Pure, but for the catalogues that are read at start."""

from dataclasses import dataclass
from pathlib import Path

from plumbing import texts as catalogues
from services.invitations import times
from services.invitations.invitation import Invitation, Planned

TEXTS = catalogues.load(Path(__file__).parent)


@dataclass(frozen=True)
class Words:
    """What differs from one invitation to another; `day`, `hours` and `zone` are empty where no time is planned.

    `before` says when it was planned before it was moved.
    """

    language: str
    direction: str
    organisation: str
    subject: str
    heading: str
    opening: str
    help: str
    button: str
    day: str = ""
    hours: str = ""
    zone: str = ""
    before: str = ""


@dataclass(frozen=True)
class Occasion:
    """Why this mail is sent, beside the invitation: its time was another before, or it comes near."""

    moved_from: Planned | None = None
    reminding: int | None = None


SOON_MINUTES = 60
"""From then on a reminder says that one may come in already."""


def words(invitation: Invitation, occasion: Occasion = Occasion()) -> Words:
    """The words of this invitation, of its cancellation, or of what the occasion is; in its language."""
    language = TEXTS.choose([invitation.language])
    gettext = TEXTS.translations(language).gettext
    sender, planned = invitation.sender, invitation.planned
    names = {
        "sender": kept_in_order(sender.name, language),
        "organisation": kept_in_order(sender.organisation, language),
        # no-break spaces, so that a number stays in one line
        "phone": kept_in_order((sender.phone or "").replace(" ", "\u00a0"), language),
    }
    person = sender.name != sender.organisation
    heading = invitation.title or (gettext("Video call with %(sender)s") % names)
    if invitation.cancelled_at:
        subject = gettext("Cancelled: %(title)s") % {"title": heading}
        opening = gettext("This video call will not take place. You need not do anything.")
    elif occasion.reminding is not None:
        subject = gettext("Reminder: %(title)s") % {"title": heading}
        opening = (
            gettext("Your video call with %(sender)s begins soon. You can open it now and wait inside.")
            if occasion.reminding <= SOON_MINUTES
            else gettext("This is a reminder of your video call with %(sender)s.")
        ) % names
    elif occasion.moved_from:
        subject = gettext("New time: %(title)s") % {"title": heading}
        opening = (
            gettext("%(sender)s of %(organisation)s has moved your video call.")
            if person
            else gettext("%(organisation)s has moved your video call.")
        ) % names
    else:
        subject = heading
        opening = (
            gettext("%(sender)s of %(organisation)s invites you to a video call.")
            if person
            else gettext("%(organisation)s invites you to a video call.")
        ) % names
    return Words(
        language=language,
        direction=catalogues.direction(language),
        organisation=sender.organisation,
        subject=subject,
        heading=heading,
        opening=opening,
        help=_help(bool(sender.email), bool(sender.phone), language) % names,
        button=gettext("Join the call"),
        day=times.day(planned, language) if planned else "",
        hours=times.hours(planned, language) if planned else "",
        zone=times.zone(planned, language) if planned else "",
        before=_before(occasion.moved_from, language) if occasion.moved_from and not invitation.cancelled_at else "",
    )


def _before(moved_from: Planned, language: str) -> str:
    gettext = TEXTS.translations(language).gettext
    when = {name: how(moved_from, language) for name, how in _WHEN.items()}
    return gettext("It was planned for %(day)s, %(hours)s, %(zone)s.") % when


_WHEN = {"day": times.day, "hours": times.hours, "zone": times.zone}


def _help(replies_are_read: bool, phone: bool, language: str) -> str:
    gettext = TEXTS.translations(language).gettext
    if replies_are_read and phone:
        return gettext("Questions? Reply to this e-mail, or ring %(phone)s.")
    if replies_are_read:
        return gettext("Questions? Reply to this e-mail.")
    if phone:
        return gettext("Questions? Ring %(phone)s. Nobody reads replies to this e-mail.")
    return gettext("Nobody reads replies to this e-mail. If you have questions, please contact %(organisation)s.")


def kept_in_order(name: str, language: str) -> str:
    """A name inside a right-to-left line, isolated so that it does not pull its neighbours round (Unicode UAX #9)."""
    return f"\u2068{name}\u2069" if name and catalogues.direction(language) == "rtl" else name
