"""How a session repeats, and what is said of the series that it makes (RFC 5545 §3.3.10)."""

from datetime import date
from typing import Any

from marshmallow import ValidationError, fields, validate, validates_schema

from contracts.command import Request, View
from contracts.fields import Id, Instant

FREQUENCIES = ("daily", "weekly", "monthly")
WEEKDAYS = ("mo", "tu", "we", "th", "fr", "sa", "su")
MONTHLY_BY = ("date", "weekday", "last_weekday")
SCOPES = ("one", "following", "all")
MOST_OCCURRENCES = 100


def _a_date(text: str) -> None:
    """Text, so that it passes on to another service as it came."""
    try:
        date.fromisoformat(text)
    except ValueError:
        raise ValidationError("Give a date as in 2026-11-30.") from None


class Recurrence(Request):
    """Every `interval` days, weeks or months from the planned time on, which is the first, until a date or so many times.

    `weekdays`: of a weekly one; none: the first date's. `monthly_by`: on the same date, on the same weekday of the month (the second
    Tuesday), or on the last one.
    """

    frequency = fields.String(required=True, validate=validate.OneOf(FREQUENCIES))
    interval = fields.Integer(strict=True, load_default=1, validate=validate.Range(1, 52))
    weekdays = fields.List(
        fields.String(validate=validate.OneOf(WEEKDAYS)), load_default=list, validate=validate.Length(max=7)
    )
    monthly_by = fields.String(load_default="date", validate=validate.OneOf(MONTHLY_BY))
    count = fields.Integer(
        strict=True, load_default=None, allow_none=True, validate=validate.Range(1, MOST_OCCURRENCES)
    )
    until = fields.String(load_default=None, allow_none=True, validate=_a_date)

    @validates_schema
    def ends(self, data: dict[str, Any], **_: Any) -> None:
        """It ends, in one way."""
        if data.get("count") is None and data.get("until") is None:
            raise ValidationError("Say when it ends: on a date (until) or after how many times (count).", "count")
        if data.get("count") is not None and data.get("until") is not None:
            raise ValidationError("Say either until when or how many times.", "until")


class Booking(Request):
    """How a planned time is booked: as contracts.scheduler.CreateSession says."""

    override = fields.Boolean(load_default=False)
    recurrence = fields.Nested(Recurrence, load_default=None, allow_none=True)
    leave_out = fields.Boolean(load_default=False)


class RecurrenceView(View):
    frequency = fields.String(required=True)
    interval = fields.Integer(required=True)
    weekdays = fields.List(fields.String(), required=True)
    monthly_by = fields.String(required=True)
    count = fields.Integer(allow_none=True)
    until = fields.Date(allow_none=True)


class OccurrenceConflict(View):
    """What is in the way; never its title."""

    session_id = Id(required=True)
    starts_at = Instant(required=True)
    ends_at = Instant(required=True)
    room_id = Id(allow_none=True)
    host_member_ids = fields.List(Id(), required=True)


class PreviewedOccurrence(View):
    local_start = fields.String(required=True)
    starts_at = Instant(required=True)
    ends_at = Instant(required=True)
    conflicts = fields.List(fields.Nested(OccurrenceConflict), required=True)


class SeriesPreview(View):
    """All dates as they would be booked now. `skipped`: local starts that clocks skip. `rule`: RFC 5545."""

    rule = fields.String(required=True)
    items = fields.List(fields.Nested(PreviewedOccurrence), required=True)
    skipped = fields.List(fields.String(), required=True)


class ReadSeries(Request):
    series_id = Id(required=True)
