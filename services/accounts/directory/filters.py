"""Filters (RFC 7644 §3.4.2.2): read by scim2-models' grammar, and held against resources in plain JSON. Pure."""

from collections.abc import Callable, Collection
from typing import Any

from scim2_models import InvalidFilterException, ScimFilter
from scim2_models.path import AttrPath, Comparison, FilterNode, LogicalExpr, LogicalOperator, Not, Present, ValuePath

from services.accounts.directory.refusals import invalid

# compared as they are; everything else is the same in any case (RFC 7643 §2.2)
_EXACT = frozenset({"id", "externalid"})
_COMPARE: dict[str, Callable[[Any, Any], bool]] = {
    "eq": lambda found, wanted: bool(found == wanted),
    "co": lambda found, wanted: wanted in found,
    "sw": lambda found, wanted: bool(found.startswith(wanted)),
    "ew": lambda found, wanted: bool(found.endswith(wanted)),
    "gt": lambda found, wanted: bool(found > wanted),
    "ge": lambda found, wanted: bool(found >= wanted),
    "lt": lambda found, wanted: bool(found < wanted),
    "le": lambda found, wanted: bool(found <= wanted),
}


def read_filter(text: str) -> FilterNode:
    """The filter. Raises Invalid (`invalidFilter`)."""
    try:
        return ScimFilter[Any](text).ast
    except (InvalidFilterException, ValueError) as error:
        raise invalid(f"The filter cannot be read: {error}", "invalidFilter") from None


def lookups(node: FilterNode, names: Collection[str], within: str = "") -> list[tuple[str, str]] | None:
    """What an index is asked for: (name, text), one of which holds of whatever the filter is true of; None where that cannot be said.

    `names` in lower case, as in `emails.value`; `emails[value eq "x"]` asks for the same as `emails.value eq "x"`.
    """
    match node:
        case LogicalExpr(op=LogicalOperator.and_, terms=terms):
            return next((found for term in terms if (found := lookups(term, names, within)) is not None), None)
        case LogicalExpr(op=LogicalOperator.or_, terms=terms):
            each = [lookups(term, names, within) for term in terms]
            return None if None in each else [one for found in each for one in found or ()]
        case ValuePath(attr_path=path, val_filter=inner):
            return lookups(inner, names, f"{path.attr}.".lower())
        case Comparison(attr_path=path, op=op, value=str(value)) if op.value == "eq":
            name = within + (f"{path.attr}.{path.sub_attr}" if path.sub_attr else path.attr).lower()
            return [(name, value)] if name in names else None
    return None


def matches(resource: dict[str, Any], node: FilterNode) -> bool:
    """Whether the filter is true of it. What a resource does not have is equal to nothing."""
    match node:
        case Not(expr=inner):
            return not matches(resource, inner)
        case LogicalExpr(op=op, terms=terms):
            each = (matches(resource, term) for term in terms)
            return all(each) if op == LogicalOperator.and_ else any(each)
        case Present(attr_path=path):
            return any(found not in (None, "", [], {}) for found in _values(resource, path))
        case ValuePath(attr_path=path, val_filter=inner):
            return any(matches(_entry(each), inner) for each in _values(resource, path))
        case Comparison(attr_path=path, op=op, value=value):
            return _compared(resource, path, op.value, value)
    return False


def _compared(resource: dict[str, Any], path: AttrPath, op: str, wanted: Any) -> bool:
    found = _values(resource, path)
    if op == "ne":
        return not _compared(resource, path, "eq", wanted)
    if wanted is None:
        return op == "eq" and not found
    exact = (path.sub_attr or path.attr).lower() in _EXACT
    return any(_holds(op, each, wanted, exact) for each in found)


def _holds(op: str, found: Any, wanted: Any, exact: bool) -> bool:
    if isinstance(found, dict):
        found = found.get("value")
    if isinstance(found, bool) and isinstance(wanted, str):
        wanted = wanted.lower() == "true"
    if isinstance(found, str) and isinstance(wanted, str):
        return _COMPARE[op](*((found, wanted) if exact else (found.casefold(), wanted.casefold())))
    return op == "eq" and type(found) is type(wanted) and bool(found == wanted)


def _values(resource: dict[str, Any], path: AttrPath) -> list[Any]:
    found = _all(resource, path.attr)
    if path.sub_attr is None:
        return found
    return [inner for each in found if isinstance(each, dict) for inner in _all(each, path.sub_attr)]


def _all(holder: dict[str, Any], name: str) -> list[Any]:
    value = next((each for key, each in holder.items() if key.lower() == name.lower()), None)
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def _entry(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {"value": value}
