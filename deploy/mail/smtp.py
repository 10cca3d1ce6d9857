"""The sink's SMTP side: takes every mail, except where the address asks for a failure.

A recipient `…+bounce@…` is refused for good (550), `…+later@…` is put off the first time (451), and `…+slow@…` is taken
two seconds late; what was sent to `…+returned@…` is taken and comes back (RFC 3464) after a moment, where somebody takes
reports: what a sender has to live with, without a second server.
"""

import asyncio
import re
import threading
from collections.abc import Callable

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from deploy.mail.mailbox import Mailbox

SLOW_SECONDS = 2.0
LARGEST_BYTES = 25 * 1024 * 1024


class Sink:
    """aiosmtpd's handler: one call per command of the client."""

    def __init__(self, mailbox: Mailbox, send_back: Callable[[str, str], object]) -> None:
        self._mailbox = mailbox
        self._send_back = send_back
        self._put_off: set[str] = set()

    async def handle_RCPT(  # noqa: N802, the name is aiosmtpd's
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        """Take the recipient, or answer what its address asks for."""
        wishes = _wishes(address)
        if "bounce" in wishes:
            return "550 5.1.1 No such mailbox here"
        if "later" in wishes and address.lower() not in self._put_off:
            self._put_off.add(address.lower())
            return "451 4.7.1 Greylisted, try again later"
        if "slow" in wishes:
            await asyncio.sleep(SLOW_SECONDS)
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(  # noqa: N802, the name is aiosmtpd's
        self, _server: SMTP, _session: Session, envelope: Envelope
    ) -> str:
        """Keep the mail; only then is it accepted."""
        content = envelope.content or b""
        raw = content if isinstance(content, bytes) else content.encode()
        mail = self._mailbox.keep(envelope.mail_from or "", list(envelope.rcpt_tos), raw)
        for address in envelope.rcpt_tos:
            if "returned" in _wishes(address):
                args = (envelope.mail_from or "", address)
                threading.Thread(target=self._send_back, args=args, daemon=True).start()
        return f"250 OK kept as {mail.id}"


def _wishes(address: str) -> list[str]:
    return re.findall(r"\+([a-z]+)", address.partition("@")[0].lower())


def smtp_server(
    mailbox: Mailbox, host: str, port: int, send_back: Callable[[str, str], object] = lambda _sender, _to: None
) -> Controller:
    """Return the SMTP server, to be started; it runs in threads of its own. `send_back(envelope sender, recipient)` reports."""
    return Controller(
        Sink(mailbox, send_back), hostname=host, port=port, data_size_limit=LARGEST_BYTES, enable_SMTPUTF8=True
    )
