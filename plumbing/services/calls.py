"""The dependency by which a service calls others."""

from typing import Any, cast

from nameko.extensions import DependencyProvider

from contracts.actor import Actor
from contracts.command import Command
from plumbing import traces
from plumbing.services import runtime


class Caller:
    """`self.calls(command, payload, actor=call.actor)`; without an actor the service itself asks."""

    def __call__(
        self,
        command: Command,
        payload: dict[str, Any],
        actor: Actor | None = None,
        *,
        organisation_id: str | None = None,
        command_id: str | None = None,
        timeout: float = 5.0,
        service: str | None = None,
    ) -> Any:
        """The reply, as `plumbing.rpc.RpcClient.call` returns it, with its errors.

        `actor` is who asked this service (`call.actor`), passed on with the statement that came with them. Without one the
        service asks as `system`, for the organisation `organisation_id` (`event.organisation_id`).
        """
        current = runtime.current()
        who = actor or Actor(kind="system", id=current.name, organisation_id=organisation_id)
        return current.calls.call(command, payload, who, command_id=command_id, timeout=timeout, service=service)


def Calls() -> Caller:  # noqa: N802 it stands where nameko's dependency classes stand
    """Give a service its way to others, as `self.calls(COMMAND, payload, actor=call.actor)`."""
    return cast("Caller", CallsProvider())


class CallsProvider(DependencyProvider):
    """The dependency behind `Calls`."""

    def worker_setup(self, worker_ctx: Any) -> None:
        """Calls that the worker makes belong to the trace of its request."""
        traces.adopt(worker_ctx.data.get(traces.HEADER))

    def get_dependency(self, worker_ctx: Any) -> Caller:
        """One for every worker, over the process's one connection."""
        return Caller()
