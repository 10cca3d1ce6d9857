"""The connection to the mail server: kept from mail to mail, and what its answers mean for one mail.

Plain blocking smtplib: under patched sockets other green threads go on meanwhile. Knows nothing of invitations or stores.
"""

import functools
import io
import re
import smtplib
import socket
import ssl
import time
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote, urlsplit

import structlog

from services.invitations import delivery
from services.invitations.compose import Mail
from services.invitations.delivery import AWAY, LATER
from services.invitations.invitation import REFUSED, TAKEN

log = structlog.get_logger()

Reply = tuple[int, bytes]
"""The code, and the text of its last lines."""

ANSWER_SECONDS = 30.0
"""RFC 5321 §4.5.3.2 would allow a server minutes; what takes longer than this is tried again later."""
MAIL_SECONDS = 60.0
"""For one mail with all its answers, so that a server that drips its answers byte by byte holds up nobody for long."""
# sign-in to the mail server is missing or wrong, or it is closing: nobody's address is at fault
_ABOUT_SIGN_IN = {530, 534, 535, 538}
_ABOUT_US = {421, *_ABOUT_SIGN_IN}
_NO_STARTTLS = 454
_GOODBYE_SECONDS = 2.0
_NO_SMTPUTF8 = 553
# enhanced codes (RFC 3463) that begin a reply, of which the class says no more than the code
_ENHANCED = re.compile(rb"[245]\.(\d{1,3}\.\d{1,3})\b")
_LINE_BEGINS_WITH_DOT = re.compile(rb"^\.", re.MULTILINE)


@dataclass(frozen=True)
class Answer:
    """`kind` as in delivery.Outcome; `code` is the reply code, None where there was no reply; `problem` as there."""

    kind: str
    code: int | None = None
    problem: str | None = None


