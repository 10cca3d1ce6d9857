"""Runs `migrate` of every service, as `python -m services.<name> migrate` would, from one interpreter.

Most of what each of them costs is importing the same libraries; they are imported once here, and each service gets a fork.
Reads settings from standard input: JSON, an environment for each service by name. Exits with 1 when one fails.
"""

import json
import os
import sys
import traceback

from plumbing.services.process import main as service_main

AT_ONCE = 2


def migrate(name: str, settings: dict[str, str]) -> int:
    """Start the migration of one service in a process of its own; returns its pid."""
    pid = os.fork()
    if pid:
        return pid
    code = 1
    try:
        os.environ.clear()
        os.environ.update(settings)
        sys.argv = [f"services.{name}", "migrate"]
        service_main(name)
        code = 0
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else 1
    except Exception:  # noqa: BLE001, the parent learns by the exit code, the reader by the log
        traceback.print_exc()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


def main() -> int:
    """Migrate all of them, AT_ONCE at a time."""
    waiting = list(json.load(sys.stdin).items())
    running: dict[int, str] = {}
    failed = []
    while waiting or running:
        while waiting and len(running) < AT_ONCE:
            name, settings = waiting.pop(0)
            running[migrate(name, settings)] = name
        pid, status = os.wait()
        name = running.pop(pid)
        if os.waitstatus_to_exitcode(status) != 0:
            failed.append(name)
    if failed:
        print(f"migrate failed for {', '.join(failed)}", file=sys.stderr)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
