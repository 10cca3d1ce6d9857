"""The trace that a piece of work belongs to: W3C Trace Context's `traceparent`, carried through calls, events and logs.

https://www.w3.org/TR/trace-context/#traceparent-header
"""

import random
import re
from contextvars import ContextVar

HEADER = "traceparent"
_FORM = re.compile(r"^00-(?!0{32})([0-9a-f]{32})-(?!0{16})[0-9a-f]{16}-([0-9a-f]{2})$")
# unguessable it need not be, and the system's randomness costs a system call for each span; `random` starts anew after a fork
_bits = random.getrandbits
_current: ContextVar[str | None] = ContextVar("traceparent", default=None)


def begin(received: str | None = None) -> str:
    """Start a span of the received trace, or of a new one where there is none, and make it the current one."""
    traceparent = span(received)
    _current.set(traceparent)
    return traceparent


def span(received: str | None = None) -> str:
    """A new span's traceparent, in the received trace or a new one; the current one stays."""
    match = _FORM.match(received or "")
    trace, flags = (match[1], match[2]) if match else (f"{_bits(128):032x}", "00")
    return f"00-{trace}-{_bits(64):016x}-{flags}"


def adopt(traceparent: str | None) -> None:
    """Work on in a span that was begun elsewhere in this process."""
    _current.set(traceparent)


def current() -> str | None:
    """The traceparent of the work that is going on in this thread, if it belongs to one."""
    return _current.get()
