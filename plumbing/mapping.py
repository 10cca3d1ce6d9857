"""States as MongoDB documents and back: frozen dataclasses through cattrs; instants stay instants."""

import datetime as dt
from typing import Any, TypeVar

from cattrs import Converter

from plumbing.clock import whole_milliseconds

S = TypeVar("S")


def _aware(moment: dt.datetime) -> dt.datetime:
    if moment.tzinfo is None:
        raise ValueError("An instant without a zone cannot be kept.")
    return whole_milliseconds(moment.astimezone(dt.UTC))


def _make() -> Converter:
    made = Converter(unstruct_collection_overrides={tuple: list, frozenset: sorted, set: sorted})
    made.register_unstructure_hook(dt.datetime, _aware)
    made.register_structure_hook(dt.datetime, lambda value, _: value)
    # a date or a time of day is local to a place: text, so that nobody takes it for an instant
    made.register_unstructure_hook(dt.date, dt.date.isoformat)
    made.register_structure_hook(dt.date, lambda value, _: dt.date.fromisoformat(value))
    made.register_unstructure_hook(dt.time, dt.time.isoformat)
    made.register_structure_hook(dt.time, lambda value, _: dt.time.fromisoformat(value))
    return made


_converter = _make()


def to_document(state: Any) -> dict[str, Any]:
    """A state as a document: `id` becomes `_id`."""
    document: dict[str, Any] = _converter.unstructure(state)
    document["_id"] = document.pop("id")
    return document


def from_document(document: dict[str, Any], kind: type[S]) -> S:
    """A document as a state; what the state does not name is ignored, what the document lacks takes its default."""
    return _converter.structure({**document, "id": document["_id"]}, kind)
