"""The supervisor keeps its processes running, and leaves nothing that the next start cannot end."""

import asyncio
import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from deploy.local.identity import identify, is_alive, send
from deploy.local.problem import SetUpProblem
from deploy.local.supervisor import Process, Supervisor
from tests.patience import eventually

LIVES_ON = "import signal, pathlib, sys; pathlib.Path(sys.argv[1]).write_text('x'); signal.pause()"


def lives_on(name: str, directory: Path) -> Process:
    sign = directory / f"{name}.up"
    command = [sys.executable, "-c", LIVES_ON, str(sign)]
    return Process(name, command, dict(os.environ), sign.exists)


def recorded(directory: Path) -> dict[str, dict[str, Any]]:
    path = directory / "processes.json"
    return {entry["name"]: entry for entry in json.loads(path.read_text())} if path.exists() else {}


def pid_of(directory: Path, name: str) -> int | None:
    return recorded(directory).get(name, {}).get("pid")


def test_a_process_that_dies_is_started_again(tmp_path: Path) -> None:
    async def scene() -> None:
        supervisor = Supervisor(tmp_path)
        await supervisor.start(lives_on("rooms", tmp_path))
        first = pid_of(tmp_path, "rooms")
        assert first is not None
        os.kill(first, signal.SIGKILL)
        await asyncio.to_thread(
            eventually, lambda: pid_of(tmp_path, "rooms"), lambda pid: pid not in (None, first), "another rooms process"
        )
        await supervisor.stop()

    asyncio.run(scene())


def test_stopping_ends_every_process_and_those_that_ignore_it(tmp_path: Path) -> None:
    stubborn = "import signal, pathlib, sys; signal.signal(signal.SIGTERM, signal.SIG_IGN); " + LIVES_ON

    async def scene(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
        monkeypatch.setattr("deploy.local.supervisor.STOP_SECONDS", 0.2)
        supervisor = Supervisor(tmp_path)
        sign = tmp_path / "stubborn.up"
        await supervisor.start(
            Process("stubborn", [sys.executable, "-c", stubborn, str(sign)], dict(os.environ), sign.exists)
        )
        await supervisor.start(lives_on("rooms", tmp_path))
        entries = list(recorded(tmp_path).values())
        await supervisor.stop()
        return entries

    with pytest.MonkeyPatch.context() as monkeypatch:
        entries = asyncio.run(scene(monkeypatch))
    assert len(entries) == 2
    assert not any(is_alive(entry) for entry in entries)


def test_a_process_that_cannot_start_is_named_with_its_log(tmp_path: Path) -> None:
    async def scene() -> None:
        supervisor = Supervisor(tmp_path)
        with pytest.raises(SetUpProblem, match=r"rooms did not become ready: read .*logs/rooms\.log"):
            await supervisor.start(Process("rooms", [sys.executable, "-c", "1/0"], dict(os.environ), lambda: False))
        await supervisor.stop()

    asyncio.run(scene())
    assert "ZeroDivisionError" in (tmp_path / "logs" / "rooms.log").read_text()


def test_after_the_supervisor_was_killed_the_next_one_ends_what_it_left(tmp_path: Path) -> None:
    script = (
        "import asyncio, pathlib, sys\n"
        "from deploy.local.supervisor import Supervisor\n"
        "from tests.unit.deploy.test_supervisor import lives_on\n"
        "async def main():\n"
        "    directory = pathlib.Path(sys.argv[1])\n"
        "    supervisor = Supervisor(directory)\n"
        "    await supervisor.start(lives_on('rooms', directory))\n"
        "    (directory / 'all.up').write_text('x')\n"
        "    await asyncio.Event().wait()\n"
        "asyncio.run(main())\n"
    )
    root = Path(__file__).parents[3]
    environment = {**os.environ, "PYTHONPATH": str(root)}
    killed = subprocess.Popen([sys.executable, "-c", script, str(tmp_path)], env=environment, stdout=subprocess.DEVNULL)
    eventually((tmp_path / "all.up").exists, bool, "the first supervisor's process")
    left = recorded(tmp_path)["rooms"]
    killed.kill()
    killed.wait()
    assert is_alive(left)
    Supervisor(tmp_path).end_left_overs()
    assert not is_alive(left)


def test_a_pid_that_now_belongs_to_somebody_else_is_left_alone(tmp_path: Path) -> None:
    bystander = subprocess.Popen([sys.executable, "-c", "import signal; signal.pause()"], start_new_session=True)
    now = identify(bystander.pid)
    assert now is not None
    send({**now, "started": now["started"] - 1}, signal.SIGKILL)
    send({**now, "boot": "another boot"}, signal.SIGKILL)
    assert bystander.poll() is None
    bystander.kill()
    bystander.wait()
