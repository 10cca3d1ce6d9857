"""The RabbitMQ and the mongod that all tests share: started by who comes first, found by the rest.

`python -m deploy.local.backing` prints their addresses as JSON; `… backing stop` ends them. Tests get a virtual host and
a database prefix each, so nothing else needs to be theirs alone.
"""

import fcntl
import json
import os
import secrets
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from deploy.local.files import read_json, run_directory, write_json
from deploy.local.identity import end, identify, is_alive
from deploy.local.mongod import Mongod
from deploy.local.ports import free_port
from deploy.local.problem import SetUpProblem
from deploy.local.rabbitmq import Broker
from deploy.rabbitmq.definitions import user

START_SECONDS = 90


def find_or_start() -> dict[str, Any]:
    """Return the addresses of the shared broker and database, started first if they do not run.

    Keys: `amqp_uri` (administrator, virtual host `/`), `amqp_admin_uri` (management API), `amqp_password`,
    `amqp_port`, `mongo_uri`. Raises SetUpProblem when they do not come up.
    """
    directory = run_directory() / "test"
    directory.mkdir(parents=True, exist_ok=True)
    with (directory / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        state = read_json(directory / "backing.json", {})
        if state and all(is_alive(identity) for identity in state["processes"].values()):
            return dict(state["addresses"])
        end(list(state.get("processes", {}).values()), patience_seconds=5)
        return _start(directory)


def is_running() -> bool:
    """Tell whether a shared broker and database run now."""
    state = read_json(run_directory() / "test" / "backing.json", {})
    return bool(state) and all(is_alive(identity) for identity in state["processes"].values())


def stop() -> None:
    """End the shared broker and database, if they run."""
    path = run_directory() / "test" / "backing.json"
    state = read_json(path, {})
    end(list(state.get("processes", {}).values()), patience_seconds=20)
    path.unlink(missing_ok=True)


def _start(directory: Path) -> dict[str, Any]:
    # what earlier tests left is of no use to anybody
    for left in ("rabbitmq", "mongod"):
        shutil.rmtree(directory / left, ignore_errors=True)
    broker = Broker(
        directory=directory / "rabbitmq",
        port=free_port(),
        management_port=free_port(),
        distribution_port=free_port(),
        epmd_port=free_port(),
        admin_password=secrets.token_urlsafe(18),
    )
    mongod = Mongod(directory=directory / "mongod", port=free_port())
    definitions = {
        "users": [user("admin", broker.admin_password, tags="administrator")],
        "vhosts": [{"name": "/"}],
        "permissions": [{"user": "admin", "vhost": "/", "configure": ".*", "write": ".*", "read": ".*"}],
    }
    broker.write_configuration(json.dumps(definitions))
    addresses = {
        "amqp_uri": broker.uri("admin", broker.admin_password, "/"),
        "amqp_admin_uri": broker.admin_uri,
        "amqp_password": broker.admin_password,
        "amqp_port": broker.port,
        "mongo_uri": mongod.uri,
    }
    processes: dict[str, Any] = {}

    def launch(name: str, command: list[str], environment: dict[str, str] | None) -> None:
        with (directory / f"{name}.log").open("ab") as log:
            process = subprocess.Popen(
                command,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                cwd=directory,
                start_new_session=True,
            )
        processes[name] = identify(process.pid)
        write_json(directory / "backing.json", {"addresses": addresses, "processes": processes}, mode=0o600)

    launch("mongod", mongod.command(), None)
    launch("epmd", broker.epmd_command(), broker.environment())
    launch("rabbitmq", broker.command(), broker.environment())
    _wait("mongod", mongod.is_ready, processes, directory)
    _wait("rabbitmq", broker.is_ready, processes, directory)
    return addresses


def _wait(name: str, is_ready: Callable[[], bool], processes: dict[str, Any], directory: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while not is_ready():
        if time.monotonic() > deadline or not is_alive(processes[name]):
            end(list(processes.values()), patience_seconds=2)
            raise SetUpProblem(f"{name} for the tests did not start: read {directory / f'{name}.log'}.")
        time.sleep(0.2)


def main() -> int:
    """Start, find or stop, and print where they are."""
    try:
        if sys.argv[1:] == ["stop"]:
            stop()
        else:
            print(json.dumps(find_or_start(), indent=2))
    except SetUpProblem as problem:
        print(problem, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    os.umask(0o077)
    sys.exit(main())
