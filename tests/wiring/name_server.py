"""A name server that answers for the TXT records that a test publishes, and that there is nothing else."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import dns.flags
import dns.message
import dns.rcode
import dns.rrset


class NameServer:
    """`records` are texts by name. One that `fails` says so instead of answering."""

    def __init__(self, host: str = "127.0.0.1", *, fails: bool = False) -> None:
        self.records: dict[str, str] = {}
        self.fails = fails
        self._socket = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind((host, 0))
        self._socket.settimeout(0.1)
        self.address = f"{f'[{host}]' if ':' in host else host}:{self._socket.getsockname()[1]}"
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        self._stopping.set()
        self._thread.join(5)
        self._socket.close()

    def _run(self) -> None:
        while not self._stopping.is_set():
            try:
                message, sender = self._socket.recvfrom(4096)
            except TimeoutError:
                continue
            self._socket.sendto(self._answer(message), sender)

    def _answer(self, message: bytes) -> bytes:
        asked = dns.message.from_wire(message)
        answer = dns.message.make_response(asked)
        answer.flags |= dns.flags.AA | dns.flags.RA
        name = asked.question[0].name
        text = self.records.get(name.to_text(omit_final_dot=True))
        if self.fails:
            answer.set_rcode(dns.rcode.SERVFAIL)
        elif text is None:
            answer.set_rcode(dns.rcode.NXDOMAIN)
        else:
            answer.answer.append(dns.rrset.from_text(name, 60, "IN", "TXT", f'"{text}"'))
        return bytes(answer.to_wire())


@contextmanager
def name_server(host: str = "127.0.0.1", *, fails: bool = False) -> Iterator[NameServer]:
    """It answers until the end of the block."""
    made = NameServer(host, fails=fails)
    try:
        yield made
    finally:
        made.stop()
