"""Calls through Debian's coturn with the configuration that ships: over UDP, TCP and TLS, and only with credentials of media's."""

import asyncio
import datetime as dt
import ipaddress
import secrets
import socket
import struct
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import aioice.ice
import aioice.stun
import aioice.turn
import pytest
from aiortc import RTCIceServer
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from deploy.local.files import ROOT
from deploy.local.ports import free_port
from services.media.turn import VALID_SECONDS, ice_servers
from tests.media.participants import Participant, running, until
from tests.patience import eventually

SECRET, ANOTHER = b"what media and coturn know", b"what a stranger guesses"
PARTICIPANT = "01920000-0000-7000-8000-0000000000e1"


class Turn:
    """A coturn on free ports of this machine; `log` is what it has said."""

    def __init__(self, folder: Path) -> None:
        self.port, self.tls_port, first = free_port(), free_port(), free_port()
        self._log = folder / "turn.log"
        certificate, key = self_signed(folder)
        self.certificate = certificate
        command = [
            *("turnserver", "-c", str(ROOT / "deploy" / "coturn" / "turnserver.conf")),
            *("--listening-ip=127.0.0.1", "--relay-ip=127.0.0.1", "--allow-loopback-peers"),
            *(f"--listening-port={self.port}", f"--tls-listening-port={self.tls_port}"),
            *(f"--min-port={first}", f"--max-port={min(first + 50, 65535)}"),
            *(f"--cert={certificate}", f"--pkey={key}", f"--static-auth-secret={SECRET.decode()}"),
            *(f"--pidfile={folder / 'pid'}", f"--userdb={folder / 'userdb'}"),
        ]
        self._process = subprocess.Popen(command, stdout=self._log.open("wb"), stderr=subprocess.STDOUT, cwd=folder)
        eventually(self._ready, what="coturn listens")

    @property
    def log(self) -> str:
        return self._log.read_text(errors="replace")

    def _ready(self) -> bool:
        assert self._process.poll() is None, self.log
        # RFC 8489 §5: a binding request without attributes, which every STUN server answers
        request = struct.pack(">HHI12s", 1, 0, 0x2112A442, secrets.token_bytes(12))
        try:
            for port in (self.port, self.tls_port):
                socket.create_connection(("127.0.0.1", port), timeout=1).close()
            with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as datagrams:
                datagrams.settimeout(0.5)
                datagrams.sendto(request, ("127.0.0.1", self.port))
                return len(datagrams.recv(1500)) >= len(request)
        except OSError:
            return False

    def url(self, transport: str) -> str:
        if transport == "tls":
            return f"turns:127.0.0.1:{self.tls_port}?transport=tcp"
        return f"turn:127.0.0.1:{self.port}?transport={transport}"

    def stop(self) -> None:
        self._process.terminate()
        self._process.wait(20)


def self_signed(folder: Path) -> tuple[Path, Path]:
    """A certificate of 127.0.0.1 for an hour, and its key."""
    key, now = ec.generate_private_key(ec.SECP256R1()), dt.datetime.now(dt.UTC)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "turn of the tests")])
    own = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
    builder = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    builder = builder.serial_number(x509.random_serial_number()).not_valid_before(now - dt.timedelta(minutes=5))
    certificate = (
        builder.not_valid_after(now + dt.timedelta(hours=1)).add_extension(own, False).sign(key, hashes.SHA256())
    )
    places = folder / "turn.crt", folder / "turn.key"
    places[0].write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    plain = serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    places[1].write_bytes(key.private_bytes(serialization.Encoding.PEM, *plain))
    return places


@contextmanager
def coturn(folder: Path) -> Iterator[Turn]:
    server = Turn(folder)
    try:
        yield server
    finally:
        server.stop()


@pytest.fixture(scope="module")
def turn(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Turn]:
    with coturn(tmp_path_factory.mktemp("turn")) as server:
        yield server


@pytest.fixture
def relay_only(monkeypatch: pytest.MonkeyPatch, turn: Turn, play: Callable[..., Any]) -> Callable[..., Any]:
    """As `play`, in a network that lets nothing through but the way to the TURN server."""
    monkeypatch.setattr(aioice.ice, "get_host_addresses", lambda use_ipv4, use_ipv6: [])
    monkeypatch.setenv("SSL_CERT_FILE", str(turn.certificate))
    return play


def credentials(url: str, secret: bytes = SECRET, now: float | None = None) -> RTCIceServer:
    (entry,) = ice_servers([url], secret, PARTICIPANT, time.time() if now is None else now)
    return RTCIceServer(urls=entry["urls"], username=entry["username"], credential=entry["credential"])


def whole_frames(listener: Participant, speaker: Participant, source: str) -> bool:
    return len(listener.numbers(speaker.name, source)) >= 20


@pytest.mark.parametrize("transport", ["udp", "tcp", "tls"])
def test_sound_and_picture_go_through_it_both_ways(relay_only: Callable[..., Any], turn: Turn, transport: str) -> None:
    async def call() -> None:
        async with running("python") as node:
            servers = [credentials(turn.url(transport))]
            anna = await Participant(node, "anna", ice_servers=servers).join()
            ben = await Participant(node, "ben", ice_servers=servers).join()
            for listener, speaker in ((anna, ben), (ben, anna)):
                for source in ("microphone", "camera"):
                    heard = partial(whole_frames, listener, speaker, source)
                    await until(heard, what=f"{source} of {speaker.name}")

    relay_only(call())


@pytest.mark.parametrize(
    ("secret", "age"), [(ANOTHER, 0.0), (SECRET, VALID_SECONDS + 60.0)], ids=["of another secret", "expired"]
)
def test_credentials_of_another_secret_and_expired_ones_are_refused(
    play: Callable[..., Any], turn: Turn, secret: bytes, age: float
) -> None:
    server = credentials(turn.url("udp"), secret, time.time() - age)

    async def allocate() -> None:
        with pytest.raises(aioice.stun.TransactionFailed) as refused:
            await aioice.turn.create_turn_endpoint(
                asyncio.DatagramProtocol,
                server_addr=("127.0.0.1", turn.port),
                username=server.username,
                password=server.credential,
            )
        assert refused.value.response.attributes["ERROR-CODE"][0] == 401

    play(allocate())
