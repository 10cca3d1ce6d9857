"""What a text message says, in the recipient's language: why, when, whose clock that is, and the link. Pure.

It names the organisation, and neither title nor message nor any person: texts are shown on locked screens.
"""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import product
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_skeleton, format_time

from contracts.text_notices import CODE, COME_BACK
from services.invitations import segments
from services.invitations.invitation import Invitation, Planned
from services.invitations.texts import SOON_MINUTES, TEXTS, Occasion

MOST_SEGMENTS = 2
_LONG_DATE, _SHORT_DATE = "yMMMEd", "yMd"


@dataclass(frozen=True)
class _Shape:
    """What of the less needed is in it, so that it is no longer than it may be."""

    organisation: bool
    stop: bool
    date: str


# in this order; the first that is short enough is taken, and the last one where none is
_SHAPES = tuple(_Shape(*each) for each in product((True, False), (True, False), (_LONG_DATE, _SHORT_DATE)))


def body(invitation: Invitation, occasion: Occasion, link: str) -> str:
    """The text; `link` is left out where there is nothing to open any more. `invitation` as it is for this recipient.

    Of a series, its `planned` is the session that is next.
    """
    ended = occasion.removed or invitation.cancelled_at is not None
    for shape in _SHAPES:
        text = segments.plainly(_written(invitation, occasion, "" if ended else link, shape))
        if segments.segments(text) <= MOST_SEGMENTS:
            break
    return text


def notice_body(invitation: Invitation) -> str:
    """A code, or that it is nearly one's turn. Raises LookupError for a notice that only a mail can say."""
    notice = invitation.notice
    if notice is None or notice.kind not in (CODE, COME_BACK):
        raise LookupError("this notice is a mail")
    gettext = TEXTS.translations(TEXTS.choose([invitation.language])).gettext
    if notice.kind == CODE:
        said = gettext("%(code)s is your code. Type it on the page where you wait.") % {"code": notice.link or ""}
        return segments.plainly(f"{invitation.sender.organisation}: {said}")
    said = gettext("It is nearly your turn. Come back now:")
    return segments.plainly("\n".join([f"{invitation.sender.organisation}: {said}", notice.link or ""]))


def when(planned: Planned, language: str, date: str = _LONG_DATE) -> str:
    """`Tue, 30 Mar 2027, 10:00 (Europe/Berlin)`."""
    locale = Locale.parse("en_GB" if language == "en" else language)
    start = planned.starts_at.astimezone(ZoneInfo(planned.zone))
    day, time = format_skeleton(date, start, locale=locale), format_time(start, "short", locale=locale)
    return f"{day}, {time} ({planned.zone})"


def _written(invitation: Invitation, occasion: Occasion, link: str, shape: _Shape) -> str:
    language = TEXTS.choose([invitation.language])
    gettext = TEXTS.translations(language).gettext
    planned = invitation.planned
    said = _said(invitation, occasion, gettext) % {"when": when(planned, language, shape.date) if planned else ""}
    opening = f"{invitation.sender.organisation}: " if shape.organisation else ""
    # a line of its own, so that no text in another direction stands beside the address
    lines = [opening + said, link, gettext("Reply STOP for no more texts.") if shape.stop and link else ""]
    return "\n".join(line for line in lines if line)


def _said(invitation: Invitation, occasion: Occasion, gettext: Callable[[str], str]) -> str:
    timed = invitation.planned is not None
    if occasion.removed:
        return gettext("You are no longer invited to the video call.")
    if invitation.cancelled_at:
        return gettext("The video call on %(when)s is cancelled.") if timed else gettext("The video call is cancelled.")
    if occasion.reminding is not None and occasion.reminding <= SOON_MINUTES:
        return gettext("Your video call begins soon: %(when)s. You can open it now.")
    if occasion.reminding is not None:
        return gettext("Reminder: your video call is on %(when)s.")
    if invitation.series and occasion.changed:
        return gettext("Your video calls have changed. The next is on %(when)s.")
    if invitation.series:
        return gettext("You have several video calls, all by one link. The next is on %(when)s.")
    if occasion.moved_from:
        return gettext("Your video call is now on %(when)s.")
    return gettext("You have a video call on %(when)s.") if timed else gettext("You are invited to a video call.")
