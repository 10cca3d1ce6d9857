"""What only nameko services use: entrypoints, dependencies and the process around them. nameko and eventlet live here.

Names are imported when first asked for, because `plumbing.services.process` patches the standard library before anything
else may be imported.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from plumbing.heard import Heard
    from plumbing.services.answering import Call, answers
    from plumbing.services.at_once import together
    from plumbing.services.calls import Caller, Calls
    from plumbing.services.hearing import hears
    from plumbing.services.stores import Store
    from plumbing.services.threads import off_hub
    from plumbing.services.timing import every
    from plumbing.services.watching import Reported, watches

__all__ = [
    "Call",
    "Caller",
    "Calls",
    "Heard",
    "Reported",
    "Store",
    "answers",
    "every",
    "hears",
    "off_hub",
    "together",
    "watches",
]

_PLACES = {
    "Call": "answering",
    "Caller": "calls",
    "Calls": "calls",
    "Heard": "hearing",
    "Reported": "watching",
    "Store": "stores",
    "answers": "answering",
    "every": "timing",
    "hears": "hearing",
    "off_hub": "threads",
    "together": "at_once",
    "watches": "watching",
}


def __getattr__(name: str) -> Any:
    if name not in _PLACES:
        raise AttributeError(name)
    return getattr(import_module(f"{__name__}.{_PLACES[name]}"), name)
