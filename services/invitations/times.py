"""A planned time in the words of a language: the day, from when to when, and whose clock that is. Pure."""

from datetime import datetime
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, format_time, get_timezone_name

from plumbing.texts import direction
from services.invitations.invitation import Planned


def day(planned: Planned, language: str) -> str:
    """`Tuesday, 30 March 2027`: the weekday helps whoever plans by it."""
    return format_date(_local(planned.starts_at, planned), "full", locale=_locale(language))


def hours(planned: Planned, language: str) -> str:
    """`10:00 – 10:30`, with the later day named where the call passes midnight."""
    locale = _locale(language)
    start, end = _local(planned.starts_at, planned), _local(planned.ends_at, planned)
    until = format_time(end, "short", locale=locale)
    if end.date() != start.date():
        until = f"{format_date(end, 'medium', locale=locale)}, {until}"
    return f"{format_time(start, 'short', locale=locale)} – {until}"


def zone(planned: Planned, language: str) -> str:
    """`British Summer Time (Europe/London, UTC+1)`: in words, by its name, and as an offset that anybody can reckon with."""
    start = _local(planned.starts_at, planned)
    words = get_timezone_name(start, width="long", locale=_locale(language))
    sign = f"({planned.zone}, {offset(start)})"
    # U+2066 … U+2069 keep Latin names and signs in their order inside a right-to-left line (Unicode UAX #9)
    return f"{words} \u2066{sign}\u2069" if direction(language) == "rtl" else f"{words} {sign}"


def offset(moment: datetime) -> str:
    """`UTC+5:30`."""
    found = moment.utcoffset()
    minutes = int(found.total_seconds() // 60) if found else 0
    hours_part, minutes_part = divmod(abs(minutes), 60)
    text = f"UTC{'-' if minutes < 0 else '+'}{hours_part}"
    return f"{text}:{minutes_part:02d}" if minutes_part else text


def _local(moment: datetime, planned: Planned) -> datetime:
    return moment.astimezone(ZoneInfo(planned.zone))


def _locale(language: str) -> Locale:
    # English without a country would put the month first and count hours twice to twelve
    return Locale.parse("en_GB" if language == "en" else language)
