"""The connection to the mail server: kept from mail to mail, and what its answers mean for one mail.

Plain blocking smtplib: under patched sockets other green threads go on meanwhile. Knows nothing of invitations or stores.
"""

import re
import smtplib
import socket
import ssl
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

import structlog

from services.invitations.compose import Mail
from services.invitations.delivery import AWAY, LATER
from services.invitations.invitation import REFUSED, TAKEN

log = structlog.get_logger()

ANSWER_SECONDS = 30.0
"""RFC 5321 §4.5.3.2 would allow a server minutes; what takes longer than this is tried again later."""
# sign-in to the mail server is missing or wrong, or it is closing: nobody's address is at fault
_ABOUT_US = {421, 530, 534, 535, 538}
_NO_SMTPUTF8 = 553
_LINE_BEGINS_WITH_DOT = re.compile(rb"^\.", re.MULTILINE)


@dataclass(frozen=True)
class Answer:
    """`kind` as in delivery.Outcome; `code` is the reply code, None where there was no reply."""

    kind: str
    code: int | None = None


class MailServer:
    """`uri` is `smtp://[user:password@]host[:port]`, or `smtps://` for TLS from the first byte.

    STARTTLS is used whenever the server offers it, and demanded before a password is sent; certificates are verified.
    """

    def __init__(self, uri: str) -> None:
        parts = urlsplit(uri)
        self._tls_at_once = parts.scheme == "smtps"
        self._host = parts.hostname or "localhost"
        self._port = parts.port or (465 if self._tls_at_once else 25)
        self._user = unquote(parts.username or "")
        self._password = unquote(parts.password or "")
        self._connection: smtplib.SMTP | None = None

    def send(self, mail: Mail) -> Answer:
        """Hand over one mail; returns what the server made of it, and never raises for what a server or network does.

        A kept connection that turns out to be closed is opened anew, unless the server may have the mail already.
        """
        kept = self._connection is not None
        answer, sent = self._try(mail)
        if kept and answer == Answer(AWAY) and not sent:
            answer, _ = self._try(mail)
        return answer

    def close(self) -> None:
        """Say goodbye, if there is anybody to say it to."""
        connection, self._connection = self._connection, None
        if connection is not None:
            try:
                connection.quit()
            except (OSError, smtplib.SMTPException):
                connection.close()

    def _try(self, mail: Mail) -> tuple[Answer, bool]:
        """The answer, and whether the content was sent."""
        handover = None
        try:
            if self._connection is None:
                self._connection = self._open()
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
            answer = handover.answer if handover and handover.answer else Answer(AWAY)
        return answer, handover is not None and handover.content_sent

    def _open(self) -> smtplib.SMTP:
        secure = ssl.create_default_context()
        # named, because smtplib would look the machine's name up, which can take long
        named = socket.gethostname()
        connection = (
            smtplib.SMTP_SSL(self._host, self._port, named, timeout=ANSWER_SECONDS, context=secure)
            if self._tls_at_once
            else smtplib.SMTP(self._host, self._port, named, timeout=ANSWER_SECONDS)
        )
        try:
            connection.ehlo_or_helo_if_needed()
            if not self._tls_at_once and (self._user or connection.has_extn("starttls")):
                connection.starttls(context=secure)
                connection.ehlo()
            if self._user:
                connection.login(self._user, self._password)
        except BaseException:
            connection.close()
            raise
        return connection

    def _drop(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None


class _Handover:
    """One mail's dialogue. Where the server takes PIPELINING (RFC 2920), its three commands are one write."""

    def __init__(self, connection: smtplib.SMTP, mail: Mail) -> None:
        self._connection = connection
        self._mail = mail
        self.content_sent = False
        self.answer: Answer | None = None

    def carry_out(self) -> Answer:
        """Raises OSError or SMTPException when the connection breaks; `answer` is kept if it was heard before that."""
        if self._mail.needs_utf8 and not self._connection.has_extn("smtputf8"):
            return Answer(REFUSED, _NO_SMTPUTF8)
        mail, rcpt, data = self._ask()
        # a sender that is not wanted is our own matter: trying again later is right, whatever the code
        self.answer = _unless(250, mail, refusal=AWAY) or _unless(250, rcpt) or _unless(354, data)
        if self.answer is None:
            self._connection.send(_LINE_BEGINS_WITH_DOT.sub(b"..", self._mail.content) + b".\r\n")
            self.content_sent = True
            code = self._connection.getreply()[0]
            self.answer = _unless(250, code) or Answer(TAKEN, code)
        elif data == 354:
            # asked for in the same breath as a recipient that was refused: an empty mail to nobody ends it
            self._connection.send(b".\r\n")
            self._connection.getreply()
        return self.answer

    def _ask(self) -> tuple[int, int, int]:
        utf8 = " BODY=8BITMIME SMTPUTF8" if self._mail.needs_utf8 else ""
        commands = [
            f"MAIL FROM:<{self._mail.envelope_from}>{utf8}\r\n".encode(),
            f"RCPT TO:<{self._mail.envelope_to}>\r\n".encode(),
            b"DATA\r\n",
        ]
        if self._connection.has_extn("pipelining"):
            self._connection.send(b"".join(commands))
            mail, rcpt, data = (self._connection.getreply()[0] for _ in commands)
            return mail, rcpt, data
        replies = [0, 0, 0]
        for place, command in enumerate(commands):
            self._connection.send(command)
            replies[place] = self._connection.getreply()[0]
            if replies[place] >= 400:
                break
        return replies[0], replies[1], replies[2]


def _unless(expected: int, code: int, refusal: str = REFUSED) -> Answer | None:
    """What a reply means that is not the expected one; 251 and 252 are as good as 250."""
    if code // 100 == expected // 100:
        return None
    if code in _ABOUT_US or code < 400:
        return Answer(AWAY, code)
    return Answer(LATER if code < 500 else refusal, code)
