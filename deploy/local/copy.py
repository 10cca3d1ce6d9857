"""Brings one copy of Housecall up, says where it is, and keeps it up until it is told to stop."""

import asyncio
import fcntl
import json
import os
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from deploy.local import install
from deploy.local.files import read_json, run_directory, write_json
from deploy.local.identity import identify, is_alive
from deploy.local.ports import Ports
from deploy.local.problem import SetUpProblem
from deploy.local.progress import say, step
from deploy.local.stack import Stack, count, fixed_ports
from deploy.local.supervisor import Process, Supervisor


@contextmanager
def only_one(directory: Path) -> Iterator[None]:
    """Hold the directory, so that no second supervisor works in it. The kernel lets go of it however this process ends."""
    with (directory / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise SetUpProblem(
                f"Housecall already runs in {directory}: see './run status', end it with './run stop', "
                "or set HOUSECALL_RUN_DIR for a second copy."
            ) from error
        write_json(directory / "supervisor.json", identify(os.getpid()))
        yield
        (directory / "supervisor.json").unlink(missing_ok=True)


def run_until_stopped() -> int:
    """Start everything and stay until Ctrl-C or SIGTERM; returns the exit code."""
    directory = run_directory()
    with only_one(directory):
        (directory / "demo.json").unlink(missing_ok=True)
        supervisor = Supervisor(directory)
        supervisor.end_left_overs()
        if "AMQP_URI" not in os.environ:
            install.need_rabbitmq()
        install.need_browser_libraries()
        install.need_native()
        stack = Stack(
            directory,
            Ports(directory / "ports.json", fixed_ports(os.environ)),
            replicas=count(os.environ, "REPLICAS"),
            nodes=count(os.environ, "NODES"),
        )
        stack.check_given_backing()
        return asyncio.run(_serve(stack, supervisor, directory))


async def _serve(stack: Stack, supervisor: Supervisor, directory: Path) -> int:
    stopped = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        asyncio.get_running_loop().add_signal_handler(number, stopped.set)
    starting = asyncio.create_task(_start(stack, supervisor, directory))
    asking = asyncio.create_task(stopped.wait())
    try:
        await asyncio.wait({starting, asking}, return_when=asyncio.FIRST_COMPLETED)
        if starting.done():
            starting.result()
            await asking
        starting.cancel()
        return 0
    except SetUpProblem as problem:
        print(problem, file=sys.stderr, flush=True)
        return 1
    finally:
        say("stopping")
        (directory / "demo.json").unlink(missing_ok=True)
        await supervisor.stop()


async def _start(stack: Stack, supervisor: Supervisor, directory: Path) -> None:
    began = time.monotonic()
    # what may start in any order waits for broker and database by itself, and spends their seconds on loading
    await _all(
        *(_in_order(supervisor, chain) for chain in (stack.database(), stack.bus(), stack.mail(), stack.texts())),
        *(supervisor.start(process) for process in (*stack.nodes_of_media(), *stack.gateway())),
        _migrate(stack, supervisor),
    )
    await _all(*(supervisor.start(process) for process in stack.services()))
    with step("demo organisation"):
        members = await _demo_organisation(stack, directory)
    write_json(directory / "demo.json", _demo(stack, members), mode=0o600)
    say(_welcome(stack, members, directory, time.monotonic() - began))


async def _migrate(stack: Stack, supervisor: Supervisor) -> None:
    with step("indexes and queues of every service"):
        await supervisor.run_to_end(stack.migration(), json.dumps(stack.migration_settings()))


async def _in_order(supervisor: Supervisor, processes: list[Process]) -> None:
    for process in processes:
        await supervisor.start(process)


async def _all(*tasks: Any) -> None:
    """Do them side by side; the first problem ends the others."""
    try:
        async with asyncio.TaskGroup() as group:
            for task in tasks:
                group.create_task(task)
    except* SetUpProblem as problems:
        raise problems.exceptions[0] from None


async def _demo_organisation(stack: Stack, directory: Path) -> list[dict[str, str]]:
    running = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "deploy.local.demo_organisation"),
        env={**os.environ, **stack.settings("operator")},
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    answer, complaint = await running.communicate()
    if running.returncode:
        log = directory / "logs" / "demo_organisation.log"
        log.write_bytes(complaint)
        raise SetUpProblem(f"The demo organisation could not be made: read {log}.")
    return list(json.loads(answer))


def _demo(stack: Stack, members: list[dict[str, str]]) -> dict[str, Any]:
    return {
        "base_url": stack.base_url,
        "live_url": stack.live_url,
        "mail_url": stack.mail_url,
        "sms_url": stack.sms_url,
        "members": members,
        "amqp_uri": stack.amqp_uri("admin"),
        "amqp_admin_uri": stack.broker.admin_uri if stack.broker else None,
        "mongo_uri": stack.mongo_uri,
    }


def _welcome(stack: Stack, members: list[dict[str, str]], directory: Path, seconds: float) -> str:
    people = "\n".join(f"    {person['role']:<12} {person['email']:<26} {person['password']}" for person in members)
    mail = f"\n  mails         {stack.mail_url}" if stack.mail_url else ""
    mail += f"\n  texts         {stack.sms_url}" if stack.sms_url else ""
    return (
        f"\nHousecall is ready after {seconds:.0f} s.\n\n"
        f"  sign in at    {stack.base_url}{mail}\n  files         {directory}\n\n"
        f"  as            e-mail                     password\n{people}\n\n"
        "Ctrl-C stops all of it.\n"
    )


def running_supervisor() -> dict[str, Any] | None:
    """Return the identity of the supervisor that works in this directory now, or None."""
    identity: dict[str, Any] | None = read_json(run_directory() / "supervisor.json")
    return identity if is_alive(identity) else None


def stop() -> int:
    """Ask the running supervisor of this directory to stop, and wait until it has; returns the exit code."""
    identity = running_supervisor()
    if identity is None:
        say("Housecall does not run here.")
        return 1
    os.kill(int(identity["pid"]), signal.SIGTERM)
    while is_alive(identity):
        time.sleep(0.1)
    return 0
