"""Which processes a copy of Housecall is made of: the command, the settings and the sign of readiness of each."""

import os
import socket
import sys
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.error import HTTPError
from urllib.parse import urlsplit

from pymongo import MongoClient
from pymongo.errors import PyMongoError

from deploy import secrets as installation
from deploy.local.mongod import Mongod
from deploy.local.ports import Ports
from deploy.local.problem import SetUpProblem
from deploy.local.rabbitmq import Broker
from deploy.local.supervisor import Process
from deploy.rabbitmq.permissions import SERVICES, VIRTUAL_HOST

FIXED_PORTS = ("api", "live", "mail_page", "mail_smtp", "sms_page", "media_node", "amqp", "mongo")
KEY_SETTINGS = {
    "ACTOR_PRIVATE_KEY": installation.ACTOR_PRIVATE_KEY,
    "ACTOR_PUBLIC_KEYS": installation.ACTOR_PUBLIC_KEYS,
    "LINK_KEY": installation.LINK_KEY,
    "SMS_KEY": installation.SMS_KEY,
    "BOUNCE_KEY": installation.BOUNCE_KEY,
    "COOKIE_KEY": installation.COOKIE_KEY,
    "ACCOUNTS_KEY": installation.ACCOUNTS_KEY,
    "INTEGRATIONS_KEY": installation.INTEGRATIONS_KEY,
    "TURN_SECRET": installation.TURN_SECRET,
}

SMS_ACCOUNT = "AC" + "0" * 32
SMS_NUMBER = "+15005550006"
"""From which no real provider sends either."""


def fixed_ports(environment: Mapping[str, str]) -> dict[str, int]:
    """Return the ports that the person chose, as in HOUSECALL_API_PORT=8080. Raises SetUpProblem for what is no port."""
    chosen = {}
    for name in FIXED_PORTS:
        text = environment.get(f"HOUSECALL_{name.upper()}_PORT")
        if text is None:
            continue
        if not text.isdigit() or not 0 < int(text) < 65_536:
            raise SetUpProblem(f"HOUSECALL_{name.upper()}_PORT must be a port from 1 to 65535, not {text!r}.")
        chosen[name] = int(text)
    return chosen


def count(environment: Mapping[str, str], name: str) -> int:
    """Return how many of something are wanted, 1 unless said. Raises SetUpProblem for what is no small number."""
    text = environment.get(name, "1")
    if not text.isdigit() or not 1 <= int(text) <= 9:
        raise SetUpProblem(f"{name} must be a number from 1 to 9, not {text!r}.")
    return int(text)


