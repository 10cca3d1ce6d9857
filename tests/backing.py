"""The shared RabbitMQ and mongod, cut into a part for each test.

Imports nothing of pymongo or eventlet: suites that patch the standard library do so before they use this.
"""

import json
import subprocess
import sys
import uuid
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlsplit

from deploy.local.rabbitmq import management


def find_or_start_backing() -> dict[str, Any]:
    """Return the addresses of the shared broker and database, started in a process of their own if need be."""
    command = [sys.executable, "-m", "deploy.local.backing"]
    answer = subprocess.run(command, capture_output=True, text=True, check=False)
    if answer.returncode:
        raise RuntimeError(answer.stderr.strip())
    return dict(json.loads(answer.stdout))


@dataclass(frozen=True)
class VirtualHost:
    """One test's own virtual host on the shared broker; nobody else's exchanges or queues are on it."""

    name: str
    uri: str
    admin_uri: str

    def management(self, method: str, path: str, body: Any = None) -> Any:
        """Call the broker's management API; `{vhost}` in `path` becomes this host's quoted name."""
        return management(self.admin_uri, method, path.replace("{vhost}", quote(self.name, safe="")), body)


def make_virtual_host(backing: dict[str, Any]) -> VirtualHost:
    """Make a virtual host that the administrator may use in every way."""
    name = f"test-{uuid.uuid4().hex[:12]}"
    host = VirtualHost(
        name=name,
        uri=urlsplit(backing["amqp_uri"])._replace(path=f"/{name}").geturl(),
        admin_uri=backing["amqp_admin_uri"],
    )
    host.management("PUT", "/api/vhosts/{vhost}")
    host.management("PUT", "/api/permissions/{vhost}/admin", {"configure": ".*", "write": ".*", "read": ".*"})
    return host


def remove_virtual_host(host: VirtualHost) -> None:
    """Remove the host with all that is on it; connections to it are closed by the broker."""
    host.management("DELETE", "/api/vhosts/{vhost}")
