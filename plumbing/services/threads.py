"""CPU work beside the green threads, so that heartbeats and other requests go on meanwhile (argon2, large parsing)."""

from collections.abc import Callable
from typing import Any, ParamSpec, TypeVar

from eventlet import tpool

P = ParamSpec("P")
R = TypeVar("R")

# each thread keeps what its work once needed: with tpool's own 20, argon2 (19 MiB a hash) left 500 MB in the process, with 4 120 MB
tpool.set_num_threads(4)


def off_hub(work: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
    """Run `work` in a real thread and wait for it greenly. It must touch no MongoDB, bus or other green thing."""
    result: Any = tpool.execute(work, *args, **kwargs)
    return result  # type: ignore[no-any-return]
