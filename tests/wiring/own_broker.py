"""A RabbitMQ that a test may kill: its own, on free ports."""

import json
import secrets
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from deploy.local.ports import free_port
from deploy.local.rabbitmq import Broker
from deploy.rabbitmq.definitions import user
from tests.patience import eventually

START_SECONDS = 120


class OwnBroker:
    """`start`, `kill`, `start` again on the same ports and data."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir()
        self.broker = Broker(folder, free_port(), free_port(), free_port(), free_port(), secrets.token_urlsafe(12))
        everything = {"user": "admin", "vhost": "/", "configure": ".*", "write": ".*", "read": ".*"}
        administrator = user("admin", self.broker.admin_password, tags="administrator")
        definitions = {"users": [administrator], "vhosts": [{"name": "/"}], "permissions": [everything]}
        self.broker.write_configuration(json.dumps(definitions))
        self.uri = self.broker.uri("admin", self.broker.admin_password, "/")
        self._log = (folder / "broker.log").open("ab")
        self._epmd = self._launch(self.broker.epmd_command())
        eventually(self.broker.epmd_is_ready, what="Erlang's name server answers")
        self._server: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Launch it; it is ready some seconds later."""
        self._server = self._launch(self.broker.command())

    def wait(self) -> None:
        """Until it answers."""
        eventually(self.broker.is_ready, what="the broker answers", seconds=START_SECONDS)

    def kill(self) -> None:
        """kill -9."""
        if self._server is not None:
            self._server.kill()
            self._server.wait(20)

    def close(self) -> None:
        """Leave nothing running."""
        self.kill()
        self._epmd.kill()
        self._epmd.wait(10)
        self._log.close()

    def _launch(self, command: list[str]) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            command,
            env=self.broker.environment(),
            stdin=subprocess.DEVNULL,
            stdout=self._log,
            stderr=self._log,
            cwd=self.broker.directory,
        )


@contextmanager
def own_broker(folder: Path) -> Iterator[OwnBroker]:
    """A running one, gone with everything when the block ends."""
    broker = OwnBroker(folder)
    try:
        broker.start()
        broker.wait()
        yield broker
    finally:
        broker.close()
