"""Operations of a PATCH (RFC 7644 §3.5.2) on a resource in plain JSON, also as Entra and Okta send them. Pure.

An operation carried out again changes nothing more: what is removed already is no error, and what is there is not added twice.
"""

import re
from collections.abc import Callable, Iterator
from copy import deepcopy
from typing import Any

from scim2_models import InvalidPathException, Path
from scim2_models.path import AttrPath, Comparison, FilterNode, LogicalExpr, LogicalOperator, ValuePath

from services.accounts.directory.attributes import Attribute, Shape, entry_of, value_of
from services.accounts.directory.filters import matches
from services.accounts.directory.refusals import invalid

ADD, REPLACE, REMOVE = "add", "replace", "remove"
# how many values all operations of one PATCH may look at together: seconds of work, which others wait for
MOST_LOOKED_AT = 3_000_000
# a filter is held against a value in so many times the work of comparing two texts
_FILTER_COSTS = 40
# to read one
_PATH_COSTS = 100
_EQUAL_TO = re.compile(r'\w+\[value eq "[^"]*"\]')


def patched(resource: dict[str, Any], operations: list[dict[str, Any]], shape: Shape) -> dict[str, Any]:
    """The resource (as `attributes.read` makes it) after all operations. Raises Invalid, and then nothing was done."""
    after = deepcopy(resource)
    looked_at = 0
    for operation in operations:
        said = {str(name).lower(): value for name, value in operation.items()}
        op = str(said.get("op", "")).lower()
        if op not in (ADD, REPLACE, REMOVE):
            raise invalid("op is add, replace or remove.", "invalidSyntax")
        path = said.get("path")
        if path is not None and not isinstance(path, str):
            raise invalid("path is a text.", "invalidPath")
        looked_at += sum(_price(after, each) for each in _paths(path, said.get("value")))
        if looked_at > MOST_LOOKED_AT:
            raise invalid("These are too many operations on too many values. Send them in several requests.", "tooMany")
        if path:
            _at(after, op, path, said.get("value"), shape)
        else:
            _without_path(after, op, said.get("value"), shape)
    return after


def _price(after: dict[str, Any], path: str) -> int:
    """What an operation at a path costs at most, in values compared."""
    values = sum(len(each) for each in after.values() if isinstance(each, list))
    filtered = "[" in path and not _EQUAL_TO.fullmatch(path)
    return _PATH_COSTS + (values * _FILTER_COSTS if filtered else values)


def _paths(path: str | None, value: Any) -> Iterator[str]:
    """Every path that an operation names, be it in its value."""
    if path:
        yield path
    elif isinstance(value, dict):
        for name, each in value.items():
            yield name
            yield from _paths(None, each)


def _without_path(after: dict[str, Any], op: str, value: Any, shape: Shape) -> None:
    """Each name in the value is a path, dotted or with a filter even (Entra); what may only be read is passed over (Okta: id)."""
    if op == REMOVE:
        raise invalid("Say in path what is to be removed.", "noTarget")
    if not isinstance(value, dict):
        raise invalid("Without a path the value is an object.")
    for name, each in value.items():
        if name.lower() == shape.urn.lower():
            _without_path(after, op, each, shape)
            continue
        attribute = shape.find(name)
        if attribute is None or not attribute.read_only:
            _at(after, op, name, each, shape)


def _at(after: dict[str, Any], op: str, path: str, value: Any, shape: Shape) -> None:
    try:
        node = Path[Any](path).ast
    except (InvalidPathException, ValueError):
        raise invalid("The path cannot be read.", "invalidPath") from None
    if not isinstance(node, AttrPath | ValuePath):
        raise invalid("The path names no attribute.", "invalidPath")
    attr_path = node if isinstance(node, AttrPath) else node.attr_path
    if attr_path.uri and attr_path.uri.lower() != shape.urn.lower():
        return  # of an extension, none of which is kept
    attribute = shape.find(attr_path.attr)
    if attribute is None:
        return
    if attribute.read_only:
        raise invalid(f"{attribute.name} can only be read.", "mutability")
    if isinstance(node, ValuePath):
        _selected(after, op, attribute, node.val_filter, node.sub_attr or attr_path.sub_attr, value)
    elif attr_path.sub_attr:
        _part(after, op, attribute, attr_path.sub_attr, value)
    else:
        _whole(after, op, attribute, value)


