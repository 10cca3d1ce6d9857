"""MongoDB's update operators, as much of them as stores use."""

import copy
import datetime as dt
from collections.abc import Mapping
from typing import Any

from tests.fakes.matching import MISSING, fits


def updated(document: Mapping[str, Any], update: Any, *, inserting: bool = False) -> dict[str, Any]:
    """The document after an update. Raises NotImplementedError for what is not known here."""
    if isinstance(update, list):
        raise NotImplementedError("update pipelines are not faked: test this on a real MongoDB")
    new = copy.deepcopy(dict(document))
    for name, changes in update.items():
        if name == "$setOnInsert" and not inserting:
            continue
        act = _ACTS.get(name)
        if act is None:
            raise NotImplementedError(f"{name} is not faked: test this on a real MongoDB")
        for path, value in changes.items():
            parent, key = _reach(new, path)
            act(parent, key, copy.deepcopy(value))
    return new


def _reach(document: Any, path: str) -> tuple[Any, Any]:
    *way, last = path.split(".")
    for step in way:
        document = document[int(step)] if isinstance(document, list) else document.setdefault(step, {})
    return document, int(last) if isinstance(document, list) else last


def _get(parent: Any, key: Any) -> Any:
    if isinstance(parent, list):
        return parent[key] if key < len(parent) else MISSING
    return parent.get(key, MISSING)


def _set(parent: Any, key: Any, value: Any) -> None:
    parent[key] = value


def _unset(parent: Any, key: Any, _value: Any) -> None:
    if isinstance(parent, dict):
        parent.pop(key, None)


def _increase(parent: Any, key: Any, value: Any) -> None:
    before = _get(parent, key)
    parent[key] = value if before is MISSING else before + value


def _push(parent: Any, key: Any, value: Any) -> None:
    more = value["$each"] if isinstance(value, dict) and "$each" in value else [value]
    parent[key] = [*(_get(parent, key) if _get(parent, key) is not MISSING else []), *more]


def _add_to_set(parent: Any, key: Any, value: Any) -> None:
    more = value["$each"] if isinstance(value, dict) and "$each" in value else [value]
    have = list(_get(parent, key)) if _get(parent, key) is not MISSING else []
    for one in more:
        if one not in have:
            have.append(one)
    parent[key] = have


def _pull(parent: Any, key: Any, value: Any) -> None:
    have = _get(parent, key)
    if have is MISSING:
        return

    def goes(one: Any) -> bool:
        if isinstance(value, Mapping):
            return fits(one, value) if isinstance(one, Mapping) else fits({"it": one}, {"it": value})
        return bool(one == value)

    parent[key] = [one for one in have if not goes(one)]


def _least(parent: Any, key: Any, value: Any) -> None:
    before = _get(parent, key)
    parent[key] = value if before is MISSING else min(before, value)


def _most(parent: Any, key: Any, value: Any) -> None:
    before = _get(parent, key)
    parent[key] = value if before is MISSING else max(before, value)


def _now(parent: Any, key: Any, _value: Any) -> None:
    moment = dt.datetime.now(dt.UTC)
    parent[key] = moment.replace(microsecond=moment.microsecond // 1000 * 1000)


_ACTS = {
    "$set": _set,
    "$setOnInsert": _set,
    "$unset": _unset,
    "$inc": _increase,
    "$push": _push,
    "$addToSet": _add_to_set,
    "$pull": _pull,
    "$min": _least,
    "$max": _most,
    "$currentDate": _now,
}
