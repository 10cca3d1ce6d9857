"""MongoDB's query language, as much of it as stores use."""

import datetime as dt
import operator
import re
from collections.abc import Mapping
from typing import Any

MISSING = object()


def fits(document: Mapping[str, Any], query: Mapping[str, Any]) -> bool:
    """Whether a document fits a filter. Raises NotImplementedError for an operator that is not known here."""
    return all(_clause(document, key, wanted) for key, wanted in query.items())


def values_at(document: Any, path: str) -> list[Any]:
    """What is at a dotted path; several where it goes through lists; [MISSING] where nothing is."""
    here = [document]
    for step in path.split("."):
        there: list[Any] = []
        for one in here:
            if isinstance(one, Mapping) and step in one:
                there.append(one[step])
            elif isinstance(one, list):
                there += [part[step] for part in one if isinstance(part, Mapping) and step in part]
                if step.isdigit() and int(step) < len(one):
                    there.append(one[int(step)])
        here = there
    return here or [MISSING]


def _clause(document: Mapping[str, Any], key: str, wanted: Any) -> bool:
    if key == "$and":
        return all(fits(document, one) for one in wanted)
    if key == "$or":
        return any(fits(document, one) for one in wanted)
    if key == "$nor":
        return not any(fits(document, one) for one in wanted)
    if key.startswith("$"):
        raise NotImplementedError(f"{key} is not faked: test this on a real MongoDB")
    found = values_at(document, key)
    if _is_operators(wanted):
        return all(_operator(found, name, operand, wanted) for name, operand in wanted.items())
    return _equals(found, wanted)


def _is_operators(wanted: Any) -> bool:
    return isinstance(wanted, Mapping) and bool(wanted) and all(str(key).startswith("$") for key in wanted)


def _equals(found: list[Any], wanted: Any) -> bool:
    for one in found:
        if one == wanted or (wanted is None and one is MISSING):
            return True
        if isinstance(one, list) and wanted in one:
            return True
    return False


_TYPES: dict[str, type] = {"string": str, "date": dt.datetime}
_ORDER = {"$gt": operator.gt, "$gte": operator.ge, "$lt": operator.lt, "$lte": operator.le}


def _operator(found: list[Any], name: str, operand: Any, whole: Mapping[str, Any]) -> bool:
    flat = [part for one in found for part in (one if isinstance(one, list) else [one])]
    if name in _ORDER:
        return any(_ordered(_ORDER[name], one, operand) for one in flat)
    if name in ("$eq", "$ne"):
        return _equals(found, operand) is (name == "$eq")
    if name in ("$in", "$nin"):
        return any(_equals(found, one) for one in operand) is (name == "$in")
    if name == "$exists":
        return (found != [MISSING]) is bool(operand)
    if name == "$not":
        return not all(_operator(found, inner, value, operand) for inner, value in operand.items())
    if name == "$elemMatch":
        return any(_element(part, operand) for one in found if isinstance(one, list) for part in one)
    if name == "$size":
        return any(isinstance(one, list) and len(one) == operand for one in found)
    if name == "$all":
        return all(_equals(found, one) for one in operand)
    if name == "$regex":
        flags = re.IGNORECASE if "i" in whole.get("$options", "") else 0
        return any(isinstance(one, str) and re.search(operand, one, flags) is not None for one in flat)
    if name == "$options":
        return True
    if name == "$type":
        return any(isinstance(one, _TYPES[operand]) for one in flat)
    raise NotImplementedError(f"{name} is not faked: test this on a real MongoDB")


def _element(part: Any, operand: Mapping[str, Any]) -> bool:
    if _is_operators(operand):
        return all(_operator([part], name, value, operand) for name, value in operand.items())
    return isinstance(part, Mapping) and fits(part, operand)


def _ordered(compare: Any, one: Any, operand: Any) -> bool:
    if one is MISSING or one is None or operand is None:
        return False
    try:
        return bool(compare(one, operand))
    except TypeError:
        return False  # MongoDB compares only what is of one type
