"""The words of a mail in the recipient's language. Pure, but for the catalogues that are read at start."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from contracts.guests import CARER, CLIENT, CLINICIAN, INTERPRETER
from plumbing import texts as catalogues
from services.invitations import series_texts, times
from services.invitations.invitation import Invitation, Planned

TEXTS = catalogues.load(Path(__file__).parent)


@dataclass(frozen=True)
class Words:
    """What differs from one invitation to another; `day`, `hours` and `zone` are empty where no time is planned.

    `before` says when it was planned before it was moved. Of a series, `day` says how it repeats, and `dates` when it is.
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
    message: str = ""
    dates: tuple[str, ...] = ()


@dataclass(frozen=True)
class Occasion:
    """Why this mail is sent, beside the invitation: its time was another before, it comes near, or its series changed; `role`: to whom.

    `removed`: the call takes place, and they are no longer asked to it.
    """

    moved_from: Planned | None = None
    reminding: int | None = None
    changed: bool = False
    role: str = CLIENT
    removed: bool = False


SOON_MINUTES = 60
"""From then on a reminder says that one may come in already."""


def words(invitation: Invitation, occasion: Occasion = Occasion()) -> Words:
    """The words of this invitation, of its cancellation, or of what the occasion is; in its language."""
    language = TEXTS.choose([invitation.language])
    gettext = TEXTS.translations(language).gettext
    sender = invitation.sender
    names = {
        "sender": kept_in_order(sender.name, language),
        "organisation": kept_in_order(sender.organisation, language),
        # no-break spaces, so that a number stays in one line
        "phone": kept_in_order((sender.phone or "").replace(" ", "\u00a0"), language),
    }
    heading = _heading(invitation, gettext) % names
    subject, opening = _said(invitation, occasion, gettext)
    when = _when(invitation, language)
    return Words(
        language=language,
        direction=catalogues.direction(language),
        organisation=sender.organisation,
        subject=subject % {"title": heading},
        heading=heading,
        opening=opening % names + _for_role(invitation, occasion.role, gettext),
        help=_help(bool(sender.email), bool(sender.phone), language) % names,
        button=gettext("Join the call"),
        day=when[0],
        hours=when[1],
        zone=when[2],
        dates=series_texts.dates(invitation.series, TEXTS, language) if invitation.series else (),
        before=_before(invitation, occasion.moved_from, language),
        message="" if invitation.cancelled_at or invitation.neutral else invitation.message,
    )


def _for_role(invitation: Invitation, role: str, gettext: Callable[[str], str]) -> str:
    """What somebody who is no client does there. For whom a carer or interpreter comes is the client's own affair."""
    said = {
        CARER: gettext("You come as a carer, and get in together with the person you accompany."),
        INTERPRETER: gettext("You come as an interpreter, and get in together with the person you interpret for."),
        CLINICIAN: gettext("You come as a clinician: sign in with your own account."),
    }
    return "" if invitation.cancelled_at or role not in said else f" {said[role]}"


def _heading(invitation: Invitation, gettext: Callable[[str], str]) -> str:
    """With a place for the sender's name; a title is taken as it is."""
    if invitation.neutral:
        return gettext("Your video call")
    return invitation.title.replace("%", "%%") or gettext("Video call with %(sender)s")


def _said(invitation: Invitation, occasion: Occasion, gettext: Callable[[str], str]) -> tuple[str, str]:
    """Subject and first sentence, with places for the title and for names. A neutral one names nobody."""
    person, neutral = invitation.sender.name != invitation.sender.organisation, invitation.neutral
    if occasion.removed:
        return gettext("No longer invited: %(title)s"), gettext(
            "You are no longer invited to this video call, and your link to it has ended. You need not do anything."
        )
    if invitation.cancelled_at:
        return gettext("Cancelled: %(title)s"), gettext(
            "This video call will not take place. You need not do anything."
        )
    if occasion.reminding is not None and occasion.reminding <= SOON_MINUTES:
        soon = gettext("Your video call with %(sender)s begins soon. You can open it now and wait inside.")
        unnamed = gettext("Your video call begins soon. You can open it now and wait inside.")
        return gettext("Reminder: %(title)s"), unnamed if neutral else soon
    if occasion.reminding is not None:
        named = gettext("This is a reminder of your video call with %(sender)s.")
        return gettext("Reminder: %(title)s"), gettext("This is a reminder of your video call.") if neutral else named
    if invitation.series:
        return series_texts.said(gettext, occasion.changed, person, neutral)
    if occasion.moved_from and _by_new_rules(occasion.moved_from, invitation.planned):
        return gettext("Please update your calendar: %(title)s"), gettext(
            "The rules for changing the clocks have changed in this time zone. Your video call stays at the time shown below, "
            "and this e-mail puts your calendar right."
        )
    if occasion.moved_from:
        by_person = gettext("%(sender)s of %(organisation)s has moved your video call.")
        by_all = (
            gettext("Your video call has been moved.")
            if neutral
            else gettext("%(organisation)s has moved your video call.")
        )
        return gettext("New time: %(title)s"), by_person if person and not neutral else by_all
    by_person = gettext("%(sender)s of %(organisation)s invites you to a video call.")
    by_all = gettext("%(organisation)s invites you to a video call.")
    unnamed = gettext("You are invited to a video call.")
    return "%(title)s", unnamed if neutral else by_person if person else by_all


def _when(invitation: Invitation, language: str) -> tuple[str, str, str]:
    planned, series = invitation.planned, invitation.series
    if series:
        return series_texts.when(series, TEXTS, language)
    if planned is None:
        return "", "", ""
    return times.day(planned, language), times.hours(planned, language), times.zone(planned, language)


def _by_new_rules(before: Planned, planned: Planned | None) -> bool:
    """Whether nobody moved it: the local time is the same, and its zone's rules make another instant of it now."""
    if planned is None or before.rules == planned.rules:
        return False
    return (before.local_start, before.zone, before.minutes) == (planned.local_start, planned.zone, planned.minutes)


def _before(invitation: Invitation, moved_from: Planned | None, language: str) -> str:
    if not moved_from or invitation.cancelled_at or _by_new_rules(moved_from, invitation.planned):
        return ""
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
