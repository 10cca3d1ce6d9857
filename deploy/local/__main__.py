"""`./run`: starts Housecall on this machine; `./run demo|stop|status|logs NAME|requirements` beside it."""

import argparse
import os
import subprocess
import sys
import time

from deploy.local import install
from deploy.local.copy import run_until_stopped, running_supervisor, stop
from deploy.local.files import ROOT, read_json, run_directory
from deploy.local.identity import is_alive
from deploy.local.problem import SetUpProblem

START_SECONDS = 300


def demo() -> int:
    """Play the demonstration on a running copy, or on one started for it; returns the demonstration's exit code."""
    install.need_chromium()
    started = None
    ready = run_directory() / "demo.json"
    if running_supervisor() is None:
        ready.unlink(missing_ok=True)
        started = subprocess.Popen([sys.executable, "-m", "deploy.local"], start_new_session=True)
    try:
        deadline = time.monotonic() + START_SECONDS
        while not ready.exists():
            if started is not None and started.poll() is not None:
                return started.returncode or 1
            if time.monotonic() > deadline:
                raise SetUpProblem(f"Housecall did not become ready within {START_SECONDS} s: see './run status'.")
            time.sleep(0.2)
        return subprocess.run([sys.executable, "-m", "deploy.demo"], cwd=ROOT, check=False).returncode
    finally:
        if started is not None and started.poll() is None:
            started.terminate()
            started.wait()


def status() -> int:
    """Print each process with its pid, and whether it lives."""
    processes = read_json(run_directory() / "processes.json", [])
    for process in processes:
        print(f"{process['name']:<24} {process['pid'] or '-':>8}  {'runs' if is_alive(process) else 'is down'}")
    if running_supervisor() is None:
        print("Housecall does not run here.")
        return 1
    return 0


def logs(name: str) -> int:
    """Follow one process's log until Ctrl-C."""
    path = run_directory() / "logs" / f"{name}.log"
    if not path.exists():
        known = sorted(log.stem for log in path.parent.glob("*.log"))
        raise SetUpProblem(f"There is no log of {name!r}; there are {', '.join(known) or 'none yet'}.")
    os.execvp("tail", ["tail", "-n", "100", "-F", str(path)])


def requirements() -> int:
    """Make requirements/*.txt anew from requirements/*.in: every pin with its hashes, and no registry's address."""
    for name in ("uv", "node", "runtime", "dev"):
        made = subprocess.run(
            [
                *(install.uv(), "pip", "compile", "-q", "--generate-hashes", "--python-version", "3.11", "--no-header"),
                *("--no-emit-index-url", "--no-emit-find-links"),
                *(f"requirements/{name}.in", "-o", f"requirements/{name}.txt"),
            ],
            cwd=ROOT,
            check=False,
        )
        if made.returncode:
            return made.returncode
    return 0


def main() -> int:
    """Do what the command line asks for; a problem is one sentence and exit code 1."""
    parser = argparse.ArgumentParser(prog="./run", description="Start all of Housecall on this machine.")
    what = parser.add_subparsers(dest="what", metavar="WHAT")
    what.add_parser("demo", help="play a whole consultation by itself")
    what.add_parser("stop", help="stop what runs")
    what.add_parser("status", help="show the processes")
    what.add_parser("logs", help="follow one process's log").add_argument("name")
    what.add_parser("requirements", help="pin the Python packages anew")
    chosen = parser.parse_args()
    try:
        match chosen.what:
            case "demo":
                return demo()
            case "stop":
                return stop()
            case "status":
                return status()
            case "logs":
                return logs(chosen.name)
            case "requirements":
                return requirements()
            case _:
                return run_until_stopped()
    except SetUpProblem as problem:
        print(problem, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main())
