"""Asking what somebody of an organisation has named: a provider or a webhook's receiver by HTTP, a domain's proof by DNS.

Bounded in time, size and place.

The address is looked up once and checked, and that very address is connected to, so that a name cannot lead somewhere else in
between. Redirects are not followed. Sockets are green in the service's process: who waits here holds up nobody.
"""

import ipaddress
import json
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cache
from typing import Any, TypeVar
from urllib.parse import urlsplit

import certifi
import dns.exception
import dns.nameserver
import dns.resolver
import urllib3
from urllib3.exceptions import HTTPError

CONNECT_SECONDS, READ_SECONDS, WHOLE_SECONDS = 3.0, 4.0, 8.0
MOST_BYTES = 500_000
DNS_SECONDS = 4.0
_PIECE = 16_384

# where a network keeps its own translation to IPv4, of which we cannot know what it stands for (RFC 8215)
# site-local (RFC 3879) and IPv4-compatible (RFC 4291 §2.5.5.1): of no use outside, and there may be somebody inside who answers
_DEPRECATED = (ipaddress.ip_network("fec0::/10"), ipaddress.ip_network("::/96"))
_LOCAL_NAT64 = ipaddress.ip_network("64:ff9b:1::/48")

Read = TypeVar("Read")
Address = ipaddress.IPv4Address | ipaddress.IPv6Address


class Away(Exception):
    """Who was asked does not answer, or not in time, or with something endless. One sentence."""


class NotAllowed(Exception):
    """The place is inside, and the operator has not allowed it. One sentence."""


@dataclass(frozen=True)
class Answer:
    """What a provider answered: its status, and its JSON (None where it is none)."""

    status: int
    content: Any


@dataclass(frozen=True)
class Taken:
    """What a receiver answered: its status, the first bytes of its answer as they came, and how long it asks to be left alone."""

    status: int
    first_bytes: bytes
    retry_after: str | None = None


class Outside:
    """`inside` are hosts and networks that may be asked though they are private.

    `insecure` is for development: http:// may be asked, and this very machine (unless `loopback` says otherwise).
    """

    def __init__(
        self, inside: Sequence[str], name_servers: Sequence[str], insecure: bool, *, loopback: bool = True
    ) -> None:
        self.insecure = insecure
        self._hosts, self._networks = set(), []
        for one in inside:
            try:
                self._networks.append(ipaddress.ip_network(one, strict=False))
            except ValueError:
                self._hosts.add(one.lower())
        if insecure and loopback:
            self._networks += [ipaddress.ip_network("127.0.0.0/8"), ipaddress.ip_network("::1/128")]
        self._name_servers = tuple(name_servers)

    def get(self, url: str, token: str | None = None) -> Answer:
        """GET. Raises Away and NotAllowed."""
        return self._ask("GET", url, None, {"Authorization": f"Bearer {token}"} if token else {})

    def post(self, url: str, body: str, headers: dict[str, str]) -> Answer:
        """POST. Raises Away and NotAllowed."""
        return self._ask("POST", url, body, headers)

    def check(self, url: str) -> None:
        """Whether it may be asked, as it is now; it is looked at again whenever it is asked. Raises Away and NotAllowed."""
        _scheme, host, port, _target = self._parts(url)
        self._addresses(host, port)

    def send(self, url: str, body: bytes, headers: dict[str, str], *, most_bytes: int, seconds: float) -> Taken:
        """POST, and read no more of the answer than `most_bytes`, as they are and not unpacked, nor for longer than `seconds`.

        An answer that has begun counts, also where it does not end. Raises Away and NotAllowed.
        """
        until = time.monotonic() + seconds

        def read(response: Any) -> Taken:
            pieces, size = [], 0
            # what has come before it was cut off stays
            with suppress(HTTPError, OSError, ssl.SSLError):
                while size < most_bytes and (piece := response.read1(most_bytes - size, decode_content=False)):
                    pieces.append(piece)
                    size += len(piece)
            return Taken(response.status, b"".join(pieces)[:most_bytes], response.headers.get("Retry-After"))

        return self._exchange("POST", url, body, headers, until, read, seconds)

    def texts_of(self, name: str) -> list[str]:
        """The TXT records of a name; none where there is no such name. Raises Away."""
        resolver = dns.resolver.Resolver(configure=not self._name_servers)
        if self._name_servers:
            resolver.nameservers = [_name_server(server) for server in self._name_servers]
        try:
            found = resolver.resolve(name, "TXT", lifetime=DNS_SECONDS, search=False)
        except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer):
            return []
        except (dns.exception.DNSException, OSError) as error:
            raise Away("The domain's name servers do not answer.") from error
        return [b"".join(record.strings).decode("utf-8", "replace") for record in found]

    def _ask(self, method: str, url: str, body: str | None, headers: dict[str, str]) -> Answer:
        until = time.monotonic() + WHOLE_SECONDS

        def read(response: Any) -> Answer:
            return Answer(response.status, _json(_read(response, until)))

        return self._exchange(method, url, body, {"Accept": "application/json", **headers}, until, read, READ_SECONDS)

    def _exchange(
        self, method: str, url: str, body: str | bytes | None, headers: dict[str, str], until: float,
        read: Callable[[Any], Read], read_seconds: float,
    ) -> Read:  # fmt: skip
        scheme, host, port, target = self._parts(url)
        sent = {"Host": urlsplit(url).netloc.rpartition("@")[2], **headers}
        last: Exception | None = None
        for address in self._addresses(host, port)[:2]:
            if last and time.monotonic() >= until:
                break
            pool = _pool(scheme, str(address), port, host, read_seconds)
            try:
                with _ended_at(until, pool):
                    response = pool.urlopen(
                        method, target, body=body, headers=sent, redirect=False, retries=False, preload_content=False
                    )
                    return read(response)
            except (HTTPError, OSError, ssl.SSLError) as error:
                last = error
            finally:
                pool.close()
        raise Away(f"{host} does not answer.") from last

    def _parts(self, url: str) -> tuple[str, str, int, str]:
        """Scheme, host, port and target. Raises NotAllowed for what is no address of the web, or not a safe one."""
        try:
            parts = urlsplit(url)
            port = parts.port
        except ValueError as error:
            raise NotAllowed("This is no address of the web.") from error
        if parts.scheme != "https" and not (self.insecure and parts.scheme == "http"):
            raise NotAllowed("Only https:// may be asked.")
        port = port or (443 if parts.scheme == "https" else 80)
        return (
            parts.scheme,
            parts.hostname or "",
            port,
            (parts.path or "/") + (f"?{parts.query}" if parts.query else ""),
        )

    def _addresses(self, host: str, port: int) -> list[Address]:
        """Where the host is. Raises NotAllowed when any of it is private and not allowed."""
        try:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError) as error:
            raise Away(f"There is no host {host}.") from error
        addresses = list(dict.fromkeys(ipaddress.ip_address(each[4][0]) for each in found))
        if host.lower() not in self._hosts and not all(self._is_allowed(each) for each in addresses):
            raise NotAllowed(f"{host} has a private address. The operator can allow it.")
        return addresses

    def _is_allowed(self, address: Address) -> bool:
        if address.version == _LOCAL_NAT64.version and address in _LOCAL_NAT64:
            return False
        meant = embedded(address)
        if any(one.version == network.version and one in network for one in meant for network in self._networks):
            return True
        if any(address.version == network.version and address in network for network in _DEPRECATED):
            return False
        return all(one.is_global and not one.is_multicast for one in meant)


