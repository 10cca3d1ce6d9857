"""One recipient's e-mail as bytes: text, HTML, and a calendar entry where a time is planned. Sends nothing.

Everything but the link and the addressee is the same for all recipients of an invitation and is made once.
"""

import functools
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP, SMTPUTF8
from email.utils import format_datetime, parseaddr
from pathlib import Path
from urllib.parse import urlsplit

import idna
import jinja2
import mrml
from markupsafe import Markup, escape

from contracts.fields import clean_text
from services.invitations import ics, mime
from services.invitations.invitation import Invitation, Recipient
from services.invitations.links import TOKEN_LENGTH, join_address, token_of
from services.invitations.texts import TEXTS, Words, words

_TEMPLATES = Path(__file__).parent / "templates"
# as long as a token, and no text that a person types: control characters are dropped from what they type
_ANY_TOKEN = "\x01" * TOKEN_LENGTH


@dataclass(frozen=True)
class Mail:
    """What is handed to the mail server: envelope and content. `needs_utf8`: the address takes SMTPUTF8 (RFC 6531)."""

    envelope_from: str
    envelope_to: str
    content: bytes
    needs_utf8: bool


@dataclass(frozen=True)
class _Common:
    """What all mails of one invitation share; `text` and `html` hold `_ANY_TOKEN` where the token belongs."""

    words: Words
    headers: bytes
    text: str
    html: str


class Composer:
    """`base_url` begins every link, `mail_from` is `Name <address>`, `link_key` makes the tokens."""

    def __init__(self, base_url: str, mail_from: str, link_key: bytes) -> None:
        self._base_url = base_url.rstrip("/")
        self._from = parseaddr(mail_from)[1] or mail_from
        self._from_domain = self._from.rpartition("@")[2]
        self._calendar_domain = urlsplit(base_url).hostname or self._from_domain
        self._link_key = link_key
        self._common = functools.lru_cache(maxsize=64)(self._make_common)

    def mail(self, invitation: Invitation, recipient: Recipient, now: datetime) -> Mail:
        """The mail for this recipient, who is the only one named in it."""
        address = wire_address(recipient.address)
        needs_utf8 = not (address + (invitation.sender.email or "")).isascii()
        # what changes while mails go out is not in the mail, so that the common part is made once
        common = self._common(replace(invitation, recipients=(), link_hashes=(), due_at=None), needs_utf8)
        token = token_of(self._link_key, recipient.id, recipient.link_generation)
        bodies = [
            mime.plain(common.text.replace(_ANY_TOKEN, token)),
            mime.encoded("text/html; charset=utf-8", common.html.replace(_ANY_TOKEN, token).encode()),
        ]
        if invitation.planned and invitation.session_id:
            body = _with_calendar(bodies, self._entry(invitation, recipient, common.words, address, token, now))
        else:
            body = mime.multipart("alternative", *bodies)
        own = _headers(
            {
                "To": _addressee(recipient.name, address),
                "Date": format_datetime(now),
                # the same for every try of one sending: what comes twice after a crash can be seen to be one
                "Message-ID": f"<{recipient.id}.{recipient.sending}@{self._from_domain}>",
            },
            needs_utf8,
        )
        return Mail(self._from, address, common.headers + own + body.to_bytes(), needs_utf8)

    def _entry(
        self, invitation: Invitation, recipient: Recipient, said: Words, address: str, token: str, now: datetime
    ) -> ics.Entry:  # fmt: skip
        assert invitation.planned  # noqa: S101 asked before
        return ics.Entry(
            uid=f"{invitation.session_id}@{self._calendar_domain}",
            revision=invitation.calendar_revision,
            method=ics.CANCEL if invitation.cancelled_at else ics.REQUEST,
            planned=invitation.planned,
            title=said.heading,
            description=said.opening,
            link=join_address(self._base_url, token),
            organiser_name=invitation.sender.name,
            organiser_address=wire_address(invitation.sender.email or self._from),
            attendee_name=recipient.name,
            attendee_address=address,
            stamped_at=now,
        )

    def _make_common(self, invitation: Invitation, needs_utf8: bool) -> _Common:
        said, sender = words(invitation), invitation.sender
        shown = sender.organisation if sender.name == sender.organisation else f"{sender.name}, {sender.organisation}"
        headers: dict[str, Address | str] = {
            "From": Address(_one_line(shown), addr_spec=self._from),
            "Subject": _one_line(said.subject),
            "Auto-Submitted": "auto-generated",
            "Content-Language": said.language,
            "MIME-Version": "1.0",
        }
        if sender.email:
            headers["Reply-To"] = _addressee(sender.name, wire_address(sender.email))
        values = {
            **vars(said),
            "start": "right" if said.direction == "rtl" else "left",
            "preview": " · ".join(part for part in (said.opening, said.day, said.hours) if part),
            "message": "" if invitation.cancelled_at else invitation.message,
            "cancelled": invitation.cancelled_at is not None,
            "link": join_address(self._base_url, _ANY_TOKEN),
            "patient_information": f"{self._base_url}/patient-information",
        }
        return _Common(
            said,
            _headers(headers, needs_utf8),
            _text_template(said.language).render(values),
            _html_template(said.language).render(values),
        )


