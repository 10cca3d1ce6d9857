"""Every setting of every process, from the environment: its name, form, default, meaning and who reads it.

`python -m plumbing.settings --markdown` prints the table that docs/settings.md holds.
"""

import ipaddress
import os
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from typing import Any

SERVICES = ("accounts", "rooms", "invitations", "scheduler", "waiting", "media", "integrations")
GATEWAY = ("gateway_api", "gateway_live")
NODE = ("media_node",)
EVERY = (*SERVICES, *GATEWAY, *NODE)
ENVIRONMENTS = ("development", "test", "production")
LEVELS = ("debug", "info", "warning", "error")
NATIVE = ("auto", "native", "python")


class SettingProblem(Exception):
    """A setting is missing or has a value that does not fit: one sentence that names it."""


def _text(value: str) -> str:
    return value


def _uri(*schemes: str) -> Callable[[str], str]:
    def read(value: str) -> str:
        if value.partition("://")[0] not in schemes or not value.partition("://")[2]:
            raise ValueError(f"an address that begins with {' or '.join(scheme + '://' for scheme in schemes)}")
        return value

    read.__name__ = "address"
    return read


def _one_of(*words: str) -> Callable[[str], str]:
    def read(value: str) -> str:
        if value not in words:
            raise ValueError("one of " + ", ".join(words))
        return value

    read.__name__ = " | ".join(words)
    return read


def _number(least: float, most: float, kind: type) -> Callable[[str], Any]:
    def read(value: str) -> Any:
        try:
            number = kind(value)
        except ValueError:
            number = None
        if number is None or not least <= number <= most:
            raise ValueError(f"a number from {least:g} to {most:g}")
        return number

    read.__name__ = "whole number" if kind is int else "number"
    return read


def _words(value: str) -> tuple[str, ...]:
    return tuple(word.strip() for word in value.split(",") if word.strip())


_text.__name__, _words.__name__ = "text", "texts, separated by commas"
_port = _number(0, 65535, int)


def _setting(
    read: Callable[[str], Any],
    meaning: str,
    used_by: tuple[str, ...],
    default: str | None = None,
    *,
    needed: bool = False,
) -> Any:
    """`default` is as it would be written in the environment; `needed` refuses to start without."""
    about = {"read": read, "meaning": meaning, "used_by": used_by, "default": default or "", "needed": needed}
    return field(default=read(default) if default else (() if read is _words else ""), metadata=about)


