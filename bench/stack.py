"""A few of Housecall's processes on a virtual host and databases of their own, for as long as a figure is measured."""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pymongo import MongoClient

from contracts.catalogue import SERVICES
from deploy.local import demo_organisation
from deploy.local.backing import find_or_start
from deploy.local.files import ROOT
from deploy.local.ports import Ports
from deploy.local.rabbitmq import management
from deploy.local.stack import Stack
from deploy.local.supervisor import Process
from plumbing.actor import Signer
from plumbing.ids import new_id
from plumbing.rpc import RpcClient

START_SECONDS = 180.0


@dataclass
class Running:
    """Where the processes are: `members` as in the demonstration, `pids` by name, `amqp_uri` of the virtual host."""

    base_url: str
    live_url: str
    amqp_uri: str
    settings: Any
    members: list[dict[str, str]]
    pids: dict[str, int]

    def password(self, role: str) -> tuple[str, str]:
        """E-mail and password of a member of that role."""
        found = next(member for member in self.members if member["role"] == role)
        return found["email"], found["password"]


@contextmanager
def running(*names: str, organisation: bool = True) -> Iterator[Running]:
    """Start the processes of these names (as in processes.json of `./run`), with the demonstration's organisation."""
    backing = find_or_start()
    host, prefix = f"bench-{new_id()[-12:]}", f"bench_{new_id()[-12:]}_"
    admin = backing["amqp_admin_uri"]
    management(admin, "PUT", f"/api/vhosts/{host}")
    everything = {"configure": ".*", "write": ".*", "read": ".*"}
    management(admin, "PUT", f"/api/permissions/{host}/admin", everything)
    os.environ.update(
        AMQP_URI=backing["amqp_uri"].removesuffix("%2F") + host,
        MONGO_URI=backing["mongo_uri"],
        DATABASE_PREFIX=prefix,
        SMTP_URI="smtp://127.0.0.1:9",
        LOG_LEVEL="warning",
        PYTHONPATH=str(ROOT),
    )
    started: dict[str, subprocess.Popen[bytes]] = {}
    try:
        with tempfile.TemporaryDirectory() as folder:
            yield _start(Path(folder), names, started, organisation)
    finally:
        for process in started.values():
            process.terminate()
        for process in started.values():
            process.wait(30)
        management(admin, "DELETE", f"/api/vhosts/{host}")
        with MongoClient[dict[str, Any]](backing["mongo_uri"]) as client:
            for name in client.list_database_names():
                if name.startswith(prefix):
                    client.drop_database(name)


def _start(
    folder: Path, names: tuple[str, ...], started: dict[str, subprocess.Popen[bytes]], organisation: bool
) -> Running:
    stack = Stack(folder, Ports(folder / "ports.json"))
    for name in set(names) & set(SERVICES):
        command = [sys.executable, "-m", f"services.{name}", "migrate"]
        subprocess.run(command, env=stack.settings(name), cwd=ROOT, check=True, stdout=sys.stderr)
    every = [*stack.services(), *stack.nodes_of_media(), *stack.gateway()]
    processes = [process for process in every if process.name in names]
    for process in processes:
        started[process.name] = _launch(process)
    for process in processes:
        wait(process.is_ready, started[process.name], process.name)
    members = []
    if organisation:
        operator = stack.settings("operator")
        client = RpcClient(
            operator["AMQP_URI"], "operator", Signer.from_file("operator", operator["ACTOR_PRIVATE_KEY"])
        )
        members = demo_organisation.make(client, demo_organisation.seed_in(folder / "seed.json"))
        client.stop()
    pids = {name: process.pid for name, process in started.items()}
    return Running(stack.base_url, stack.live_url, os.environ["AMQP_URI"], stack.settings, members, pids)


def _launch(process: Process) -> subprocess.Popen[bytes]:
    return subprocess.Popen(process.command, env=process.environment, cwd=ROOT, stdout=sys.stderr)


def wait(is_ready: Callable[[], bool], started: subprocess.Popen[bytes], name: str) -> None:
    """Return when it is ready. Raises RuntimeError when it ends or takes too long."""
    deadline = time.monotonic() + START_SECONDS
    while not is_ready():
        if started.poll() is not None or time.monotonic() > deadline:
            raise RuntimeError(f"{name} did not become ready")
        time.sleep(0.1)
