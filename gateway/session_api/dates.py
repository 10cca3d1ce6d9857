"""Dates of RFC 1123 in UTC, both ways: `Wed, 08 Jun 2016 04:07:11 GMT`. To the second."""

import re
from datetime import UTC, datetime
from email.utils import format_datetime

from gateway.session_api.refusals import BadRequest

_ZONE = re.compile(r"(GMT|UTC?|Z)$")
_LOOKS = "Wed, 08 Jun 2016 04:07:11 GMT"


def written(moment: str | None) -> str | None:
    """Of a moment as the services say it (RFC 3339)."""
    if moment is None:
        return None
    at = datetime.fromisoformat(moment).astimezone(UTC).replace(microsecond=0)
    return format_datetime(at, usegmt=True)


def read(text: object, name: str) -> str:
    """As the services take it. An offset is understood: PHP's DATE_RFC1123 ends in one.

    Raises BadRequest, naming the field, for what is none, also where the day of the week is another date's.
    """
    said = " ".join(text.split()) if isinstance(text, str) else ""
    try:
        at = datetime.strptime(_ZONE.sub("+0000", said), "%a, %d %b %Y %H:%M:%S %z")
        instant = at.astimezone(UTC)
    except (ValueError, OverflowError):
        at = None
    if at is None or at.strftime("%a") != said[:3].title():
        raise BadRequest(f"{name} must be a date as {_LOOKS}.")
    return instant.isoformat().replace("+00:00", "Z")
