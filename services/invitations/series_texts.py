"""A series in the words of a language: how it repeats, how often, and on which days. Pure."""

from collections import Counter
from collections.abc import Callable
from datetime import datetime
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, get_day_names, get_timezone_name
from babel.lists import format_list

from contracts.recurrence import WEEKDAYS
from plumbing.texts import Texts
from services.invitations import times
from services.invitations.invitation import Occurrence, Repeats

MOST_DATES = 12
"""A mail says so many dates; the calendar has all."""
_WORKING_DAYS = WEEKDAYS[:5]


def said(gettext: Callable[[str], str], changed: bool, person: bool, neutral: bool) -> tuple[str, str]:
    """Subject and first sentence of a series, with places for the title and for names. A neutral one names nobody."""
    if changed:
        by_person = gettext("%(sender)s of %(organisation)s has changed your video calls. These are the times now:")
        by_all = gettext("%(organisation)s has changed your video calls. These are the times now:")
        unnamed = gettext("Your video calls have been changed. These are the times now:")
        return gettext("New times: %(title)s"), unnamed if neutral else by_person if person else by_all
    by_person = gettext(
        "%(sender)s of %(organisation)s invites you to several video calls. The link is the same for all."
    )
    by_all = gettext("%(organisation)s invites you to several video calls. The link is the same for all.")
    unnamed = gettext("You are invited to several video calls. The link is the same for all.")
    return "%(title)s", unnamed if neutral else by_person if person else by_all


def when(series: Repeats, texts: Texts, language: str) -> tuple[str, str, str]:
    """How it repeats and how often it still is, from when to when most of them are, and whose clock that is."""
    count = len(series.occurrences)
    ngettext = texts.translations(language).ngettext
    often = ngettext("%(n)s time", "%(n)s times", count) % {"n": count}
    usual = _usual(series)
    # the same words in summer and in winter
    words = get_timezone_name(ZoneInfo(usual.planned.zone), width="long", locale=_locale(language))
    zone = f"{words} \u2066({usual.planned.zone})\u2069" if _rtl(language) else f"{words} ({usual.planned.zone})"
    return f"{rule(series, texts, language)}, {often}", times.hours(usual.planned, language), zone


def rule(series: Repeats, texts: Texts, language: str) -> str:
    """`Every Tuesday and Thursday`, `Every 2 weeks on Tuesday`, `Every month on the second Tuesday`."""
    gettext, n = texts.translations(language).gettext, series.interval
    first = datetime.fromisoformat(series.first.local_start).date()
    if series.frequency == "daily":
        return gettext("Every day") if n == 1 else gettext("Every %(n)s days") % {"n": n}
    if series.frequency == "weekly":
        if n == 1 and series.weekdays == _WORKING_DAYS:
            return gettext("Every day from Monday to Friday")
        days = format_list([_weekday(each, language) for each in series.weekdays], locale=_locale(language))
        words = gettext("Every %(days)s") if n == 1 else gettext("Every %(n)s weeks on %(days)s")
        return words % {"n": n, "days": days}
    weekday = _weekday(WEEKDAYS[first.weekday()], language)
    nth = 0 if series.monthly_by == "last_weekday" else (first.day - 1) // 7 + 1
    if series.monthly_by == "date":
        on = gettext("on day %(day)s") % {"day": first.day}
    else:
        on = _on_weekday(gettext, nth) % {"weekday": weekday}
    every = gettext("Every month") if n == 1 else gettext("Every %(n)s months") % {"n": n}
    return f"{every} {on}"


def _on_weekday(gettext: Callable[[str], str], nth: int) -> str:
    """With a place for the weekday; 0 is the last one."""
    return (
        gettext("on the last %(weekday)s"),
        gettext("on the first %(weekday)s"),
        gettext("on the second %(weekday)s"),
        gettext("on the third %(weekday)s"),
        gettext("on the fourth %(weekday)s"),
        gettext("on the fifth %(weekday)s"),
    )[nth]


def dates(series: Repeats, texts: Texts, language: str) -> tuple[str, ...]:
    """Each day, with its hours where they are not those of most; the first few, and how many more there are."""
    usual = _usual(series)
    shown = [_date(each, usual, language) for each in series.occurrences[:MOST_DATES]]
    more = len(series.occurrences) - len(shown)
    if more:
        ngettext = texts.translations(language).ngettext
        shown.append(ngettext("and %(n)s more", "and %(n)s more", more) % {"n": more})
    return tuple(shown)


def _date(occurrence: Occurrence, usual: Occurrence, language: str) -> str:
    local = occurrence.planned.starts_at.astimezone(ZoneInfo(occurrence.planned.zone))
    day = format_date(local, "full", locale=_locale(language))
    return day if _clock(occurrence) == _clock(usual) else f"{day}, {times.hours(occurrence.planned, language)}"


def _clock(occurrence: Occurrence) -> tuple[str, str, int]:
    return occurrence.planned.local_start[11:], occurrence.planned.zone, occurrence.planned.minutes


def _usual(series: Repeats) -> Occurrence:
    most = Counter(map(_clock, series.occurrences)).most_common(1)[0][0]
    return next(each for each in series.occurrences if _clock(each) == most)


def _weekday(short: str, language: str) -> str:
    name: str = get_day_names("wide", locale=_locale(language))[WEEKDAYS.index(short)]
    return name


def _locale(language: str) -> Locale:
    return Locale.parse("en_GB" if language == "en" else language)


def _rtl(language: str) -> bool:
    return _locale(language).text_direction == "rtl"
