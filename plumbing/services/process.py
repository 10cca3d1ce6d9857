"""One service as one process: `main("rooms")` runs it, `main("rooms")` with the argument `migrate` prepares it and ends."""

import warnings

# said at every start otherwise (docs/adr/0004-nameko-stays-at-the-door.md)
warnings.filterwarnings("ignore", message=r"\s*Eventlet is deprecated")
import eventlet  # noqa: E402

eventlet.monkey_patch()

import inspect  # noqa: E402
import os  # noqa: E402
import signal  # noqa: E402
import sys  # noqa: E402
from collections.abc import Callable  # noqa: E402
from importlib import import_module  # noqa: E402
from typing import Any  # noqa: E402

import nameko  # noqa: E402
import structlog  # noqa: E402
from nameko.runners import ServiceRunner  # noqa: E402

from plumbing import logs  # noqa: E402
from plumbing.amqp import Connection, parse_uri  # noqa: E402
from plumbing.health import Health  # noqa: E402
from plumbing.keys import KeyProblem  # noqa: E402
from plumbing.services import runtime  # noqa: E402
from plumbing.services.bus import Bus  # noqa: E402
from plumbing.services.migration import migrate  # noqa: E402
from plumbing.settings import SettingProblem, load  # noqa: E402

log = structlog.get_logger()

_WORKERS = 1000  # deliveries are bounded by prefetch, not by the pool
_LOOK_SECONDS = 0.25
_STOP_SECONDS = 15.0


def main(name: str, service: type | None = None) -> None:
    """Run `services.<name>.service`'s class (or `service`) until SIGTERM or SIGINT; ends the process.

    Waits for the broker and the database to appear. A setting that does not fit ends it with one sentence and status 2.
    """
    try:
        settings = load(name)
        logs.configure(name, settings.log_level, soon=eventlet.spawn_n)
        current = runtime.Runtime.make(name, settings)
    except (SettingProblem, KeyProblem) as problem:
        sys.stderr.write(f"{problem}\n")
        sys.exit(2)
    runtime.set_current(current)
    service = service or find_service(name)
    if sys.argv[1:] == ["migrate"]:
        _wait_for(current)
        migrate(current, service)
        current.client.close()
        sys.exit(0)
    if sys.argv[1:]:
        sys.stderr.write(f"Usage: python -m services.{name} [migrate]\n")
        sys.exit(2)
    _run(current, service)


def find_service(name: str) -> type:
    """The class in `services.<name>.service` whose `name` is that of the service."""
    module = import_module(f"services.{name}.service")
    for _, found in inspect.getmembers(module, inspect.isclass):
        if found.__dict__.get("name") == name and found.__module__ == module.__name__:
            return found
    raise LookupError(f"services.{name}.service has no class with name = {name!r}")


def _run(current: runtime.Runtime, service: type) -> None:
    stop = _Stop()
    health = _health(current, stop)
    if not _wait_for(current, stop):
        sys.exit(0)
    current.start()
    nameko.config.setup({"max_workers": _WORKERS, "AMQP_URI": current.settings.amqp_uri})
    runner = ServiceRunner()
    runner.add_service(service)
    runner.start()
    container = next(iter(runner.containers))
    stop.bus = next((one for one in container.subextensions if isinstance(one, Bus)), None)
    log.info("started", health_port=health.port if health else None)
    failure: BaseException | None = None
    watching = eventlet.spawn(_watch, runner, stop)
    try:
        stop.wait()
        failure = stop.failure
    finally:
        eventlet.spawn_after(_STOP_SECONDS, os._exit, 1)
        if failure is None:
            runner.stop()
        watching.kill()
        current.stop()
        if health:
            health.stop()
    log.info("stopped", failure=type(failure).__name__ if failure else None)
    eventlet.sleep(0)  # the last lines of the log
    # a real thread of tpool or a stuck socket must not keep a stopped service alive
    os._exit(1 if failure else 0)


class _Stop:
    """Whether and why the process is to end. Signals arrive in the hub, which may not wait: they only send."""

    def __init__(self) -> None:
        self.bus: Bus | None = None
        self.failure: BaseException | None = None
        self._asked = eventlet.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: eventlet.spawn_n(self.ask))

    @property
    def asked(self) -> bool:
        """Whether to end."""
        return bool(self._asked.ready())

    def ask(self, failure: BaseException | None = None) -> None:
        """End, because of `failure` or because somebody said so."""
        if not self._asked.ready():
            self.failure = failure
            self._asked.send()

    def wait(self, seconds: float | None = None) -> None:
        """Until asked, or `seconds`."""
        with eventlet.Timeout(seconds, False):
            self._asked.wait()


def _watch(runner: Any, stop: _Stop) -> None:
    """A container that dies of a defect ends the process, so that whoever supervises it starts a clean one."""
    try:
        runner.wait()
    except Exception as error:
        log.exception("service died")
        stop.ask(error)
    else:
        stop.ask()


def _health(current: runtime.Runtime, stop: _Stop) -> Health | None:
    port = current.settings.health_port
    if not port:
        return None
    health = Health(
        port,
        {
            "mongodb": lambda: current.client.admin.command("ping")["ok"],
            "broker": lambda: stop.bus is not None and stop.bus.up and current.publisher.up.is_set(),
        },
    )
    health.start()
    return health


def _wait_for(current: runtime.Runtime, stop: _Stop | None = None) -> bool:
    """Until the broker and the database answer; False when asked to stop meanwhile."""
    waiting: tuple[tuple[str, Callable[[], Any]], ...] = (
        ("mongodb", lambda: current.client.admin.command("ping")),
        ("broker", lambda: _knock(current.settings.amqp_uri)),
    )
    for what, ask in waiting:
        said = False
        while not (stop and stop.asked):
            try:
                ask()
                break
            except Exception as error:  # noqa: BLE001 whatever it says, it is not there yet
                if not said:
                    log.warning("waiting", what=what, error=type(error).__name__)
                said = True
                eventlet.sleep(_LOOK_SECONDS)
    return not (stop and stop.asked)


def _knock(uri: str) -> None:
    with Connection(parse_uri(uri), "knock"):
        pass
