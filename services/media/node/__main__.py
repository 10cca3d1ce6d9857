"""Runs one media node: `python -m services.media.node`, with settings from the environment (docs/settings.md)."""

import asyncio
import contextlib
import itertools
import signal
import socket
import sys

import structlog
from aio_pika.exceptions import AMQPError

from plumbing.actor import Verifier
from plumbing.health import Health
from plumbing.keys import KeyProblem
from plumbing.logs import configure
from plumbing.settings import SettingProblem, Settings, load
from services.media.node.bus import Bus
from services.media.node.calls import Calls
from services.media.node.control import Control
from services.media.node.forwarding.choice import open_forwarder
from services.media.node.port import Port, open_socket
from services.media.node.taps import Taps, srtp_functions, srtp_handle

log = structlog.get_logger()


def announced_address(settings: Settings) -> str:
    """The IP address that browsers are told. SettingProblem where a node that listens everywhere is not told which."""
    if settings.node_announced_address:
        return settings.node_announced_address
    if settings.node_host in ("0.0.0.0", "::"):
        raise SettingProblem("NODE_ANNOUNCED_ADDRESS is needed where NODE_HOST is every address.")
    return settings.node_host


async def run(settings: Settings) -> None:
    """Until SIGTERM or SIGINT."""
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    sock = open_socket(settings.node_host, settings.node_udp_port)
    announced = (announced_address(settings), sock.getsockname()[1])
    port = Port(sock, open_forwarder(sock, settings.node_native, srtp_functions(), srtp_handle), announced)

    async def handle(method: str, payload: dict[str, object], token: str) -> object:
        return await control.handle(method, payload, token)

    bus = Bus(settings.amqp_uri, settings.node_id, handle)
    numbers = itertools.count(1)
    about = {"node_id": settings.node_id}
    calls = Calls(Taps(port), bus.signal, lambda key, body: bus.report(key, {**about, "number": next(numbers), **body}))
    verify = Verifier.from_file(settings.actor_public_keys)
    control = Control(settings.node_id, settings.node_capacity, calls, port, verify)
    health = Health(settings.health_port, {"bus": lambda: bus.up}) if settings.health_port else None
    port.start()
    calls.start()
    if health is not None:
        health.start()
    await _connected(bus, stop)
    alive = asyncio.create_task(control.say_alive(bus.report))
    log.info("the media node is ready", node_id=settings.node_id, udp_port=announced[1], forwarder=port.forwarder.name)
    await stop.wait()
    control.draining = True
    alive.cancel()
    bus.report("node.stopped", {"node_id": settings.node_id})
    await calls.close()
    await bus.stop()
    port.close()
    if health is not None:
        health.stop()


async def _connected(bus: Bus, stop: asyncio.Event) -> None:
    """Services and broker may start in any order."""
    told = False
    while not stop.is_set():
        try:
            await bus.start()
            return
        except (AMQPError, OSError) as error:
            if not told:
                log.warning("the broker does not answer yet", error=type(error).__name__)
                told = True
            with contextlib.suppress(asyncio.TimeoutError):
                await asyncio.wait_for(stop.wait(), 0.5)


def main() -> int:
    try:
        settings = load("media_node")
        configure("media_node", settings.log_level)
        asyncio.run(run(settings))
    except (SettingProblem, KeyProblem) as problem:
        print(problem, file=sys.stderr)
        return 2
    except (OSError, socket.gaierror) as problem:
        print(f"The media node cannot use its port: {problem}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
