"""Starts processes, waits until each is ready, starts again what dies, and stops them all.

What runs is written to `processes.json` with each change, so that tests can kill by pid, and so that the next start can end
what a killed supervisor left behind.
"""

import asyncio
import contextlib
import os
import signal
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from deploy.local.files import ROOT, read_json, write_json
from deploy.local.identity import end, identify
from deploy.local.problem import SetUpProblem
from deploy.local.progress import say, step

READY_SECONDS = 150.0
# a service gives what it is doing 15 s
STOP_SECONDS = 17.0
SHORTEST_PAUSE_SECONDS, LONGEST_PAUSE_SECONDS = 0.2, 5.0
# who lived this long did not die of how it was started
STEADY_SECONDS = 10.0
LARGEST_LOG_BYTES = 20_000_000


@dataclass(frozen=True)
class Process:
    """How one process is started, with its whole environment, and known to be ready; `backing` is stopped last."""

    name: str
    command: list[str]
    environment: Mapping[str, str]
    is_ready: Callable[[], bool]
    backing: bool = False


@dataclass
class _Watched:
    process: Process
    identity: dict[str, Any] | None = None
    task: asyncio.Task[None] | None = None
    deaths_before_ready: int = 0
    ready: asyncio.Event = field(default_factory=asyncio.Event)


class Supervisor:
    """All processes of one copy; its files are under `directory`."""

    def __init__(self, directory: Path) -> None:
        self._logs = directory / "logs"
        self._record = directory / "processes.json"
        self._watched: dict[str, _Watched] = {}
        self._logs.mkdir(parents=True, exist_ok=True)

    def end_left_overs(self) -> None:
        """End what an earlier supervisor started and could not stop."""
        left = [entry for entry in read_json(self._record, []) if entry.get("pid")]
        end(left, patience_seconds=STOP_SECONDS)
        self._record.unlink(missing_ok=True)

    async def start(self, process: Process) -> None:
        """Start a process and return when it is ready, with one line of progress.

        Raises SetUpProblem when it dies again and again, or is not ready within READY_SECONDS.
        """
        watched = _Watched(process)
        self._watched[process.name] = watched
        with step(process.name):
            watched.task = asyncio.create_task(self._keep_running(watched))
            deadline = time.monotonic() + READY_SECONDS
            while not await asyncio.to_thread(process.is_ready):
                if watched.deaths_before_ready > 2 or time.monotonic() > deadline:
                    raise SetUpProblem(f"{process.name} did not become ready: read {self._log_of(process)}.")
                await asyncio.sleep(0.2)
            watched.ready.set()

    async def run_to_end(self, process: Process, told: str) -> None:
        """Run a process that ends by itself, with `told` on its standard input. Raises SetUpProblem when it fails."""
        with self._open_log(process) as log:
            running = await asyncio.create_subprocess_exec(
                *process.command,
                env=process.environment,
                cwd=ROOT,
                stdin=asyncio.subprocess.PIPE,
                stdout=log,
                stderr=log,
            )
        try:
            await running.communicate(told.encode())
        except asyncio.CancelledError:
            running.terminate()
            raise
        if running.returncode != 0:
            raise SetUpProblem(f"{process.name} failed: read {self._log_of(process)}.")

    async def stop(self) -> None:
        """Stop all processes: first those that work, then what they stand on."""
        for backing in (False, True):
            chosen = [watched for watched in self._watched.values() if watched.process.backing == backing]
            for watched in chosen:
                if watched.task:
                    watched.task.cancel()
            await asyncio.to_thread(end, [watched.identity for watched in chosen if watched.identity], STOP_SECONDS)
        self._watched.clear()
        self._record.unlink(missing_ok=True)

    async def _keep_running(self, watched: _Watched) -> None:
        pause = SHORTEST_PAUSE_SECONDS
        while True:
            began = time.monotonic()
            code = await self._run_once(watched)
            if not watched.ready.is_set():
                watched.deaths_before_ready += 1
            pause = SHORTEST_PAUSE_SECONDS if time.monotonic() - began > STEADY_SECONDS else pause
            if watched.ready.is_set():
                say(f"  !!  {watched.process.name} ended with {code}; it is started again in {pause:.1f} s")
            await asyncio.sleep(pause)
            pause = min(2 * pause, LONGEST_PAUSE_SECONDS)

    async def _run_once(self, watched: _Watched) -> int:
        process = watched.process
        with self._open_log(process) as log:
            running = await asyncio.create_subprocess_exec(
                *process.command,
                env=process.environment,
                cwd=ROOT,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        pid = running.pid
        watched.identity = identify(pid)
        self._write_record()
        code = await running.wait()
        # what it started itself must not hold its port
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(pid, signal.SIGKILL)
        watched.identity = None
        return code

    def _log_of(self, process: Process) -> Path:
        return self._logs / f"{process.name}.log"

    def _open_log(self, process: Process) -> Any:
        path = self._log_of(process)
        if path.exists() and path.stat().st_size > LARGEST_LOG_BYTES:
            path.replace(path.with_suffix(".log.1"))
        return path.open("ab")

    def _write_record(self) -> None:
        entries = [
            {
                "name": watched.process.name,
                "pid": (watched.identity or {}).get("pid"),
                "command": watched.process.command,
                "log": str(self._log_of(watched.process)),
                "started": (watched.identity or {}).get("started"),
                "boot": (watched.identity or {}).get("boot"),
            }
            for watched in self._watched.values()
        ]
        write_json(self._record, entries)
