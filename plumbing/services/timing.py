"""Work by the clock: in every replica, so what must happen once is claimed by lease (plumbing.mongo.claim)."""

from typing import Any

import structlog
from nameko.timer import Timer

from plumbing import traces

log = structlog.get_logger()


class Every(Timer):
    """`@every(seconds=1.0)`: called again `seconds` after it was called, or when it is done if that takes longer."""

    def __init__(self, seconds: float, **options: Any) -> None:
        super().__init__(seconds, **options)

    def handle_timer_tick(self) -> None:
        """One turn, as a trace of its own."""
        trace = {traces.HEADER: traces.begin()}
        self.container.spawn_worker(self, (), {}, context_data=trace, handle_result=self.handle_result)

    def handle_result(self, worker_ctx: Any, result: Any, exc_info: Any) -> tuple[Any, Any]:
        """A turn that failed is logged; the next one comes."""
        if exc_info is not None:
            log.error("timer failed", method=self.method_name, exc_info=exc_info)
        done: tuple[Any, Any] = super().handle_result(worker_ctx, result, exc_info)
        return done


every = Every.decorator
