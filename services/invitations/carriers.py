"""How each is written to: by mail or by text message, as their address is; and by whom it is carried."""

from collections.abc import Callable
from datetime import datetime
from email.utils import parseaddr
from typing import Protocol

from plumbing.keys import read_pem, read_secret
from plumbing.settings import Settings
from services.invitations import delivery
from services.invitations.compose import Composer, Mail
from services.invitations.delivery import AWAY
from services.invitations.invitation import REFUSED, Invitation, Recipient
from services.invitations.phones import is_number
from services.invitations.postman import LEASE_SECONDS, Postman
from services.invitations.signing import Sign, signer, unsigned
from services.invitations.sms import Text, Texter
from services.invitations.sms_provider import HttpProvider
from services.invitations.smtp import Answer, MailServer
from services.invitations.store import InvitationsStore

Message = Mail | Text


class Provider(Protocol):
    """The port: who carries text messages (`sms_provider.HttpProvider`, or another that does the same)."""

    def send(self, text: Text) -> Answer:
        """Hand over one text; never raises for what a provider or network does."""

    def close(self) -> None:
        """Keep no connection."""


class Writer:
    """Composes what each gets: a mail or a text."""

    def __init__(self, composer: Composer, texter: Texter) -> None:
        self._composer = composer
        self._texter = texter

    def mail(self, invitation: Invitation, recipient: Recipient, now: datetime) -> Message:
        """What this recipient is sent."""
        how = self._texter.text if is_number(recipient.address) else self._composer.mail
        return how(invitation, recipient, now)


class Carriers:
    """The mail server and, where there is one, the provider of texts. `opted_out(organisation, number)`: asked before each text."""

    def __init__(self, mails: MailServer, texts: Provider | None, opted_out: Callable[[str, str], bool]) -> None:
        self._mails = mails
        self._texts = texts
        self._opted_out = opted_out

    def send(self, message: Message) -> Answer:
        """Hand over one message."""
        if isinstance(message, Mail):
            return self._mails.send(message)
        if self._texts is None:
            return Answer(AWAY, None, delivery.NO_TEXTS)
        if self._opted_out(message.organisation_id, message.to):
            return Answer(REFUSED, None, delivery.OPTED_OUT)
        return self._texts.send(message)

    def close(self) -> None:
        """Let the connections go while there is nothing to send."""
        self._mails.close()
        if self._texts:
            self._texts.close()


def postman(settings: Settings, link_key: bytes, store: InvitationsStore, owner: str) -> Postman[Message]:
    """The postman of one process, as it is set; `owner` names the process in leases. Raises KeyProblem."""
    writer = Writer(
        Composer(settings.base_url, settings.mail_from, link_key, _signer(settings), settings.bounce_domain),
        Texter(settings.base_url, link_key),
    )
    secret = read_secret(settings.sms_key).decode() if settings.sms_url else ""

    def carriers() -> Carriers:
        texts = HttpProvider(settings.sms_url, secret, settings.sms_from) if settings.sms_url else None
        return Carriers(MailServer(settings.smtp_uri), texts, store.opted_out.has)

    return Postman(store, writer, carriers, owner, LEASE_SECONDS)


def _signer(settings: Settings) -> Sign:
    if not settings.dkim_key:
        return unsigned
    domain = parseaddr(settings.mail_from)[1].rpartition("@")[2]
    return signer(read_pem(settings.dkim_key), settings.dkim_selector, domain)