@dataclass(frozen=True)
class Settings:
    """One process's settings. What a process does not use keeps its default."""

    amqp_uri: str = _setting(
        _uri("amqp", "amqps", "pyamqp"),
        "RabbitMQ, with the user of this kind of process, as in `amqp://user:password@host:5672/vhost`",
        EVERY,
        needed=True,
    )
    mongo_uri: str = _setting(
        _uri("mongodb"), "MongoDB, a replica set, as in `mongodb://host:27017/?replicaSet=rs0`", (*SERVICES, *GATEWAY),
        needed=True,
    )  # fmt: skip
    database_prefix: str = _setting(
        _text, "What every database's name begins with; the service's name follows", (*SERVICES, *GATEWAY), "housecall_"
    )
    environment: str = _setting(
        _one_of(*ENVIRONMENTS), "Whether this is the real thing; production refuses test aids", EVERY, "development"
    )
    log_level: str = _setting(_one_of(*LEVELS), "The least that is logged", EVERY, "info")
    clock_offset_seconds: float = _setting(
        _number(-1e9, 1e9, float), "Moves the clock that the rules see; refused in production", EVERY, "0"
    )
    health_port: int = _setting(
        _port, "Where /healthz, /readyz and /metrics answer by HTTP; 0 for nowhere", (*SERVICES, *NODE), "0"
    )
    actor_private_key: str = _setting(
        _text, "File: Ed25519 private key in PEM, by which this kind of process signs who is asking", (*SERVICES, *GATEWAY),
        needed=True,
    )  # fmt: skip
    actor_public_keys: str = _setting(
        _text, "File: JWKS of the public keys, with `kid` the kind of process", (*SERVICES, *NODE), needed=True
    )
    base_url: str = _setting(
        _uri("http", "https"), "Where browsers find the gateway; join links begin with it",
        ("accounts", "invitations", "scheduler", "rooms", *GATEWAY), "http://localhost:8000",
    )  # fmt: skip
    live_url: str = _setting(
        _uri("ws", "wss"), "Where browsers find the WebSocket", GATEWAY, "ws://localhost:8001/live"
    )
    trusted_proxies: int = _setting(
        _number(0, 10, int), "How many reverse proxies stand before the gateway: so many addresses of X-Forwarded-For are believed",
        ("gateway_api",), "0",
    )  # fmt: skip
    requests_per_minute: int = _setting(
        _number(0, 1_000_000, int), "How many requests each member may make of the API in a minute, at each process; 0 for any number",
        ("gateway_api",), "0",
    )  # fmt: skip
    smtp_uri: str = _setting(
        _uri("smtp", "smtps"), "The mail server: `smtp://[user:password@]host:port`", ("invitations",), "smtp://localhost:1025"
    )  # fmt: skip
    mail_from: str = _setting(
        _text, "The sender's address of every mail", ("invitations",), "Housecall <no-reply@housecall.example>"
    )
    most_recipients: int = _setting(
        _number(1, 1000, int), "How many people one invitation or session may have as guests", ("invitations",), "200"
    )
    mail_tried_hours: float = _setting(
        _number(0.001, 240, float), "For how many hours a mail is tried again that no mail server takes", ("invitations",), "48"
    )  # fmt: skip
    dkim_key: str = _setting(
        _text, "File: RSA private key in PEM, by which mails are signed (DKIM) for the domain of MAIL_FROM; empty: unsigned",
        ("invitations",),
    )  # fmt: skip
    dkim_selector: str = _setting(
        _text, "Where the key's public half is: `<selector>._domainkey.<domain>`", ("invitations",), "housecall"
    )
    bounce_domain: str = _setting(
        _text, "The domain to which mail servers report what they could not deliver; each mail's envelope sender is then "
        "`bounce+<token>@` it; empty: the address of MAIL_FROM, and no reports are understood",
        ("invitations",),
    )  # fmt: skip
    bounce_key: str = _setting(
        _text,
        "File: the secret with which such reports are posted to /api/mail/bounces, 32 bytes or more",
        ("invitations",),
    )
    sms_url: str = _setting(
        _uri("http", "https"), "Where text messages are posted, in the form of Twilio's Messages API, with the account before an @: "
        "`https://<account>@api.twilio.com/2010-04-01/Accounts/<account>/Messages.json`; empty: no texts are sent",
        ("invitations",),
    )  # fmt: skip
    sms_key: str = _setting(
        _text, "File: the secret of that account; by it the provider's own requests are proved too", ("invitations",)
    )
    sms_from: str = _setting(
        _text, "The number from which texts are sent, with + and the country code", ("invitations",)
    )
    link_key: str = _setting(
        _text, "File: key of the join links' HMAC, 32 bytes or more", ("invitations",), needed=True
    )
    accounts_key: str = _setting(
        _text, "File: key of members' links and of what their second factors are encrypted with, 32 bytes or more",
        ("accounts",), needed=True,
    )  # fmt: skip
    sign_up: str = _setting(
        _one_of("closed", "open"), "Whether strangers may make organisations of their own, on the Trial plan, once their mail is verified",
        ("accounts", "gateway_api"), "closed",
    )  # fmt: skip
    providers_inside: tuple[str, ...] = _setting(
        _words, "Hosts and networks (`10.1.0.0/16`) inside, where organisations' identity providers may be; other private addresses are refused",
        ("accounts",),
    )  # fmt: skip
    name_servers: tuple[str, ...] = _setting(
        _words, "Name servers, as `address:port` (IPv6 in brackets), that are asked for the proof of a domain; empty for the machine's own", ("accounts",)
    )  # fmt: skip
    integrations_key: str = _setting(
        _text, "File: key with which the secrets of webhooks are encrypted, 32 bytes or more", ("integrations",), needed=True
    )  # fmt: skip
    webhooks_inside: tuple[str, ...] = _setting(
        _words, "Hosts and networks (`10.1.0.0/16`) inside, to which webhooks may post; other private addresses are refused, and in production "
        "this machine itself and networks larger than /8 (IPv6: /32) always",
        ("integrations",),
    )  # fmt: skip
    events_kept_days: float = _setting(
        _number(1, 3650, float), "For how many days the event log is kept, and so from how far back it can be read", ("integrations",), "30"
    )  # fmt: skip
    cookie_key: str = _setting(_text, "File: key of the signed cookies, 32 bytes or more", GATEWAY, needed=True)
    plan_policies: str = _setting(
        _text,
        "Folder of plan policies, every version that an organisation is on; empty for those that are shipped",
        ("rooms",),
    )
    node_id: str = _setting(_text, "The media node's name on the bus", NODE, needed=True)
    node_host: str = _setting(_text, "The address that the node's UDP port is bound to", NODE, "0.0.0.0")
    node_announced_address: str = _setting(
        _text, "The IP address that browsers are told, when it is not `NODE_HOST`", NODE
    )
    node_udp_port: int = _setting(_port, "The one UDP port of the node; 0 for any that is free", NODE, "0")
    node_native: str = _setting(
        _one_of(*NATIVE), "Forward by the native extension, by Python, or by what is there", NODE, "auto"
    )
    node_capacity: int = _setting(
        _number(1, 1_000_000, int), "Participants that the node takes before it is full", NODE, "200"
    )
    caller_grace_seconds: float = _setting(
        _number(1, 86_400, float), "How long who waits keeps the place without a connection", ("waiting",), "300"
    )
    turn_urls: tuple[str, ...] = _setting(
        _words, "TURN servers that browsers are told, `turn:` and `turns:`", ("media",)
    )
    turn_secret: str = _setting(_text, "File: the TURN servers' shared secret", ("media",))


