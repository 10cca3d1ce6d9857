"""Which process a written-down pid means, and how that very process is ended.

A pid alone is reused by the kernel, so it is kept with the process's start time and the machine's boot (proc(5), field
22 of /proc/PID/stat). Nothing here ever looks for a process by its name.
"""

import os
import signal
import time
from pathlib import Path
from typing import Any

BOOT = Path("/proc/sys/kernel/random/boot_id")


def identify(pid: int) -> dict[str, Any] | None:
    """Return `{"pid", "started", "boot"}` of a living process; None when there is none or it is a zombie."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return None
    if fields[0] in ("Z", "X"):
        return None
    return {"pid": pid, "started": int(fields[19]), "boot": BOOT.read_text().strip()}


def is_alive(identity: dict[str, Any] | None) -> bool:
    """Tell whether the process written down as `identity` still runs."""
    if not identity:
        return False
    wanted = {key: identity.get(key) for key in ("pid", "started", "boot")}
    return identify(int(identity["pid"])) == wanted


def send(identity: dict[str, Any], number: signal.Signals) -> None:
    """Signal the process and the group it leads; a process that is gone is no error."""
    if not is_alive(identity):
        return
    pid = int(identity["pid"])
    try:
        if os.getpgid(pid) == pid:
            os.killpg(pid, number)
        else:
            os.kill(pid, number)
    except ProcessLookupError:
        pass


def end(identities: list[dict[str, Any]], patience_seconds: float) -> None:
    """Ask all of them to end, and kill those that still live after `patience_seconds`; returns when all are gone."""
    for identity in identities:
        send(identity, signal.SIGTERM)
    deadline = time.monotonic() + patience_seconds
    killed = False
    while left := [identity for identity in identities if is_alive(identity)]:
        if not killed and time.monotonic() > deadline:
            killed = True
            for identity in left:
                send(identity, signal.SIGKILL)
        time.sleep(0.05)
