"""Which ports this copy listens on: chosen free, remembered in `ports.json`, taken again at the next start."""

import socket
from pathlib import Path

from deploy.local.files import read_json, write_json
from deploy.local.problem import SetUpProblem


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
    """Return a port that nobody holds at this moment."""
    with socket.socket(socket.AF_INET, kind) as probe:
        probe.bind(("0.0.0.0", 0))
        return int(probe.getsockname()[1])


class Ports:
    """The copy's ports by name. A remembered port that somebody else took is replaced by another free one."""

    def __init__(self, path: Path, fixed: dict[str, int] | None = None) -> None:
        self._path = path
        self._fixed = fixed or {}
        self._numbers: dict[str, int] = read_json(path, {})
        self._taken: set[int] = set()

    def take(self, name: str, kind: socket.SocketKind = socket.SOCK_STREAM) -> int:
        """Return the port for `name`.

        Raises SetUpProblem when the person fixed this port and something else holds it.
        """
        wanted = self._fixed.get(name)
        if wanted is not None:
            if not is_free(wanted, kind):
                raise SetUpProblem(f"Port {wanted} ({name}) is taken: stop what uses it, or set another port for it.")
            port = wanted
        else:
            port = self._numbers.get(name, 0)
            while port == 0 or port in self._taken or not is_free(port, kind):
                port = free_port(kind)
        self._taken.add(port)
        self._numbers[name] = port
        write_json(self._path, self._numbers)
        return port
