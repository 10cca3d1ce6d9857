"""An example for every schema of the description, made from the schema itself, so that none goes stale."""

from typing import Any

_ID = "01936f3e-7a10-7c52-9d3b-5f0e4c1a2b60"
_INSTANT = "2026-11-29T23:00:00.000Z"
# what a reader recognises, by the field's name
_NAMED: dict[str, Any] = {
    "closes": "17:00",
    "color": "#14536b",
    "contact_email": "desk@clinic.example",
    "contact_phone": "+61 2 5550 1234",
    "cursor": "eyJhZnRlciI6IjAxIn0",
    "display_name": "Mia Alvarez",
    "email": "mia@example.com",
    "ends_at": "2026-11-29T23:30:00.000Z",
    "how": "did",
    "language": "en",
    "local_start": "2026-11-30T10:00",
    "message": "Please have your medicines at hand.",
    "minutes": 30,
    "name": "Dr Olive Smith",
    "next_cursor": "eyJhZnRlciI6IjAxIn0",
    "opens": "09:00",
    "password": "four plain words together",
    "reason": "An interpreter is booked until ten.",
    "recipients": "Mia Alvarez <mia@example.com>",
    "recurrence_id": "2026-11-30T10:00",
    "room_name": "Dr Smith's room",
    "rule": "FREQ=WEEKLY;COUNT=6",
    "sequence": 1,
    "specversion": "1.0",
    "title": "First consultation",
    "version": 3,
    "what": "room.change",
    "which": "first",
    "zone": "Australia/Sydney",
}
_DEEPEST = 8


def example_of(schema: dict[str, Any], schemas: dict[str, Any], *, sent: bool = False, name: str = "") -> Any:
    """A value that fits `schema` (JSON Schema 2020-12 as marshmallow's are written). `sent`: only what must be sent."""
    return _example(schema, schemas, sent, name, 0)


def _example(schema: dict[str, Any], schemas: dict[str, Any], sent: bool, name: str, depth: int) -> Any:
    found = _resolved(schema, schemas)
    kinds = found.get("type", "object" if "properties" in found else "string")
    kinds = kinds if isinstance(kinds, list) else [kinds]
    if depth > _DEEPEST and "null" in kinds:
        return None
    if "enum" in found:
        return next((value for value in found["enum"] if value is not None), None)
    kind = next((one for one in kinds if one != "null"), "null")
    if kind == "object":
        return _object(found, schemas, sent, depth)
    if kind == "array":
        few = found.get("minItems", 1)
        made = [] if depth > _DEEPEST else [_example(found.get("items", {}), schemas, sent, "", depth + 1)]
        return made * max(1, few)
    return _plain(found, kind, name)


def _object(schema: dict[str, Any], schemas: dict[str, Any], sent: bool, depth: int) -> dict[str, Any]:
    needed = schema.get("required", [])
    return {
        name: _example(field, schemas, sent, name, depth + 1)
        for name, field in schema.get("properties", {}).items()
        if (name in needed if sent else not field.get("writeOnly"))
    }


def _plain(schema: dict[str, Any], kind: str, name: str) -> Any:
    if kind == "boolean":
        return bool(schema.get("default") or False)
    if kind in ("integer", "number"):
        wanted = _NAMED.get(name, schema.get("default"))
        value = wanted if isinstance(wanted, int) and not isinstance(wanted, bool) else 1
        return min(max(value, schema.get("minimum", value)), schema.get("maximum", value))
    if kind == "null":
        return None
    return _text(schema, name)


def _text(schema: dict[str, Any], name: str) -> str:
    match schema.get("format"):
        case "uuid":
            return _ID
        case "date-time":
            return str(_NAMED["ends_at"] if name == "ends_at" else _INSTANT)
        case "date":
            return "2026-11-30"
        case "email":
            return str(_NAMED["email"])
        case "uri" | "url":
            return "https://clinic.example/"
    if schema.get("pattern", "").startswith("^\\d{20}"):
        return "00000000000000000001"
    named = _NAMED.get(name)
    text = named if isinstance(named, str) else "text"
    return text.ljust(schema.get("minLength", 0), "x")[: schema.get("maxLength") or len(text) + 100]


def _resolved(schema: dict[str, Any], schemas: dict[str, Any]) -> dict[str, Any]:
    if "$ref" in schema:
        return _resolved(schemas[schema["$ref"].rsplit("/", 1)[-1]], schemas)
    for several in ("allOf", "anyOf", "oneOf"):
        if several in schema:
            first: dict[str, Any] = next((one for one in schema[several] if one != {"type": "null"}), {})
            return _resolved(first, schemas)
    return schema
