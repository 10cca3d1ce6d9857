"""What both kinds of gateway process stand on: settings, the way to the services, who is asking, and endings of sign-ins."""

from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from gateway.api_clients import ApiClients
from gateway.cookies import Cookies
from gateway.identity import Identity, SignIns
from gateway.rate_limits import RateLimits
from gateway.wrong_links import WrongLinks
from plumbing import clock, logs
from plumbing.actor import GATEWAY, Signer
from plumbing.keys import read_secret
from plumbing.rpc import RpcClient
from plumbing.settings import Settings, load


@dataclass(frozen=True)
class Hall:
    """One per process, made after the web server has forked."""

    name: str
    settings: Settings
    rpc: RpcClient
    identity: Identity
    api_clients: ApiClients
    wrong_links: WrongLinks = field(default_factory=WrongLinks)
    rate_limits: RateLimits = field(default_factory=lambda: RateLimits(0))

    @property
    def origin(self) -> str:
        """Scheme, host and port that our own pages come from (RFC 6454)."""
        return origin_of(self.settings.base_url)


def open_hall(process: str, settings: Settings | None = None) -> Hall:
    """`process` is `gateway_api` or `gateway_live`. Raises SettingProblem and KeyProblem; does not wait for the broker."""
    settings = settings or load(process)
    logs.configure(process, settings.log_level)
    clock.set_offset(settings.clock_offset_seconds)
    name = process.replace("_", "-")
    rpc = RpcClient(settings.amqp_uri, name, Signer.from_file(GATEWAY, settings.actor_private_key))
    rpc.start()
    cookies = Cookies(read_secret(settings.cookie_key), secure=urlsplit(settings.base_url).scheme == "https")
    limits = RateLimits(settings.requests_per_minute)
    return Hall(name, settings, rpc, Identity(cookies, SignIns(rpc)), ApiClients(rpc), rate_limits=limits)


def origin_of(url: str) -> str:
    """The origin of an address, as browsers write it: without a default port, in lower case."""
    parts = urlsplit(url)
    default = {"http": 80, "https": 443, "ws": 80, "wss": 443}.get(parts.scheme)
    port = "" if parts.port in (None, default) else f":{parts.port}"
    return f"{parts.scheme}://{parts.hostname or ''}{port}"


def hear_account(sign_ins: SignIns, event: dict[str, Any]) -> None:
    """Forget what an event of accounts makes untrue."""
    data = event.get("data") or {}
    if event.get("type") == "sign_in.ended":
        sign_ins.forget(data["sign_in_id"])
    elif str(event.get("type", "")).startswith("member."):
        sign_ins.forget_member(data["member_id"])


def hear_api_clients(known: ApiClients, event: dict[str, Any]) -> None:
    """As `hear_account`, of API clients."""
    if str(event.get("type", "")).startswith("api_client."):
        known.forget(event["data"]["api_client_id"])
