"""Accounts in two processes, the gateway, a provider and a name server, all on real sockets; and the browsers that come by."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import requests

from contracts import accounts, rooms, single_sign_on
from contracts.actor import PUBLIC, Actor
from deploy.local.ports import free_port
from plumbing.ids import new_id
from tests.backing import make_virtual_host, remove_virtual_host
from tests.patience import eventually
from tests.wiring.gateway_door import Door, World
from tests.wiring.name_server import NameServer, name_server
from tests.wiring.odd_provider import CLIENT, SECRET, OddProvider, odd_provider
from tests.wiring.one_service import Neighbours, Stage
from tests.wiring.test_accounts import get_plan, newcomer, organisation, sign_in
from tests.wiring.two_replicas import member, ourselves


@dataclass
class Network:
    """An organisation with a domain, its owner, and a provider of its own."""

    id: str
    name: str
    owner: Actor
    clinic_id: str
    domain: str

    def address(self) -> str:
        """Of somebody new."""
        return f"{new_id()[-12:]}@{self.domain}"


class Scene:
    """What a test stands on."""

    def __init__(self, stage: Stage, door: Door, provider: OddProvider, names: NameServer) -> None:
        self.stage, self.door, self.provider, self.names = stage, door, provider, names
        self.accounts: list[subprocess.Popen[bytes]] = []

    def network(self, *, proved: bool = True, issuer: str | None = None, **settings: Any) -> Network:
        """One with a provider; without `issuer`, the odd one."""
        domain = f"{new_id()[-12:]}.example"
        made = organisation(self.stage, name=f"Network {domain[:6]}")
        (owner,) = self.stage.ask(accounts.LIST_MEMBERS, {}, member(made["id"], "owner"))["items"]
        network = Network(
            made["id"], made["name"], member(made["id"], "owner", owner["id"]), made["clinics"][0]["id"], domain
        )
        self.set_up(network, issuer=issuer or self.provider.issuer, **settings)
        if proved:
            self.stage.ask(single_sign_on.CONFIRM_DOMAIN, {"domain": domain}, ourselves(network.id))
        return network

    def set_up(self, network: Network, **settings: Any) -> dict[str, Any]:
        """The owner saves."""
        asked = {
            "issuer": self.provider.issuer, "client_id": CLIENT, "client_secret": SECRET, "domains": [network.domain],
            "adds_members": True, "default_role": "provider", **settings,
        }  # fmt: skip
        saved: dict[str, Any] = self.stage.ask(single_sign_on.SET_PROVIDER, asked, network.owner, timeout=20.0)
        return saved

    def browser(self) -> requests.Session:
        return self.door.browser()

    def start(self, network: Network, browser: requests.Session, path: str = "/rooms") -> str:
        """Press Continue; returns where the provider sends the browser back."""
        url = f"{self.door.base_url}/sign-in/with/{network.id}?next={path}"
        to_provider = browser.get(url, allow_redirects=False)
        assert to_provider.status_code == 302, to_provider.text
        back = browser.get(to_provider.headers["Location"], allow_redirects=False)
        return back.headers["Location"]

    def come_back(self, browser: requests.Session, address: str) -> str:
        """Follow the provider back; returns where that leads."""
        answer = browser.get(address, allow_redirects=False, timeout=40)
        assert answer.status_code == 302, answer.text
        return answer.headers["Location"]

    def sign_in(self, network: Network, browser: requests.Session | None = None) -> str:
        """The whole way; returns where it ends."""
        browser = browser or self.browser()
        return self.come_back(browser, self.start(network, browser))

    def who(self, browser: requests.Session) -> dict[str, Any]:
        """Whom the browser's cookie speaks for."""
        asked = {"token": browser.cookies["housecall"]}
        found: dict[str, Any] = self.stage.ask(accounts.RESOLVE_SIGN_IN, asked, PUBLIC)["member"]
        return found


def problem_of(location: str) -> str | None:
    """The word of a refusal; None where somebody was let in."""
    return parse_qs(urlsplit(location).query).get("problem", [None])[0]


@contextmanager
def scene(folder: Path, backing: dict[str, Any], **settings: str) -> Iterator[Scene]:
    """All of it; `settings` are more of accounts' own."""
    host = make_virtual_host(backing)
    with ExitStack() as stack:
        stack.callback(remove_virtual_host, host)
        stage = Stage(folder, host.uri, backing["mongo_uri"], f"test_{new_id()[-12:]}_")
        stack.callback(stage.close)
        neighbours = Neighbours(host.uri, stage.verify)
        neighbours.answer(rooms.GET_PLAN, get_plan)
        neighbours.start()
        stack.callback(neighbours.stop)
        provider, names = stack.enter_context(odd_provider()), stack.enter_context(name_server())
        door = Door(stage, folder, World(), None)  # type: ignore[arg-type]
        own = {"BASE_URL": door.base_url, "NAME_SERVERS": names.address, **settings}
        stage.migrate("accounts")
        made = Scene(stage, door, provider, names)
        made.accounts = [stack.enter_context(stage.running("services.accounts", "accounts", **own)) for _ in range(2)]
        stack.enter_context(door.running("api"))
        yield made


@contextmanager
def mock_provider() -> Iterator[str]:
    """The public mock (oidc-provider-mock) as a process of its own; returns its issuer."""
    port = free_port()
    command = [sys.executable, "-W", "ignore", "-m", "oidc_provider_mock", "--host", "localhost", "--port", str(port)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    issuer = f"http://localhost:{port}"

    def answers() -> bool:
        try:
            return requests.get(f"{issuer}/.well-known/openid-configuration", timeout=2).ok
        except requests.ConnectionError:
            return False

    try:
        eventually(answers, what="the mock provider answers", seconds=60)
        yield issuer
    finally:
        process.terminate()
        process.wait(10)


def somebody(here: Scene, network: Network, **claims: Any) -> str:
    """The odd provider says who comes next; returns the address."""
    email = network.address()
    here.provider.says(**{"sub": new_id(), "email": email, "email_verified": True, "name": "Mia Meyer", **claims})
    return email


def added(here: Scene, network: Network, **changes: Any) -> dict[str, Any]:
    asked = newcomer(**{"email": network.address(), **changes})
    made: dict[str, Any] = here.stage.ask(accounts.ADD_MEMBER, asked, network.owner)
    return made


def signed_in(here: Scene, email: str) -> Actor:
    token = sign_in(here.stage, email)["token"]
    found = here.stage.ask(accounts.RESOLVE_SIGN_IN, {"token": token}, PUBLIC)
    who = found["member"]
    return Actor("member", who["id"], who["organisation_id"], (who["role"],), sign_in_id=found["sign_in_id"])
