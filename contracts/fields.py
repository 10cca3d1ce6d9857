"""The few field types that every contract uses: identifiers, instants, and text that a person typed."""

import datetime as dt
import re
import typing
import unicodedata

from marshmallow import ValidationError, fields, validate

_UUID_TEXT = re.compile(r"^[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$")
_DROPPED_CATEGORIES = {"Cc", "Cf", "Cs", "Co", "Cn"}
_KEPT_FORMAT_CHARACTERS = {"\u200c", "\u200d"}  # ZWNJ and ZWJ shape letters in Persian and Indic names


class Id(fields.String):
    """A UUID in lower-case text. New ones are version 7 (RFC 9562 §5.7)."""

    def __init__(self, **kwargs: typing.Any) -> None:
        super().__init__(**kwargs)
        self.validators.insert(0, validate.Regexp(_UUID_TEXT, error="This is not an id."))
        self.metadata = {"format": "uuid", **self.metadata}


class Instant(fields.Field[dt.datetime]):
    """A moment in UTC: `2026-11-22T16:58:00.000Z` on the wire (RFC 3339), an aware datetime inside.

    Serialising accepts both a datetime and a text already in that form, so that a reply can pass through unchanged.
    """

    def __init__(self, **kwargs: typing.Any) -> None:
        super().__init__(**kwargs)
        self.metadata = {"type": "string", "format": "date-time", **self.metadata}

    def _serialize(self, value: typing.Any, attr: str | None, obj: typing.Any, **kwargs: typing.Any) -> str | None:
        if value is None or isinstance(value, str):
            return value
        return instant_text(value)

    def _deserialize(self, value: typing.Any, attr: str | None, data: typing.Any, **kwargs: typing.Any) -> dt.datetime:
        if isinstance(value, str):
            try:
                moment = dt.datetime.fromisoformat(value)
            except ValueError:
                moment = None
            if moment is not None and moment.tzinfo is not None:
                return moment.astimezone(dt.UTC)
        raise ValidationError("Give a moment as in 2026-11-22T16:58:00Z, with its offset.")


def instant_text(moment: dt.datetime) -> str:
    """An aware datetime as RFC 3339 text in UTC with milliseconds."""
    return moment.astimezone(dt.UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


class TypedText(fields.String):
    """Text from a person: trimmed, NFC, without control and direction-overriding characters.

    `longest` counts code points after cleaning; `lines=True` keeps line breaks. An empty text is refused unless `shortest=0`.
    """

    def __init__(self, *, longest: int, shortest: int = 1, lines: bool = False, **kwargs: typing.Any) -> None:
        super().__init__(**kwargs)
        self.lines = lines
        self.validators.insert(0, validate.Length(shortest, longest))
        self.metadata = {"maxLength": longest, "minLength": shortest, **self.metadata}

    def _deserialize(self, value: typing.Any, attr: str | None, data: typing.Any, **kwargs: typing.Any) -> str:
        return clean_text(super()._deserialize(value, attr, data, **kwargs), lines=self.lines)


def clean_text(text: str, *, lines: bool = False) -> str:
    """Drops what could disguise a name (bidi overrides, zero-width and control characters, lone surrogates)."""
    text = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    kept = []
    for character in text:
        if character == "\n" or character == "\t":
            kept.append(character if lines else " ")
        elif character in _KEPT_FORMAT_CHARACTERS or unicodedata.category(character) not in _DROPPED_CATEGORIES:
            kept.append(character)
    return "".join(kept).strip()


def name_text(**kwargs: typing.Any) -> TypedText:
    """A person's, room's or organisation's name: 1 to 80 characters in one line."""
    return TypedText(longest=80, **kwargs)