def _whole(after: dict[str, Any], op: str, attribute: Attribute, value: Any) -> None:
    if op == REMOVE and not (attribute.many and value):
        after.pop(attribute.name, None)
        return
    new = value_of(value, attribute)
    if not attribute.many:
        if op == ADD and attribute.type == "complex" and new:
            new = {**after.get(attribute.name, {}), **new}
        if op == REPLACE and attribute.type == "complex" and new:
            # RFC 7644 §3.5.2.3: sub-attributes that are not given stay
            new = {**after.get(attribute.name, {}), **new}
        _set(after, attribute, new)
        return
    entries, new = after.get(attribute.name, []), new or []
    if op == REMOVE:
        # Entra: which values, in the value instead of the path
        gone = {_key(each) for each in new}
        _set(after, attribute, [each for each in entries if _key(each) not in gone])
    elif op == REPLACE:
        _set(after, attribute, _one_primary(_each_once(new), new))
    else:
        _set(after, attribute, _one_primary(_each_once([*entries, *new]), new))


def _part(after: dict[str, Any], op: str, attribute: Attribute, name: str, value: Any) -> None:
    part = attribute.parts.get(name.lower())
    if part is None:
        return
    _refuse_read_only(attribute, part)
    if not attribute.many:
        _set(after, attribute, _with_part(after.get(attribute.name, {}), part, op, value))
        return
    entries = after.get(attribute.name) or ([] if op == REMOVE else [{}])
    _set(after, attribute, [_with_part(each, part, op, value) for each in entries])


def _selected(
    after: dict[str, Any], op: str, attribute: Attribute, which: FilterNode, name: str | None, value: Any
) -> None:
    """Entra adds `emails[type eq "work"].value` where there is none yet: what the filter asks for is then made."""
    if not attribute.many:
        raise invalid(f"{attribute.name} has one value only.", "invalidPath")
    entries: list[dict[str, Any]] = after.get(attribute.name, [])
    holds = _test_of(which)
    part = attribute.parts.get(name.lower()) if name else None
    if name and part is None:
        return
    if part:
        _refuse_read_only(attribute, part)
    if op == REMOVE and part is None:
        _set(after, attribute, [each for each in entries if not holds(each)])
        return
    if op != REMOVE and not any(map(holds, entries)):
        entries = [*entries, _asked_for(attribute, which)]

    def changed(entry: dict[str, Any]) -> dict[str, Any]:
        if part:
            return _with_part(entry, part, op, value)
        return {**entry, **(entry_of(value, attribute) or {})}

    new = [changed(each) if holds(each) else each for each in entries]
    _set(after, attribute, _one_primary(new, [each for each in new if holds(each)]))


def _test_of(which: FilterNode) -> Callable[[dict[str, Any]], bool]:
    """As `matches`; by a short way for `value eq "…"`, which directories send by the thousand."""
    match which:
        case Comparison(attr_path=AttrPath(attr="value", sub_attr=None), op=op, value=str(value)) if op.value == "eq":
            wanted = value.casefold()
            return lambda entry: isinstance(found := entry.get("value"), str) and found.casefold() == wanted
    return lambda entry: matches(entry, which)


def _with_part(entry: dict[str, Any], part: Attribute, op: str, value: Any) -> dict[str, Any]:
    rest = {name: each for name, each in entry.items() if name != part.name}
    new = None if op == REMOVE else value_of(value, part)
    return rest if new is None else {**rest, part.name: new}


def _asked_for(attribute: Attribute, which: FilterNode) -> dict[str, Any]:
    terms = which.terms if isinstance(which, LogicalExpr) and which.op == LogicalOperator.and_ else (which,)
    made: dict[str, Any] = {}
    for term in terms:
        part = attribute.parts.get(term.attr_path.attr.lower()) if isinstance(term, Comparison) else None
        if part is None or not isinstance(term, Comparison) or term.op.value != "eq":
            raise invalid(f"No value of {attribute.name} is so.", "noTarget")
        made[part.name] = value_of(term.value, part)
    return made


def _refuse_read_only(attribute: Attribute, part: Attribute) -> None:
    if part.read_only:
        raise invalid(f"{attribute.name}.{part.name} can only be read.", "mutability")


def _set(after: dict[str, Any], attribute: Attribute, value: Any) -> None:
    kept = [each for each in value if each] if isinstance(value, list) else value
    if kept in (None, [], {}):
        after.pop(attribute.name, None)
    else:
        after[attribute.name] = kept


def _key(entry: Any) -> Any:
    return entry.get("value", "") if isinstance(entry, dict) else entry


def _each_once(entries: list[Any]) -> list[Any]:
    """By value and type; the last says most."""
    kept: dict[Any, Any] = {}
    for each in entries:
        kept[(_key(each), each.get("type") if isinstance(each, dict) else None)] = each
    return list(kept.values())


def _one_primary(entries: list[Any], new: list[Any]) -> list[Any]:
    """A new primary value takes that from the one before (RFC 7644 §3.5.2)."""
    is_primary: Callable[[Any], bool] = lambda each: isinstance(each, dict) and each.get("primary") is True  # noqa: E731
    chosen = next((each for each in reversed(new) if is_primary(each)), None)
    if chosen is None:
        return entries
    return [{**each, "primary": False} if is_primary(each) and each != chosen else each for each in entries]
