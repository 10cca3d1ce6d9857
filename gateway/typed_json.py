"""JSON as it comes from outside, without what no text of ours can hold."""

import json
from collections.abc import Callable
from typing import Any


def loads(text: str | bytes, parse_constant: Callable[[str], Any] | None = None) -> Any:
    r"""As json.loads, without lone surrogates: `"\ud83d"` is half of a character, JSON can say it and UTF-8 cannot (RFC 8259 §8.2).

    A page that cuts a name in the middle of an emoji sends one; it is dropped, as `contracts.fields.clean_text` drops it.
    Raises ValueError and RecursionError.
    """
    value = json.loads(text, parse_constant=parse_constant)
    # most often there is none, and nothing but one look at the bytes is spent on it
    if (b"\\u" if isinstance(text, bytes) else "\\u") not in text:  # type: ignore[operator]
        return value
    whole = json.dumps(value, ensure_ascii=False)
    kept = whole.encode("utf-8", "ignore").decode()
    return value if len(kept) == len(whole) else json.loads(kept)
