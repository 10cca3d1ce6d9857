"""A private RabbitMQ: own node name, ports, cookie and data, so that the machine's own broker is never touched.

The server is Debian's, started without Debian's wrapper, which would switch to the user `rabbitmq` and its folders.
Its name server, epmd, runs as a process of ours as well: RabbitMQ would leave one behind.
"""

import base64
import json
import os
import shutil
import socket
import urllib.request
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

from deploy.local.files import write_whole
from deploy.local.problem import SetUpProblem

SERVER = Path("/usr/lib/rabbitmq/bin/rabbitmq-server")


@dataclass(frozen=True)
class Broker:
    """One RabbitMQ node of ours; `directory` holds all its files."""

    directory: Path
    port: int
    management_port: int
    distribution_port: int
    epmd_port: int
    admin_password: str

    def write_configuration(self, definitions: str) -> None:
        """Write what the server reads at its start; `definitions` (JSON) names its users, hosts and permissions."""
        write_whole(self.directory / "definitions.json", definitions, mode=0o600)
        write_whole(self.directory / "enabled_plugins", "[rabbitmq_management].\n")
        write_whole(
            self.directory / "rabbitmq.conf",
            f"listeners.tcp.1 = 127.0.0.1:{self.port}\n"
            f"management.tcp.ip = 127.0.0.1\nmanagement.tcp.port = {self.management_port}\n"
            f"load_definitions = {self.directory / 'definitions.json'}\n"
            "log.console = true\nlog.console.level = info\nlog.file = false\n"
            "disk_free_limit.absolute = 100MB\n"
            # a killed client's connection, and its exclusive queues with it, are gone after two of these at most
            "heartbeat = 20\n",
        )

    def environment(self) -> dict[str, str]:
        """Return the whole environment of the server and of epmd; it reads nothing of the machine's own broker."""
        return {
            "PATH": os.environ.get("PATH", "/usr/bin:/bin"),
            "HOME": str(self.directory),
            "LANG": "C.UTF-8",
            "RABBITMQ_NODENAME": "housecall@localhost",
            "RABBITMQ_CONF_ENV_FILE": "/dev/null",
            "RABBITMQ_CONFIG_FILE": str(self.directory / "rabbitmq"),
            "RABBITMQ_ENABLED_PLUGINS_FILE": str(self.directory / "enabled_plugins"),
            "RABBITMQ_MNESIA_BASE": str(self.directory / "data"),
            "RABBITMQ_LOG_BASE": str(self.directory),
            "RABBITMQ_PID_FILE": str(self.directory / "server.pid"),
            "RABBITMQ_DIST_PORT": str(self.distribution_port),
            # the script then becomes the server, so that its pid is the one that counts
            "RUNNING_UNDER_SYSTEMD": "true",
            "ERL_EPMD_PORT": str(self.epmd_port),
            "ERL_EPMD_ADDRESS": "127.0.0.1",
            # schedulers of idle brokers spin for work; on a small machine that time belongs to the services
            "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": "+sbwt none +sbwtdcpu none +sbwtdio none",
        }

    def epmd_command(self) -> list[str]:
        """Return the command of Erlang's name server, which must run before the broker."""
        epmd = shutil.which("epmd")
        if epmd is None:
            raise SetUpProblem("Erlang's epmd is missing: run 'apt-get install rabbitmq-server' as root, then again.")
        return [epmd, "-port", str(self.epmd_port), "-address", "127.0.0.1"]

    def epmd_is_ready(self) -> bool:
        """Tell whether the name server takes connections."""
        try:
            with socket.create_connection(("127.0.0.1", self.epmd_port), timeout=1):
                return True
        except OSError:
            return False

    def command(self) -> list[str]:
        """Return the command of the broker."""
        if not SERVER.exists():
            raise SetUpProblem(
                "RabbitMQ is missing: run 'apt-get install rabbitmq-server' as root, or set AMQP_URI to a broker."
            )
        return [str(SERVER)]

    @property
    def admin_uri(self) -> str:
        """Return the management API's address, with the administrator's name and password."""
        return f"http://admin:{self.admin_password}@127.0.0.1:{self.management_port}"

    def uri(self, user: str, password: str, host: str) -> str:
        """Return the AMQP address of `user` on the virtual host `host`."""
        return f"amqp://{quote(user)}:{quote(password)}@127.0.0.1:{self.port}/{quote(host, safe='')}"

    def is_ready(self) -> bool:
        """Tell whether the broker takes AMQP connections and answers its management API."""
        try:
            with socket.create_connection(("127.0.0.1", self.port), timeout=1) as connection:
                connection.settimeout(1)
                connection.sendall(b"AMQP\x00\x00\x09\x01")
                if not connection.recv(1):
                    return False
            management(self.admin_uri, "GET", "/api/overview")
        except (OSError, ValueError):
            return False
        return True


def management(admin_uri: str, method: str, path: str, body: Any = None) -> Any:
    """Call RabbitMQ's management API at `admin_uri` (http://user:password@host:port); returns JSON or None.

    Raises urllib.error.HTTPError for a refusal and OSError when nothing answers.
    """
    address, _, place = admin_uri.removeprefix("http://").partition("@")
    request = urllib.request.Request(
        f"http://{place}{path}",
        method=method,
        data=None if body is None else json.dumps(body).encode(),
        headers={
            "Authorization": "Basic " + base64.b64encode(address.encode()).decode(),
            "Content-Type": "application/json",
        },
    )
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with opener.open(request, timeout=10) as answer:
        text = answer.read()
    return json.loads(text) if text else None