@dataclass
class Stack:
    """One copy under `directory`. What the environment gives (AMQP_URI, MONGO_URI, SMTP_URI) is used, not started; SMS_URL too."""

    directory: Path
    ports: Ports
    replicas: int = 1
    nodes: int = 1

    def __post_init__(self) -> None:
        self.secrets = self.directory / "keys"
        installation.make_secrets(self.secrets)
        installation.make_sms_secret(self.secrets)
        take = self.ports.take
        self.broker: Broker | None = None
        if "AMQP_URI" not in os.environ:
            self.broker = Broker(
                directory=self.directory / "rabbitmq",
                port=take("amqp"),
                management_port=take("amqp_management"),
                distribution_port=take("amqp_distribution"),
                epmd_port=take("amqp_epmd"),
                admin_password=installation.amqp_password(self.secrets, "admin"),
            )
        self.mongod = None if "MONGO_URI" in os.environ else Mongod(self.directory / "mongod", take("mongo"))
        self.base_url = f"http://localhost:{take('api')}"
        self.live_url = f"ws://localhost:{take('live')}/live"
        self.mail_url = None if "SMTP_URI" in os.environ else f"http://localhost:{take('mail_page')}"
        self.sms_url = None if "SMS_URL" in os.environ else f"http://localhost:{take('sms_page')}"
        self.smtp_uri = os.environ.get("SMTP_URI") or f"smtp://127.0.0.1:{take('mail_smtp')}"

    @property
    def mongo_uri(self) -> str:
        """Return where all databases are."""
        return self.mongod.uri if self.mongod else os.environ["MONGO_URI"]

    def amqp_uri(self, kind: str) -> str:
        """Return the broker's address for one kind of process, or for `admin`."""
        if self.broker is None:
            return os.environ["AMQP_URI"]
        return self.broker.uri(kind, installation.amqp_password(self.secrets, kind), VIRTUAL_HOST)

    def check_given_backing(self) -> None:
        """Raise SetUpProblem when a broker or database that the environment names does not answer."""
        if self.broker is None:
            place = urlsplit(os.environ["AMQP_URI"])
            try:
                with socket.create_connection((place.hostname or "localhost", place.port or 5672), timeout=5) as probe:
                    probe.settimeout(5)
                    probe.sendall(b"AMQP\x00\x00\x09\x01")
                    answered = bool(probe.recv(1))
            except OSError:
                answered = False
            if not answered:
                where = f"{place.hostname}:{place.port or 5672}"
                raise SetUpProblem(
                    f"The broker at {where} does not answer: start it, or unset AMQP_URI to get one here."
                )
        if self.mongod is None:
            try:
                with MongoClient[dict[str, object]](self.mongo_uri, serverSelectionTimeoutMS=5000) as client:
                    client.admin.command("ping")
            except PyMongoError as error:
                raise SetUpProblem(
                    "The database that MONGO_URI names does not answer: start it, or unset MONGO_URI to get one here."
                ) from error

    def database(self) -> list[Process]:
        """Return the database's process, or nothing where one is given."""
        return (
            [Process("mongod", self.mongod.command(), own_environment(), self.mongod.is_ready, backing=True)]
            if self.mongod
            else []
        )

    def bus(self) -> list[Process]:
        """Return the broker's processes in their order, or nothing where one is given."""
        if self.broker is None:
            return []
        self.broker.write_configuration((self.secrets / "rabbitmq" / "definitions.json").read_text())
        environment = self.broker.environment()
        return [
            Process("epmd", self.broker.epmd_command(), environment, self.broker.epmd_is_ready, backing=True),
            Process("rabbitmq", self.broker.command(), environment, self.broker.is_ready, backing=True),
        ]

    def mail(self) -> list[Process]:
        """Return the mail page's process, or nothing where a mail server is given."""
        if self.mail_url is None:
            return []
        page, smtp = self.ports.take("mail_page"), self.ports.take("mail_smtp")
        settings = {**self.settings("invitations"), "MAIL_PAGE_PORT": str(page), "MAIL_SMTP_PORT": str(smtp)}
        command = [sys.executable, "-m", "deploy.mail"]
        return [Process("mail", command, settings, lambda: answers(f"http://127.0.0.1:{page}/healthz"), backing=True)]

    def texts(self) -> list[Process]:
        """Return the process of the page of texts, or nothing where a provider is given."""
        if self.sms_url is None:
            return []
        page = self.ports.take("sms_page")
        settings = {**self.settings("invitations"), "SMS_PAGE_PORT": str(page)}
        command = [sys.executable, "-m", "deploy.sms"]
        return [Process("sms", command, settings, lambda: answers(f"http://127.0.0.1:{page}/healthz"), backing=True)]

    def migration(self) -> Process:
        """Return the command that makes every service's indexes and queues, and ends; it reads `migration_settings`."""
        return Process("migrate", [sys.executable, "-m", "deploy.local.migrate"], own_environment(), lambda: True)

    def migration_settings(self) -> dict[str, dict[str, str]]:
        """Return the environment of each service's migration."""
        return {name: self.settings(name) for name in SERVICES}

    def services(self) -> list[Process]:
        """Return the services' processes, which may start in any order once `migration` has ended."""
        return [
            self._with_health(numbered(name, number), _service(name), self.settings(name))
            for number in range(1, self.replicas + 1)
            for name in SERVICES
        ]

    def nodes_of_media(self) -> list[Process]:
        """Return the media nodes' processes."""
        return [self._node(number) for number in range(1, self.nodes + 1)]

    def gateway(self) -> list[Process]:
        """Return the processes that browsers talk to."""
        return [self._gateway("api"), self._gateway("live")]

    def settings(self, kind: str) -> dict[str, str]:
        """Return the settings of one kind of process: secrets as paths of files that only it needs."""
        own = self.secrets / kind
        keys = {name: str(own / file) for name, file in KEY_SETTINGS.items() if (own / file).exists()}
        database = {} if kind == "media_node" else {"MONGO_URI": self.mongo_uri}
        if self.sms_url:
            place = f"{self.sms_url.replace('://localhost', f'://{SMS_ACCOUNT}@127.0.0.1')}/2010-04-01/Accounts/{SMS_ACCOUNT}"
            keys |= {"SMS_URL": f"{place}/Messages.json", "SMS_FROM": SMS_NUMBER}
        return {
            **own_environment(),
            "AMQP_URI": self.amqp_uri(kind),
            "BASE_URL": self.base_url,
            "LIVE_URL": self.live_url,
            "SMTP_URI": self.smtp_uri,
            "BOUNCE_DOMAIN": "bounces.housecall.example",
            # whoever tries it out makes an organisation of their own; it is closed elsewhere
            "SIGN_UP": "open",
            # and a webhook's receiver is on the same machine
            "WEBHOOKS_INSIDE": "127.0.0.0/8,::1/128",
            **database,
            **keys,
        }

    def _node(self, number: int) -> Process:
        name = numbered("media_node", number)
        settings = {
            **self.settings("media_node"),
            "NODE_ID": f"n{number}",
            "NODE_HOST": "127.0.0.1",
            "NODE_UDP_PORT": str(self.ports.take(name, socket.SOCK_DGRAM)),
        }
        return self._with_health(name, [sys.executable, "-m", "services.media.node"], settings)

    def _gateway(self, part: str) -> Process:
        port = urlsplit(self.base_url if part == "api" else self.live_url).port
        command = [
            *(sys.executable, "-m", "gunicorn", "-c", f"gateway/{part}/gunicorn.conf.py"),
            *("--bind", f"127.0.0.1:{port}", f"gateway.{part}:create_app()"),
        ]
        return Process(
            f"gateway-{part}", command, self.settings("gateway"), lambda: answers(f"http://127.0.0.1:{port}/healthz")
        )

    def _with_health(self, name: str, command: list[str], settings: dict[str, str]) -> Process:
        port = self.ports.take(f"{name}_health")
        ready = f"http://127.0.0.1:{port}/readyz"
        return Process(name, command, {**settings, "HEALTH_PORT": str(port)}, lambda: answers(ready))


def own_environment() -> dict[str, str]:
    """Return the environment of a process of ours before its own settings: what this one was given, and unbuffered output."""
    return {**os.environ, "PYTHONUNBUFFERED": "1"}


def numbered(name: str, number: int) -> str:
    """Return a replica's name: the plain one for the first."""
    return name if number == 1 else f"{name}-{number}"


def answers(url: str) -> bool:
    """Tell whether a GET is answered without a server's error."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(url, timeout=2):
            return True
    except HTTPError as error:
        return error.code < 500
    except (OSError, ValueError):
        return False


def _service(name: str) -> list[str]:
    return [sys.executable, "-m", f"services.{name}"]
