"""What waiting says of Waiting Areas: the centralised queue of a clinic, its hours, what it asks, and its link."""

from marshmallow import fields, validate

from contracts.command import Command, Nothing, Request, View
from contracts.events import EventData
from contracts.fields import Id, Instant, TypedText, name_text
from contracts.room_settings import LONGEST_TEXT, MOST_FIELDS, EntryField, different_keys

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
CLOSED_BY = ("hours", "suspended", "plan")
MOST_OPENINGS = 50
MOST_COUNTED = 1_000
LEAST_ATTENTION, MOST_ATTENTION = 1, 24 * 60
LONGEST_MESSAGE = 500
MOST_ALERT = 240
_TIME = validate.Regexp(r"^([01]\d|2[0-3]):[0-5]\d$", error="Give a time as in 09:00.")


class OpeningTimes(Request):
    """On one weekday, local times as 09:00; closing at or before the opening means the next day."""

    weekday = fields.String(required=True, validate=validate.OneOf(WEEKDAYS))
    opens = fields.String(required=True, validate=_TIME)
    closes = fields.String(required=True, validate=_TIME)


class AreaSettings(Request):
    """What can be set. `hours` null: always open. `attention_minutes`: after how long a wait a caller's row turns to attention.

    `alert_minutes`: after how long who is on duty is mailed of somebody whom nobody has seen, 0 for never; `next_clinic_minutes` later,
    who is on duty in `next_clinic_id`, if there is one.
    """

    name = name_text()
    zone = fields.String(validate=validate.Length(1, 64))
    hours = fields.List(
        fields.Nested(OpeningTimes), allow_none=True, validate=validate.Length(min=1, max=MOST_OPENINGS)
    )
    entry_fields = fields.List(fields.Nested(EntryField), validate=[validate.Length(max=MOST_FIELDS), different_keys])
    consent_text = TypedText(longest=LONGEST_TEXT, shortest=0, lines=True)
    waiting_content = TypedText(longest=LONGEST_TEXT, shortest=0, lines=True)
    emergency_text = TypedText(longest=LONGEST_TEXT, shortest=0, lines=True)
    show_wait = fields.Boolean()
    attention_minutes = fields.Integer(strict=True, validate=validate.Range(LEAST_ATTENTION, MOST_ATTENTION))
    alert_minutes = fields.Integer(strict=True, validate=validate.Range(0, MOST_ALERT))
    next_clinic_id = Id(allow_none=True)
    next_clinic_minutes = fields.Integer(strict=True, validate=validate.Range(1, MOST_ALERT))


class CreateArea(AreaSettings):
    """One for each clinic. Without a name it has the clinic's, without a zone the organisation's."""

    clinic_id = Id(required=True)


class ReadArea(Request):
    area_id = Id(required=True)


class ChangeArea(AreaSettings):
    """What is left out stays. `version`: as read; refused as Outdated when somebody changed the area since."""

    area_id = Id(required=True)
    version = fields.Integer(load_default=None, allow_none=True)


class SuspendArea(ReadArea):
    """Nobody more arrives until it is resumed; who comes reads the message. Who waits already stays."""

    message = TypedText(longest=LONGEST_MESSAGE, shortest=0, lines=True, load_default="")


class ResolveAreaLink(Request):
    link = fields.String(required=True, validate=validate.Length(1, 120))


class ResolvedAreaLink(View):
    """What the link of an area opens, for somebody who is not signed in."""

    area_id = Id(required=True)
    organisation_id = Id(required=True)


class AreaView(View):
    """`open`: whether somebody can arrive now; `closed_by` says why not. `opens_at` and `closes_at` are the next of their kind, by the hours.

    `waiting`: how many wait, 1,000 also for more. `in_plan`: whether the organisation's plan includes Waiting Areas.
    `may_change`: the reader changes its settings and link; `may_suspend`: suspends and resumes it.
    """

    id = Id(required=True)
    organisation_id = Id(required=True)
    clinic_id = Id(required=True)
    name = fields.String(required=True)
    link = fields.String(required=True)
    zone = fields.String(required=True)
    hours = fields.List(fields.Nested(OpeningTimes), required=True, allow_none=True)
    open = fields.Boolean(required=True)
    closed_by = fields.String(required=True, allow_none=True, validate=validate.OneOf(CLOSED_BY))
    opens_at = Instant(required=True, allow_none=True)
    closes_at = Instant(required=True, allow_none=True)
    suspended = fields.Boolean(required=True)
    suspended_message = fields.String(required=True)
    in_plan = fields.Boolean(required=True)
    entry_fields = fields.List(fields.Nested(EntryField), required=True)
    consent_text = fields.String(required=True)
    waiting_content = fields.String(required=True)
    emergency_text = fields.String()
    show_wait = fields.Boolean(required=True)
    attention_minutes = fields.Integer(required=True)
    alert_minutes = fields.Integer()
    next_clinic_id = Id(allow_none=True)
    next_clinic_minutes = fields.Integer()
    waiting = fields.Integer(required=True)
    may_change = fields.Boolean(required=True)
    may_suspend = fields.Boolean(required=True)
    version = fields.Integer(required=True)


class AreaList(View):
    """Of the clinics that the reader sees, by name."""

    items = fields.List(fields.Nested(AreaView), required=True)


CREATE_AREA = Command("waiting.create_area", CreateArea, AreaView, "area.change", changes=True)
CHANGE_AREA = Command("waiting.change_area", ChangeArea, AreaView, "area.change", changes=True)
ROTATE_AREA_LINK = Command("waiting.rotate_area_link", ReadArea, AreaView, "area.change", changes=True)
SUSPEND_AREA = Command("waiting.suspend_area", SuspendArea, AreaView, "area.suspend", changes=True)
RESUME_AREA = Command("waiting.resume_area", ReadArea, AreaView, "area.suspend", changes=True)
GET_AREA = Command("waiting.get_area", ReadArea, AreaView, "area.read")
LIST_AREAS = Command("waiting.list_areas", Nothing, AreaList, "area.read")
RESOLVE_AREA_LINK = Command("waiting.resolve_area_link", ResolveAreaLink, ResolvedAreaLink, "area.resolve_link")


class AreaChanged(EventData):
    area_id = Id(required=True)
    clinic_id = Id(required=True)


EVENTS: dict[str, type[EventData]] = {
    "area.created": AreaChanged,
    "area.changed": AreaChanged,
    "area.link_rotated": AreaChanged,
    "area.suspended": AreaChanged,
    "area.resumed": AreaChanged,
    "area.removed": AreaChanged,
    "area.left_plan": AreaChanged,
    "area.in_plan_again": AreaChanged,
}