def load(process: str, environment: Mapping[str, str] | None = None) -> Settings:
    """Read the settings of one kind of process. Raises SettingProblem, and LookupError for a process that is none."""
    if process not in EVERY:
        raise LookupError(process)
    found = os.environ if environment is None else environment
    values = {about.name: _read(about, process, found) for about in fields(Settings)}
    settings = Settings(**{name: value for name, value in values.items() if value is not None})
    if settings.environment == "production" and settings.clock_offset_seconds:
        raise SettingProblem("CLOCK_OFFSET_SECONDS must be 0 where ENVIRONMENT is production.")
    if settings.environment == "production":
        _check_inside(settings.webhooks_inside)
    if settings.sms_url and not (settings.sms_key and settings.sms_from):
        raise SettingProblem("SMS_KEY and SMS_FROM are needed where SMS_URL is set.")
    return settings


def _check_inside(inside: tuple[str, ...]) -> None:
    for one in inside:
        try:
            network = ipaddress.ip_network(one, strict=False)
        except ValueError:
            continue
        wide = network.prefixlen < (8 if network.version == 4 else 32)
        if wide or network.is_loopback or network.is_link_local:
            raise SettingProblem(f"WEBHOOKS_INSIDE must not hold {one} where ENVIRONMENT is production.")


def _read(about: Any, process: str, environment: Mapping[str, str]) -> Any:
    name, meta = about.name.upper(), about.metadata
    value = environment.get(name, "").strip()
    if process not in meta["used_by"]:
        return None
    if not value:
        if meta["needed"]:
            raise SettingProblem(f"{name} is needed and not set: {meta['meaning']}.")
        return None
    try:
        return meta["read"](value)
    except ValueError as error:
        raise SettingProblem(f"{name} must be {error}, not {_shown(value)!r}.") from error


def _shown(value: str) -> str:
    """A wrong value without what may be a password in it."""
    return value.rpartition("@")[2][:60]


def markdown() -> str:
    """The table of docs/settings.md."""
    lines = [
        "# Settings",
        "",
        "Every process reads its settings from the environment. Made by `python -m plumbing.settings --markdown`.",
        "",
        "| name | form | default | meaning | read by |",
        "|---|---|---|---|---|",
    ]
    for about in fields(Settings):
        meta = about.metadata
        default = "(needed)" if meta["needed"] else f"`{meta['default']}`" if meta["default"] else "(empty)"
        form = meta["read"].__name__.replace("|", "\\|")
        lines.append(
            f"| `{about.name.upper()}` | {form} | {default} | {meta['meaning']} | {_readers(meta['used_by'])} |"
        )
    return "\n".join(lines) + "\n"


def _readers(used_by: tuple[str, ...]) -> str:
    if set(used_by) == set(EVERY):
        return "all"
    groups = (("services", SERVICES), ("gateway", GATEWAY), ("media node", NODE))
    names, left = [], list(used_by)
    for name, members in groups:
        if set(members) <= set(left):
            names.append(name)
            left = [one for one in left if one not in members]
    return ", ".join([*names, *left])


if __name__ == "__main__":
    if sys.argv[1:] != ["--markdown"]:
        sys.exit("Usage: python -m plumbing.settings --markdown")
    sys.stdout.write(markdown())
