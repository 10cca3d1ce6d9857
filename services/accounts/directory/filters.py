"""Filters (RFC 7644 §3.4.2.2): read by scim2-models' grammar, and held against resources in plain JSON. Pure."""

from collections.abc import Callable
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


def wanted_value(node: FilterNode, name: str) -> str | None:
    """The one text that `name` must equal for the filter to be true, if there is one: what an index is asked for."""
    terms = node.terms if isinstance(node, LogicalExpr) and node.op == LogicalOperator.and_ else (node,)
    for term in terms:
        path = _equalled(term)
        if path == name.lower() and isinstance(_value(term), str):
            return str(_value(term))
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


def _equalled(term: FilterNode) -> str | None:
    """`emails[value eq "x"]` asks for the same as `emails.value eq "x"`."""
    match term:
        case Comparison(attr_path=path, op=op) if op.value == "eq":
            return f"{path.attr}.{path.sub_attr}".lower() if path.sub_attr else path.attr.lower()
        case ValuePath(attr_path=path, val_filter=Comparison(attr_path=inner, op=op)) if op.value == "eq":
            return f"{path.attr}.{inner.attr}".lower()
    return None


def _value(term: FilterNode) -> Any:
    match term:
        case Comparison(value=value) | ValuePath(val_filter=Comparison(value=value)):
            return value
    return None
