"""What the sink keeps of each mail: its envelope, its bytes, and its parts as a reader would see them.

Knows nothing of SMTP or HTTP. Keeps the newest mails only, in memory.
"""

import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default as modern
from typing import Any

KEPT = 5_000


@dataclass(frozen=True)
class Mail:
    """One mail as it was handed over: `recipients` are the envelope's, which no header need name."""

    id: int
    received: datetime
    sender: str
    recipients: tuple[str, ...]
    raw: bytes

    def message(self) -> EmailMessage:
        """Return the mail parsed; broken mails parse as far as they go."""
        return message_from_bytes(self.raw, policy=modern)

    def parts(self) -> list[EmailMessage]:
        """Return the parts that hold content, in the order of the mail; a part's number is its place here."""
        return [part for part in self.message().walk() if not part.is_multipart()]

    def headline(self) -> dict[str, Any]:
        """Return what a list of mails shows of this one."""
        message = self.message()
        return {
            "id": self.id,
            "received": self.received.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
            "envelope_from": self.sender,
            "envelope_to": list(self.recipients),
            "from": str(message["From"] or ""),
            "to": str(message["To"] or ""),
            "reply_to": str(message["Reply-To"] or ""),
            "subject": str(message["Subject"] or ""),
        }

    def detail(self) -> dict[str, Any]:
        """Return all of it: headers in their order, the parts, and the text, HTML and calendar bodies decoded."""
        parts = self.parts()
        return {
            **self.headline(),
            "headers": [[name, str(value)] for name, value in self.message().items()],
            "text": _first(parts, "text/plain"),
            "html": _first(parts, "text/html"),
            "calendar": _first(parts, "text/calendar"),
            "parts": [
                {
                    "number": number,
                    "content_type": part.get_content_type(),
                    "parameters": dict(part["Content-Type"].params) if part["Content-Type"] else {},
                    "disposition": part.get_content_disposition(),
                    "filename": part.get_filename(),
                    "bytes": len(content_of(part)),
                }
                for number, part in enumerate(parts)
            ],
        }


def content_of(part: EmailMessage) -> bytes:
    """Return a part's content with its transfer encoding undone."""
    content = part.get_payload(decode=True)
    return content if isinstance(content, bytes) else b""


def _first(parts: list[EmailMessage], content_type: str) -> str | None:
    for part in parts:
        if part.get_content_type() == content_type:
            return content_of(part).decode(part.get_content_charset("utf-8"), errors="replace")
    return None


class Mailbox:
    """The newest mails, numbered from 1 as they came; safe to use from several threads."""

    def __init__(self, now: Callable[[], datetime] = lambda: datetime.now(UTC), kept: int = KEPT) -> None:
        self._now = now
        self._kept = kept
        self._mails: OrderedDict[int, Mail] = OrderedDict()
        self._last = 0
        self._changed = threading.Condition()

    def keep(self, sender: str, recipients: list[str], raw: bytes) -> Mail:
        """Keep a mail, dropping the oldest one when there are too many."""
        with self._changed:
            self._last += 1
            mail = Mail(self._last, self._now(), sender, tuple(recipients), raw)
            self._mails[mail.id] = mail
            while len(self._mails) > self._kept:
                self._mails.popitem(last=False)
            self._changed.notify_all()
        return mail

    def get(self, number: int) -> Mail | None:
        """Return one mail, or None when it was never here or is no longer."""
        with self._changed:
            return self._mails.get(number)

    def newest_first(self, to: str = "", limit: int = 200, after: int = 0) -> list[Mail]:
        """Return the newest mails numbered above `after`, only those sent to the address `to` when it is given."""
        wanted = to.strip().lower()
        with self._changed:
            mails = list(reversed(self._mails.values()))
        return [
            mail
            for mail in mails
            if mail.id > after and (not wanted or wanted in (address.lower() for address in mail.recipients))
        ][:limit]

    def wait_for(self, to: str, after: int, seconds: float) -> list[Mail]:
        """Return mails as `newest_first` does, waiting up to `seconds` for the first to come."""
        with self._changed:
            self._changed.wait_for(lambda: self._has(to, after), timeout=seconds)
        return self.newest_first(to, after=after)

    def empty(self) -> None:
        """Forget all mails; their numbers are not used again."""
        with self._changed:
            self._mails.clear()

    def _has(self, to: str, after: int) -> bool:
        wanted = to.strip().lower()
        return any(
            mail.id > after and (not wanted or wanted in (address.lower() for address in mail.recipients))
            for mail in self._mails.values()
        )
