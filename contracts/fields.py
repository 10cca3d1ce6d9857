"""The few field types that every contract uses: identifiers, instants, and text that a person typed."""

import datetime as dt
import re
import typing
import unicodedata

from marshmallow import ValidationError, fields, validate

_UUID_TEXT = re.compile(r"^[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$")
_DROPPED_CATEGORIES = {"Cc", "Cf", "Cs", "Co", "Cn"}
_JOINERS = {
    "\u200c",
    "\u200d",
}  # ZWNJ and ZWJ shape letters in Persian and Indic names, and join emoji; between Latin ones they hide
_FIRST_SHAPED = "\u0590"
# letters and symbols that are drawn as nothing, and a mark that only keeps others apart
_BLANK = set("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0")
_LINE_ENDS = {"\n", "\t", "\u2028", "\u2029"}
_MOST_MARKS = 8  # on one letter; the most that a language writes is four


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
            moment = moment_of(value)
            if moment is not None:
                return moment
        raise ValidationError("Give a moment as in 2026-11-22T16:58:00Z, with its offset.")


def moment_of(text: str) -> dt.datetime | None:
    """The moment in UTC that a text says with its offset; None for any other text, and for what UTC has no year for."""
    try:
        moment = dt.datetime.fromisoformat(text)
        return moment.astimezone(dt.UTC) if moment.tzinfo is not None else None
    except (ValueError, OverflowError):
        return None


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
    """Drops what could disguise a name: bidi overrides, invisible and control characters, lone surrogates, heaps of accents.

    Empty where nothing visible is left.
    """
    text = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    kept: list[str] = []
    marks = 0
    for character in text:
        if character in _LINE_ENDS:
            kept.append(("\t" if character == "\t" else "\n") if lines else " ")
            continue
        category = unicodedata.category(character)
        marks = marks + 1 if category in {"Mn", "Me"} else 0
        if character in _JOINERS:
            if kept and kept[-1] >= _FIRST_SHAPED:
                kept.append(character)
        elif category not in _DROPPED_CATEGORIES and character not in _BLANK and marks <= _MOST_MARKS:
            kept.append(character)
    visible = any(unicodedata.category(character)[0] in "LNPS" for character in kept)
    return "".join(kept).strip() if visible else ""


def name_text(**kwargs: typing.Any) -> TypedText:
    """A person's, room's or organisation's name: 1 to 80 characters in one line."""
    return TypedText(longest=80, **kwargs)