def _name_server(server: str) -> dns.nameserver.Nameserver:
    """As `address:port`, `address`, or with an IPv6 address in brackets (RFC 3986 §3.2.2)."""
    parts = urlsplit(f"//{server}")
    return dns.nameserver.Do53Nameserver(parts.hostname or "", parts.port or 53)


def embedded(address: Address) -> list[Address]:
    """The address, with the IPv4 address that it may stand for (mapped, 6to4, Teredo, NAT64)."""
    if not isinstance(address, ipaddress.IPv6Address):
        return [address]
    if address.ipv4_mapped:
        return [address.ipv4_mapped]
    found: list[Address] = [address]
    if address.sixtofour:
        found.append(address.sixtofour)
    if address.teredo:
        found.extend(address.teredo)
    if address in ipaddress.ip_network("64:ff9b::/96"):
        found = [ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)]
    return found


def _pool(scheme: str, address: str, port: int, host: str, read_seconds: float) -> urllib3.HTTPConnectionPool:
    timeout = urllib3.Timeout(connect=CONNECT_SECONDS, read=read_seconds)
    if scheme == "http":
        return urllib3.HTTPConnectionPool(address, port, timeout=timeout)
    return urllib3.HTTPSConnectionPool(
        address, port, timeout=timeout, server_hostname=host, assert_hostname=host, ssl_context=_trusted()
    )


@contextmanager
def _ended_at(until: float, pool: urllib3.HTTPConnectionPool) -> Iterator[None]:
    """Ends the pool's connection at `until` (`time.monotonic()`). A socket's own timeout begins anew with every byte that drips in."""
    handles: list[socket.socket] = []
    kind: Any = pool.ConnectionCls

    class Held(kind):
        def _new_conn(self) -> socket.socket:
            made: socket.socket = super()._new_conn()
            # of its own, because TLS takes the first one away
            handles.append(made.dup())
            if time.monotonic() >= until:
                # the timer was there before this connection
                end()
            return made

    def end() -> None:
        for handle in handles:
            with suppress(OSError):
                handle.shutdown(socket.SHUT_RDWR)

    pool.ConnectionCls = Held
    timer = threading.Timer(max(until - time.monotonic(), 0.0), end)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
        for handle in handles:
            handle.close()


@cache
def _trusted() -> ssl.SSLContext:
    """The machine's authorities (SSL_CERT_FILE names others, as those of a hospital) and the public ones."""
    context = ssl.create_default_context()
    context.load_verify_locations(certifi.where())
    return context


def _read(response: Any, until: float) -> bytes:
    pieces: list[bytes] = []
    size = 0
    for piece in response.stream(_PIECE, decode_content=True):
        pieces.append(piece)
        size += len(piece)
        if size > MOST_BYTES:
            raise Away("The answer does not end.")
    if time.monotonic() > until:
        # cut off, and so not whole
        raise Away("The answer does not end.")
    return b"".join(pieces)


def _json(body: bytes) -> Any:
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return None
