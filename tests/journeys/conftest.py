"""The whole stack, two replicas of every service, started once for all journeys by the command that users type."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.journeys.client import Mailbox, Member, Visitor

ROOT = Path(__file__).parents[2]
START_SECONDS = 300


@pytest.fixture(scope="session")
def stack() -> Iterator[dict[str, Any]]:
    """What `./run` wrote to demo.json. `HOUSECALL_STACK` names the run folder of a stack that is up already."""
    running = os.environ.get("HOUSECALL_STACK")
    if running:
        yield json.loads((Path(running) / "demo.json").read_text())
        return
    folder = ROOT / ".run" / "journeys"
    demo = folder / "demo.json"
    demo.unlink(missing_ok=True)
    environment = {**os.environ, "HOUSECALL_RUN_DIR": str(folder), "REPLICAS": "2"}
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "run.log").open("wb") as log:
        process = subprocess.Popen(
            [ROOT / "run"], cwd=ROOT, env=environment, stdout=log, stderr=log, start_new_session=True
        )
    try:
        _wait_until_ready(process, demo, folder / "run.log")
        yield json.loads(demo.read_text())
    finally:
        process.send_signal(signal.SIGINT)
        try:
            process.wait(60)
        except subprocess.TimeoutExpired:
            process.kill()
            sys.stderr.write("the stack did not stop within 60 s of Ctrl-C\n")


def _wait_until_ready(process: subprocess.Popen[bytes], demo: Path, log: Path) -> None:
    until = time.monotonic() + START_SECONDS
    while not demo.exists():
        if process.poll() is not None or time.monotonic() > until:
            raise RuntimeError(f"the stack did not start:\n{log.read_text()[-4000:]}")
        try:
            process.wait(0.2)
        except subprocess.TimeoutExpired:
            continue


@pytest.fixture
def provider(stack: dict[str, Any]) -> Iterator[Member]:
    with Member(stack, "provider") as member:
        yield member


@pytest.fixture
def coordinator(stack: dict[str, Any]) -> Iterator[Member]:
    with Member(stack, "coordinator") as member:
        yield member


@pytest.fixture
def owner(stack: dict[str, Any]) -> Iterator[Member]:
    with Member(stack, "owner") as member:
        yield member


@pytest.fixture
def visitor(stack: dict[str, Any]) -> Iterator[Visitor]:
    with Visitor(stack) as somebody:
        yield somebody


@pytest.fixture
def mailbox(stack: dict[str, Any]) -> Mailbox:
    return Mailbox(stack)
