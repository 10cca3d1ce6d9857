"""Which places outside may be asked, and which name servers are."""

import ipaddress
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from plumbing import outside as module
from plumbing.outside import Away, NotAllowed, Outside
from tests.wiring.name_server import name_server

PRIVATE = [
    "10.0.0.1", "172.16.0.1", "192.168.1.1", "127.0.0.1", "169.254.169.254", "100.64.0.1", "0.0.0.0", "224.0.0.1",
    "255.255.255.255", "::1", "::", "fc00::1", "fe80::1", "::ffff:10.0.0.1", "64:ff9b::a00:1", "64:ff9b:1::101:101", "2002:a00:1::", "ff02::1",
    "fec0::1", "::10.0.0.1", "::1.1.1.1",
]  # fmt: skip


def is_asked(outside: Outside, address: str) -> bool:
    try:
        found = outside._addresses(address, 443)
    except NotAllowed:
        return False
    return found == [ipaddress.ip_address(address)]


@pytest.mark.parametrize("address", PRIVATE)
def test_a_private_address_is_refused(address: str) -> None:
    assert not is_asked(Outside((), (), insecure=False), address)


@pytest.mark.parametrize("address", ["1.1.1.1", "2606:4700:4700::1111"])
def test_a_public_address_is_asked(address: str) -> None:
    assert is_asked(Outside((), (), insecure=False), address)


def test_what_the_operator_lists_is_asked_and_nothing_beside_it() -> None:
    outside = Outside(("10.1.0.0/16", "192.168.7.7"), (), insecure=False)
    assert [is_asked(outside, each) for each in ("10.1.2.3", "10.2.0.1", "192.168.7.7", "192.168.7.8")] == [
        True, False, True, False,
    ]  # fmt: skip


def test_only_https_is_asked_outside_development() -> None:
    with pytest.raises(NotAllowed):
        Outside((), (), insecure=False).get("http://1.1.1.1/")


@pytest.mark.parametrize("host", ["127.0.0.1", "::1"])
def test_each_name_server_is_asked_at_its_own_port(host: str) -> None:
    with name_server(fails=True) as broken, name_server(host) as sound:
        sound.records["_housecall.clinic.example"] = "housecall-domain=1"
        outside = Outside((), (broken.address, sound.address), insecure=False)
        assert outside.texts_of("_housecall.clinic.example") == ["housecall-domain=1"]
        assert outside.texts_of("_housecall.other.example") == []


@contextmanager
def dripping(first: bytes) -> Iterator[str]:
    """A server that begins with `first` and goes on byte by byte for as long as anybody listens."""
    over = threading.Event()

    def drip(server: socket.socket) -> None:
        with server.accept()[0] as visitor:
            visitor.recv(4096)
            visitor.sendall(first)
            try:
                while not over.wait(0.05):
                    visitor.sendall(b"x")
            except OSError:
                return

    with socket.create_server(("127.0.0.1", 0)) as server:
        thread = threading.Thread(target=drip, args=(server,), daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.getsockname()[1]}/"
        finally:
            over.set()
            thread.join()


@pytest.mark.parametrize("first", [b"HTTP/1.1 200 OK\r\nX: ", b"HTTP/1.1 200 OK\r\nContent-Length: 400000\r\n\r\n"])
def test_an_answer_that_drips_is_cut_off(first: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "WHOLE_SECONDS", 0.5)
    with dripping(first) as url:
        began = time.monotonic()
        with pytest.raises(Away):
            Outside((), (), insecure=True).get(url)
        # left alone, the drops would last for an hour
        assert time.monotonic() - began < 60


def test_a_receiver_with_two_addresses_that_drip_is_not_asked_twice_the_time(monkeypatch: pytest.MonkeyPatch) -> None:
    with dripping(b"HTTP/1.1 ") as url:
        port = int(url.rpartition(":")[2].strip("/"))
        both = [(2, 1, 6, "", (f"127.0.0.{number}", port)) for number in (1, 2)]
        tried: list[str] = []

        def pool(scheme: str, address: str, *rest: Any) -> Any:
            tried.append(address)
            return made(scheme, address, *rest)

        made = module._pool
        monkeypatch.setattr(module, "_pool", pool)
        monkeypatch.setattr(socket, "getaddrinfo", lambda *_args, **_how: both)
        with pytest.raises(Away):
            Outside((), (), insecure=True).send(url, b"{}", {}, most_bytes=10, seconds=0.5)
    assert tried == ["127.0.0.1"]