class MailServer:
    """`uri` is `smtp://[user:password@]host[:port]`, or `smtps://` for TLS from the first byte.

    STARTTLS is used whenever the server offers it, and demanded before a password is sent; certificates are verified.
    """

    def __init__(self, uri: str, mail_seconds: float = MAIL_SECONDS) -> None:
        self._mail_seconds = mail_seconds
        parts = urlsplit(uri)
        self._tls_at_once = parts.scheme == "smtps"
        self._host = parts.hostname or "localhost"
        self._port = parts.port or (465 if self._tls_at_once else 25)
        self._user = unquote(parts.username or "")
        self._password = unquote(parts.password or "")
        self._connection: _Connection | None = None

    def send(self, mail: Mail) -> Answer:
        """Hand over one mail; returns what the server made of it, and never raises for what a server or network does.

        A kept connection that turns out to be closed is opened anew, unless the server may have the mail already.
        """
        kept = self._connection is not None
        answer, sent = self._try(mail)
        if kept and answer.kind == AWAY and answer.code is None and not sent:
            answer, _ = self._try(mail)
        return answer

    def close(self) -> None:
        """Say goodbye, if there is anybody to say it to."""
        connection, self._connection = self._connection, None
        if connection is not None:
            try:
                connection.give_up_at = time.monotonic() + _GOODBYE_SECONDS
                connection.quit()
            except (OSError, smtplib.SMTPException):
                connection.close()

    def _try(self, mail: Mail) -> tuple[Answer, bool]:
        """The answer, and whether the content was sent."""
        handover = None
        give_up_at = time.monotonic() + self._mail_seconds
        try:
            if self._connection is None:
                self._connection = self._open(give_up_at)
            self._connection.give_up_at = give_up_at
            handover = _Handover(self._connection, mail)
            answer = handover.carry_out()
            if answer.kind == AWAY:
                log.warning("mail server turns us away", code=answer.code)
                self._drop()
            elif answer.kind != TAKEN:
                self._connection.rset()
        except (OSError, smtplib.SMTPException) as error:
            code = getattr(error, "smtp_code", None)
            log.warning("mail server away", error=type(error).__name__, code=code)
            self._drop()
            heard = handover.answer if handover else None
            answer = heard or Answer(AWAY, code if handover is None else None, _problem_of(error))
        return answer, handover is not None and handover.content_sent

    def _open(self, give_up_at: float) -> "_Connection":
        # named, because smtplib would look the machine's name up, which can take long
        named = socket.gethostname()
        at_once = self._secure if self._tls_at_once else None
        connection = _Connection(self._host, self._port, at_once, named, give_up_at)
        try:
            connection.ehlo_or_helo_if_needed()
            if not self._tls_at_once and (self._user or connection.has_extn("starttls")):
                connection.starttls(context=self._secure)
                connection.ehlo()
            if self._user:
                connection.login(self._user, self._password)
        except BaseException:
            connection.close()
            raise
        return connection

    @functools.cached_property
    def _secure(self) -> ssl.SSLContext:
        # reading all certificates takes as long as ten mails, so it is done once, and only where there is TLS
        return ssl.create_default_context()

    def _drop(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None


class _Connection(smtplib.SMTP):
    """As smtplib's, with an end to waiting: `give_up_at` (`time.monotonic()`) holds for all that is heard until then."""

    def __init__(self, host: str, port: int, secure: ssl.SSLContext | None, named: str, give_up_at: float) -> None:
        self.give_up_at = give_up_at
        self._secure = secure
        super().__init__(host, port, named, timeout=ANSWER_SECONDS)

    def getreply(self) -> tuple[int, bytes]:
        """As smtplib's, which would wait anew for every byte."""
        if self.file is None and self.sock is not None:
            self.file = io.BufferedReader(_Patience(self))
        return super().getreply()

    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
        opened = socket.create_connection((host, port), timeout)
        if self._secure is None:
            return opened
        try:
            return self._secure.wrap_socket(opened, server_hostname=host)
        except BaseException:
            opened.close()
            raise


class _Patience(io.RawIOBase):
    """What a connection hears, until its time is over: then TimeoutError."""

    def __init__(self, connection: _Connection) -> None:
        self._connection = connection
        self._socket = connection.sock

    def readable(self) -> bool:
        """It is."""
        return True

    def readinto(self, buffer: Any) -> int:
        """As io.RawIOBase."""
        assert self._socket  # noqa: S101 asked before
        left = self._connection.give_up_at - time.monotonic()
        if left <= 0:
            raise TimeoutError("the mail server takes too long")
        self._socket.settimeout(min(left, ANSWER_SECONDS))
        heard = self._socket.recv_into(buffer)
        self._socket.settimeout(ANSWER_SECONDS)
        return heard


class _Handover:
    """One mail's dialogue. Where the server takes PIPELINING (RFC 2920), its three commands are one write."""

    def __init__(self, connection: _Connection, mail: Mail) -> None:
        self._connection = connection
        self._mail = mail
        self.content_sent = False
        self.answer: Answer | None = None

    def carry_out(self) -> Answer:
        """Raises OSError or SMTPException when the connection breaks; `answer` is kept if it was heard before that."""
        if self._mail.needs_utf8 and not self._connection.has_extn("smtputf8"):
            return Answer(REFUSED, _NO_SMTPUTF8, delivery.NO_UTF8)
        if self._most_bytes() and len(self._mail.content) > self._most_bytes():
            return Answer(REFUSED, None, delivery.TOO_BIG)
        mail, rcpt, data = self._ask()
        # a sender that is not wanted is our own matter: trying again later is right, whatever the code
        self.answer = (
            _unless(250, mail, refusal=AWAY) or _unless(250, rcpt) or _unless(354, data, about=delivery.TOO_BIG)
        )
        if self.answer is None:
            self._connection.send(_LINE_BEGINS_WITH_DOT.sub(b"..", self._mail.content) + b".\r\n")
            self.content_sent = True
            reply = self._connection.getreply()
            self.answer = _unless(250, reply, about=delivery.TOO_BIG) or Answer(TAKEN, reply[0])
        elif data[0] == 354:
            # asked for in the same breath as a recipient that was refused: an empty mail to nobody ends it
            self._connection.send(b".\r\n")
            self._connection.getreply()
        return self.answer

    def _most_bytes(self) -> int:
        """As the server's SIZE (RFC 1870) has it; 0 where it says none."""
        said = self._connection.esmtp_features.get("size", "")
        return int(said) if said.isdigit() else 0

    def _ask(self) -> tuple[Reply, Reply, Reply]:
        utf8 = " BODY=8BITMIME SMTPUTF8" if self._mail.needs_utf8 else ""
        commands = [
            f"MAIL FROM:<{self._mail.envelope_from}>{utf8}\r\n".encode(),
            f"RCPT TO:<{self._mail.envelope_to}>\r\n".encode(),
            b"DATA\r\n",
        ]
        if self._connection.has_extn("pipelining"):
            self._connection.send(b"".join(commands))
            mail, rcpt, data = (self._connection.getreply() for _ in commands)
            return mail, rcpt, data
        replies: list[Reply] = [(0, b""), (0, b""), (0, b"")]
        for place, command in enumerate(commands):
            self._connection.send(command)
            replies[place] = self._connection.getreply()
            if replies[place][0] >= 400:
                break
        return replies[0], replies[1], replies[2]


def _unless(expected: int, reply: Reply, refusal: str = REFUSED, about: str = delivery.FULL) -> Answer | None:
    """What a reply means that is not the expected one; 251 and 252 are as good as 250.

    `about`: what a 552 without an enhanced code is about here.
    """
    code, text = reply
    if code // 100 == expected // 100:
        return None
    if code in _ABOUT_US or code < 400:
        return Answer(AWAY, code, delivery.SIGN_IN if code in _ABOUT_SIGN_IN else delivery.NO_ANSWER)
    if code < 500:
        return Answer(LATER, code, delivery.PUT_OFF)
    if refusal == AWAY:
        return Answer(AWAY, code, delivery.SENDER_UNWANTED)
    enhanced = _ENHANCED.match(text)
    return Answer(refusal, code, delivery.refusal(code, enhanced[1].decode() if enhanced else "", about))


def _problem_of(error: Exception) -> str:
    if isinstance(error, ssl.SSLError | smtplib.SMTPNotSupportedError):
        return delivery.NO_TLS
    if isinstance(error, smtplib.SMTPAuthenticationError):
        return delivery.SIGN_IN
    # smtplib says so of STARTTLS that is refused; what else it says so of is a server that greets with a refusal
    if isinstance(error, smtplib.SMTPResponseException) and error.smtp_code == _NO_STARTTLS:
        return delivery.NO_TLS
    return delivery.NO_ANSWER