def _with_calendar(bodies: list[mime.Part], entry: ics.Entry) -> mime.Part:
    calendar = ics.calendar_bytes(entry)
    # as an alternative it is what Gmail and Outlook offer to answer; as an attachment it is what others can open
    offered = mime.encoded(f"text/calendar; charset=utf-8; method={entry.method}", calendar)
    attached = mime.encoded("application/ics", calendar, 'Content-Disposition: attachment; filename="invite.ics"')
    return mime.multipart("mixed", mime.multipart("alternative", *bodies, offered), attached)


def _headers(values: Mapping[str, Address | str], needs_utf8: bool) -> bytes:
    """Folded and encoded; EmailMessage raises ValueError for a line break in a value."""
    message = EmailMessage(policy=SMTPUTF8 if needs_utf8 else SMTP)
    for name, value in values.items():
        message[name] = value
    return message.as_bytes().removesuffix(mime.CRLF)


def wire_address(address: str) -> str:
    """The address with its domain in ASCII (RFC 5891), as mail servers want it."""
    local, _, domain = address.rpartition("@")
    return f"{local}@{domain if domain.isascii() else idna.encode(domain, uts46=True).decode()}"


def _addressee(name: str | None, address: str) -> Address:
    return Address(_one_line(name or ""), addr_spec=address)


def _one_line(text: str) -> str:
    """What may stand in a header. EmailMessage refuses line breaks; here they become spaces, whatever was stored."""
    return clean_text(text)


def _with_line_breaks(text: str) -> Markup:
    return Markup("<br>\n").join(escape(line) for line in text.split("\n"))


@functools.cache
def _html_template(language: str) -> jinja2.Template:
    # MJML becomes HTML before anything that a person typed is in it
    markup = mrml.to_html((_TEMPLATES / "mail.mjml").read_text(encoding="utf-8")).content
    environment = jinja2.Environment(autoescape=True, extensions=["jinja2.ext.i18n"], undefined=jinja2.StrictUndefined)
    environment.filters["with_line_breaks"] = _with_line_breaks
    environment.install_gettext_translations(TEXTS.translations(language))  # type: ignore[attr-defined]
    return environment.from_string(markup)


@functools.cache
def _text_template(language: str) -> jinja2.Template:
    environment = jinja2.Environment(extensions=["jinja2.ext.i18n"], undefined=jinja2.StrictUndefined)  # noqa: S701 text
    environment.install_gettext_translations(TEXTS.translations(language))  # type: ignore[attr-defined]
    return environment.from_string((_TEMPLATES / "mail.txt").read_text(encoding="utf-8"))
