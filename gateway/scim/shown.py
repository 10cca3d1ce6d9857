"""Which attributes of a resource are shown: `attributes` and `excludedAttributes` (RFC 7644 §3.9)."""

from typing import Any

# shown whatever is asked for
_ALWAYS = frozenset({"schemas", "id", "meta"})


def names(text: str | None) -> frozenset[str]:
    """Names between commas, in lower case, without the schema before them."""
    return frozenset(name.strip().rpartition(":")[2].lower() for name in (text or "").split(",") if name.strip())


def shown(resource: dict[str, Any], wanted: frozenset[str], unwanted: frozenset[str]) -> dict[str, Any]:
    """The resource with what is wanted, or without what is not; `emails.value` means that part of each."""
    if wanted:
        return {name: part for name, value in resource.items() if (part := _wanted(name, value, wanted)) is not None}
    return {name: part for name, value in resource.items() if (part := _left(name, value, unwanted)) is not None}


def _wanted(name: str, value: Any, wanted: frozenset[str]) -> Any:
    if name in _ALWAYS or name.lower() in wanted:
        return value
    inner = {each.partition(".")[2] for each in wanted if each.startswith(f"{name.lower()}.")}
    return _parts(value, lambda part: part in inner) if inner else None


def _left(name: str, value: Any, unwanted: frozenset[str]) -> Any:
    if name in _ALWAYS or not unwanted:
        return value
    if name.lower() in unwanted:
        return None
    inner = {each.partition(".")[2] for each in unwanted if each.startswith(f"{name.lower()}.")}
    return _parts(value, lambda part: part not in inner) if inner else value


def _parts(value: Any, is_shown: Any) -> Any:
    if isinstance(value, list):
        return [_parts(each, is_shown) for each in value]
    if isinstance(value, dict):
        return {name: each for name, each in value.items() if is_shown(name.lower())}
    return value
