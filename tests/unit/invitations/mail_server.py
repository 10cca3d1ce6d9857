"""A real SMTP server that answers as a test tells it to, and keeps what it took."""

import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default as modern
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from deploy.local.ports import free_port


@dataclass(frozen=True)
class Taken:
    """One mail for which 250 was said."""

    to: str
    content: bytes
    sender: str = ""

    @property
    def message(self) -> EmailMessage:
        """Parsed by the standard library, which the composer uses only for writing."""
        parsed = message_from_bytes(self.content, policy=modern)
        assert isinstance(parsed, EmailMessage)
        return parsed


@dataclass
class MailServer:
    """`answer_rcpt` and `answer_data` get the address and return a reply line, or None for 250.

    `offers`: further lines of its EHLO. `asked` has every RCPT, `commands` what each write of the client held.
    """

    answer_rcpt: Callable[[str], str | None] = lambda _address: None
    answer_data: Callable[[str], str | None] = lambda _address: None
    answer_mail: Callable[[], str | None] = lambda: None
    offers: tuple[str, ...] = ()
    port: int = field(default_factory=free_port)
    taken: list[Taken] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    connections: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def uri(self) -> str:
        """As SMTP_URI."""
        return f"smtp://127.0.0.1:{self.port}"

    @contextmanager
    def running(self, **options: Any) -> Iterator["MailServer"]:
        """Listen; `options` go to aiosmtpd's SMTP."""
        controller = Controller(
            _Handler(self), hostname="127.0.0.1", port=self.port, **{"enable_SMTPUTF8": True, **options}
        )
        controller.start()
        try:
            yield self
        finally:
            controller.stop()

    def times_taken(self) -> Counter[str]:
        """Address → how often a mail to it was taken."""
        with self.lock:
            return Counter(mail.to for mail in self.taken)

    def mail_to(self, address: str) -> EmailMessage:
        """The one mail to this address, parsed."""
        with self.lock:
            found = [mail for mail in self.taken if mail.to == address]
        assert len(found) == 1, f"{len(found)} mails to {address}"
        return found[0].message


class _Handler:
    def __init__(self, server: MailServer) -> None:
        self._server = server

    async def handle_EHLO(  # noqa: N802, the name is aiosmtpd's
        self, _smtp: SMTP, session: Session, _envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        session.host_name = hostname
        self._server.connections += 1
        return [responses[0], *(f"250-{line}" for line in self._server.offers), *responses[1:]]

    async def handle_MAIL(  # noqa: N802
        self, _smtp: SMTP, _session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        answer = self._server.answer_mail()
        if answer is None:
            envelope.mail_from = address
            envelope.mail_options.extend(options)
        return answer or "250 OK"

    async def handle_RCPT(  # noqa: N802
        self, _smtp: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        self._server.asked.append(address)
        answer = self._server.answer_rcpt(address)
        if answer is None:
            envelope.rcpt_tos.append(address)
        return answer or "250 OK"

    async def handle_DATA(self, _smtp: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        address = envelope.rcpt_tos[0]
        answer = self._server.answer_data(address)
        if answer is None:
            content = envelope.content if isinstance(envelope.content, bytes) else b""
            with self._server.lock:
                self._server.taken.append(Taken(address, content, envelope.mail_from or ""))
        return answer or "250 OK"
