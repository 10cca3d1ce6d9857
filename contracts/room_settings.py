"""What can be set for a room, by itself or above it: by its clinic, by its organisation.

Each level gives some settings and leaves the others to the level above; a level may lock a setting, and then those below do
not count. What holds in a room is `EffectiveSettings`.
"""

from typing import Any

from marshmallow import ValidationError, fields, validate, validates_schema

from contracts.command import Request, View
from contracts.fields import Id, TypedText
from contracts.waiting_order import POLICIES

FIELD_KINDS = ("text", "choice", "date", "yes_no")
SETTINGS = (
    "entry_fields", "consent_text", "waiting_content", "emergency_text", "show_wait", "order", "largest_number", "confirm_before_joining",
)  # fmt: skip
LEVELS = ("default", "organisation", "clinic", "room")
MOST_FIELDS, MOST_CHOICES = 20, 20
LONGEST_TEXT = 5_000
LEAST_PEOPLE, MOST_PEOPLE = 2, 100


class EntryField(Request):
    """One question to whoever arrives. `key` names its answer and is unique in the room; left out, it is given one.

    `choices` only for the kind `choice`, two or more.
    """

    key = fields.String(validate=validate.Regexp(r"^[a-z][a-z0-9_-]{0,39}$", error="Use a-z, 0-9, - and _."))
    label = TypedText(longest=120, required=True)
    kind = fields.String(required=True, validate=validate.OneOf(FIELD_KINDS))
    required = fields.Boolean(load_default=False)
    choices = fields.List(TypedText(longest=80), load_default=list, validate=validate.Length(max=MOST_CHOICES))

    @validates_schema
    def check_choices(self, data: dict[str, Any], **_: Any) -> None:
        """Choices fit the kind."""
        choices = data.get("choices", [])
        if data.get("kind") != "choice" and choices:
            raise ValidationError("Only a choice has choices.", "choices")
        if data.get("kind") == "choice" and (len(choices) < 2 or len(set(choices)) < len(choices)):
            raise ValidationError("Give two or more different choices.", "choices")


def different_keys(given: list[dict[str, Any]]) -> None:
    """Raises ValidationError where two questions have one key."""
    keys = [one["key"] for one in given if "key" in one]
    if len(set(keys)) < len(keys):
        raise ValidationError("Two fields have one key.")


class LevelChange(Request):
    """What is left out stays; null leaves it to the level above again. An empty text or list says that there is none here."""

    entry_fields = fields.List(
        fields.Nested(EntryField), allow_none=True, validate=[validate.Length(max=MOST_FIELDS), different_keys]
    )
    consent_text = TypedText(longest=LONGEST_TEXT, shortest=0, lines=True, allow_none=True)
    waiting_content = TypedText(longest=LONGEST_TEXT, shortest=0, lines=True, allow_none=True)
    emergency_text = TypedText(longest=LONGEST_TEXT, shortest=0, lines=True, allow_none=True)
    show_wait = fields.Boolean(allow_none=True)
    order = fields.String(allow_none=True, validate=validate.OneOf(POLICIES))
    largest_number = fields.Integer(strict=True, allow_none=True, validate=validate.Range(LEAST_PEOPLE, MOST_PEOPLE))
    confirm_before_joining = fields.Boolean(allow_none=True)


class LevelView(View):
    """What one level gives, null where it leaves it to the level above, and which settings it locks for those below."""

    entry_fields = fields.List(fields.Nested(EntryField), allow_none=True, required=True)
    consent_text = fields.String(allow_none=True, required=True)
    waiting_content = fields.String(allow_none=True, required=True)
    emergency_text = fields.String(allow_none=True)
    show_wait = fields.Boolean(allow_none=True)
    order = fields.String(allow_none=True)
    largest_number = fields.Integer(allow_none=True, required=True)
    confirm_before_joining = fields.Boolean(allow_none=True, required=True)
    locked = fields.List(fields.String(validate=validate.OneOf(SETTINGS)), required=True)


class EffectiveSettings(View):
    """What holds in a room. `given_by`: setting → the level that it comes from; `locked_by`: setting → the level that locks it.

    `emergency_text`: what who feels worse while they wait is told to do; empty for words of our own.
    `show_wait`: whether guests are shown how many wait before them, and how long it may take.
    `order`: who is first in the queue, by arrival or by appointment.
    `largest_number`: of people in the call, hosts included. An empty `consent_text` asks for no consent.
    """

    entry_fields = fields.List(fields.Nested(EntryField), required=True)
    consent_text = fields.String(required=True)
    waiting_content = fields.String(required=True)
    emergency_text = fields.String()
    show_wait = fields.Boolean()
    order = fields.String(validate=validate.OneOf(POLICIES))
    largest_number = fields.Integer(required=True)
    confirm_before_joining = fields.Boolean(required=True)
    given_by = fields.Dict(fields.String(), fields.String(validate=validate.OneOf(LEVELS)), required=True)
    locked_by = fields.Dict(fields.String(), fields.String(validate=validate.OneOf(LEVELS)), required=True)


class ClinicLevelView(LevelView):
    clinic_id = Id(required=True)


class InheritedSettings(View):
    """What rooms inherit: from the organisation, and from each clinic that gives or locks something."""

    organisation = fields.Nested(LevelView, required=True)
    clinics = fields.List(fields.Nested(ClinicLevelView), required=True)
    version = fields.Integer(required=True)


class ChangeInheritedSettings(Request):
    """`clinic_id` null: of the whole organisation. `locked` replaces the list of what this level locks.

    `version`: as read; refused as Outdated when somebody changed them since.
    """

    clinic_id = Id(load_default=None, allow_none=True)
    settings = fields.Nested(LevelChange, load_default=dict)
    locked = fields.List(fields.String(validate=validate.OneOf(SETTINGS)), load_default=None, allow_none=True)
    version = fields.Integer(load_default=None, allow_none=True)
