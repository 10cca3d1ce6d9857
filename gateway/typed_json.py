"""JSON as it comes from outside, without what no text of ours can hold."""

import json
from collections.abc import Callable
from typing import Any


class NamedTwice(ValueError):
    """An object has one name twice, of which every reader takes another (RFC 8259 §4)."""


def loads(text: str | bytes, parse_constant: Callable[[str], Any] | None = None) -> Any:
    r"""As json.loads of UTF-8, without lone surrogates: `"\ud83d"` is half of a character, JSON can say it and UTF-8 cannot (RFC 8259 §8.2).

    A page that cuts a name in the middle of an emoji sends one; it is dropped, as `contracts.fields.clean_text` drops it.
    Raises ValueError (NamedTwice, UnicodeDecodeError) and RecursionError.
    """
    if isinstance(text, bytes):
        # json.loads would guess UTF-16 and UTF-32 too
        text = text.decode("utf-8-sig")
    value = json.loads(text, parse_constant=parse_constant, object_pairs_hook=_each_once)
    # most often there is none, and nothing but one look at the text is spent on it
    if "\\u" not in text:
        return value
    whole = json.dumps(value, ensure_ascii=False)
    kept = whole.encode("utf-8", "ignore").decode()
    return value if len(kept) == len(whole) else json.loads(kept)


def _each_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise NamedTwice
    return found
