"""All runs, inside the namespace, servers in turn: `python -m bench.media.runs ROUNDS SECONDS ROOMSxSIZE KIND …` prints a line of JSON for each."""

import contextlib
import json
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from bench.media.janus_rooms import JANUS_PORT, configuration

ADDRESS = "10.77.0.1"
_START_SECONDS = 15
_NICER = -15
_RUN_SECONDS = 120


@contextlib.contextmanager
def serving(kind: str) -> Iterator[tuple[int, str]]:
    """(pid, path of its socket) of a server."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        if kind == "janus":
            path = configuration(folder, ADDRESS)
            command = ["janus", "-F", str(folder)]
        else:
            path = str(folder / "node.sock")
            command = [sys.executable, "-m", "bench.media.server", path, ADDRESS, kind]
        server = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=sys.stderr)
        try:
            deadline = time.monotonic() + _START_SECONDS
            while not _listens(("127.0.0.1", JANUS_PORT) if kind == "janus" else path):
                if time.monotonic() > deadline or server.poll() is not None:
                    raise RuntimeError(f"{kind} did not start")
                time.sleep(0.05)
            yield server.pid, path
        finally:
            server.terminate()
            try:
                server.wait(5)
            except subprocess.TimeoutExpired:
                server.kill()


def _listens(place: str | tuple[str, int]) -> bool:
    with socket.socket(socket.AF_UNIX if isinstance(place, str) else socket.AF_INET, socket.SOCK_STREAM) as probe:
        return probe.connect_ex(place) == 0


def measure(kind: str, shape: str, seconds: str) -> str:
    """One run of the load on a fresh server, as the load's line of JSON."""
    with serving(kind) as (pid, path):
        load = [sys.executable, "-m", "bench.media.load", kind, path, ADDRESS, str(pid), shape, seconds]
        done = subprocess.run(load, stdout=subprocess.PIPE, text=True, timeout=_RUN_SECONDS, check=True)
        return done.stdout.strip()


if __name__ == "__main__":
    os.nice(_NICER)  # other work on the machine must not starve a run, which would then be invalid
    rounds, seconds, shape, *kinds = sys.argv[1:]
    for _ in range(int(rounds)):
        for kind in kinds:
            try:
                print(measure(kind, shape, seconds), flush=True)
            except (subprocess.SubprocessError, RuntimeError) as failure:
                print(json.dumps({"kind": kind, "failed": str(failure)}), flush=True)
