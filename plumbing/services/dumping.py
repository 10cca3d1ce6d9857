"""What a method returned as a reply of its contract: what marshmallow's Schema.dump does, resolved once for each schema.

marshmallow asks every field of every item anew where its value lies, whether it may be missing and how it is written; of a
list of rooms that was two thirds of making the reply. tests/unit/plumbing/test_dumping.py holds the two together.
"""

from collections.abc import Callable
from functools import partial
from typing import Any

from marshmallow import Schema, fields
from marshmallow.constants import missing
from marshmallow.decorators import POST_DUMP, PRE_DUMP

Dump = Callable[[Any], Any]
# the types whose values JSON has as they are; whatever else a method returned is written by the field
_AS_IT_IS: dict[type[fields.Field[Any]], type] = {fields.String: str, fields.Integer: int, fields.Float: float}


def dumper(schema: Schema) -> Dump:
    """A function that does to one dict what `schema.dump` does; what is unusual about a schema is left to marshmallow."""
    by_marshmallow = partial(schema.dump, many=False)
    if schema._hooks[PRE_DUMP] or schema._hooks[POST_DUMP] or _unusual(schema):
        return by_marshmallow
    rows = [
        (field.data_key if field.data_key is not None else name, name, _written(field))
        for name, field in schema.dump_fields.items()
    ]

    def dump(value: Any) -> Any:
        if type(value) is not dict:
            return by_marshmallow(value)
        made = {}
        for key, name, write in rows:
            if name in value:
                made[key] = value[name] if write is None else write(value[name])
        return made

    return dump


def _unusual(schema: Schema) -> bool:
    return any(
        field.attribute is not None or field.dump_default is not missing or not field._CHECK_ATTRIBUTE or "." in name
        for name, field in schema.dump_fields.items()
    )


def _written(field: fields.Field[Any]) -> Dump | None:
    """How a field writes a value that is there; None: as it is."""
    kind: Any = type(field)._serialize
    if kind is fields.Field._serialize:
        return None
    if isinstance(field, fields.Nested) and kind is fields.Nested._serialize:
        one = dumper(field.schema)
        return _each(one) if field.schema.many or field.many else _unless_none(one)
    if isinstance(field, fields.List) and kind is fields.List._serialize:
        return _each(_written(field.inner))
    if isinstance(field, fields.Dict) and kind is fields.Mapping._serialize and field.key_field and field.value_field:
        return _by_key(_written(field.key_field), _written(field.value_field))
    for usual, as_it_is in _AS_IT_IS.items():
        if isinstance(field, usual) and kind is usual._serialize and not getattr(field, "as_string", False):
            return _plain(field, as_it_is)
    return lambda value: field._serialize(value, field.name, None)


def _plain(field: fields.Field[Any], as_it_is: type) -> Dump:
    def write(value: Any) -> Any:
        return value if value is None or type(value) is as_it_is else field._serialize(value, field.name, None)

    return write


def _unless_none(write: Dump) -> Dump:
    return lambda value: None if value is None else write(value)


def _each(write: Dump | None) -> Dump:
    if write is None:
        return lambda value: None if value is None else list(value)
    return lambda value: None if value is None else [write(each) for each in value]


def _by_key(write_key: Dump | None, write: Dump | None) -> Dump:
    write_key, write = write_key or _as_it_is, write or _as_it_is
    return lambda value: None if value is None else {write_key(key): write(each) for key, each in value.items()}


def _as_it_is(value: Any) -> Any:
    return value
