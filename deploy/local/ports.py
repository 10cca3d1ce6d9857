"""Which ports this copy listens on: chosen free, remembered in `ports.json`, taken again at the next start."""

import secrets
import socket
from pathlib import Path

from deploy.local.files import read_json, write_json
from deploy.local.problem import SetUpProblem

LOWEST, HIGHEST = 16_000, 32_000


def is_free(port: int, kind: socket.SocketKind = socket.SOCK_STREAM) -> bool:
    """Tell whether a socket can be bound to `port` on every address of this machine."""
    with socket.socket(socket.AF_INET, kind) as probe:
        if kind == socket.SOCK_STREAM:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("0.0.0.0", port))
        except OSError:
            return False
    return True


def free_port(kind: socket.SocketKind = socket.SOCK_STREAM) -> int:
    """Return a port that nobody holds at this moment.

    It lies below the ports that the kernel gives to outgoing connections, so that none of those takes it while the process
    that owns it is started again.
    """
    while True:
        port = LOWEST + secrets.randbelow(HIGHEST - LOWEST)
        if is_free(port, kind):
            return port


class Ports:
    """The copy's ports by name. A remembered port that somebody else took is replaced by another free one."""

    def __init__(self, path: Path, fixed: dict[str, int] | None = None) -> None:
        self._path = path
        self._fixed = fixed or {}
        self._numbers: dict[str, int] = read_json(path, {})
        self._taken: dict[str, int] = {}

    def take(self, name: str, kind: socket.SocketKind = socket.SOCK_STREAM) -> int:
        """Return the port for `name`.

        Raises SetUpProblem when the person fixed this port and something else holds it.
        """
        if name in self._taken:
            return self._taken[name]
        wanted = self._fixed.get(name)
        if wanted is not None:
            if not is_free(wanted, kind):
                raise SetUpProblem(f"Port {wanted} ({name}) is taken: stop what uses it, or choose another for it.")
            port = wanted
        else:
            port = self._numbers.get(name, 0)
            while port == 0 or port in self._taken.values() or not is_free(port, kind):
                port = free_port(kind)
        self._taken[name] = self._numbers[name] = port
        write_json(self._path, self._numbers)
        return port
