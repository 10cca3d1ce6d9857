"""One recipient's e-mail as bytes: text, HTML, and a calendar entry where a time is planned. Sends nothing.

Everything but the link and the addressee is the same for all recipients of an invitation and is made once.
"""

import functools
import re
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from email.headerregistry import Address
from email.policy import SMTP, SMTPUTF8
from email.utils import format_datetime, parseaddr
from pathlib import Path
from urllib.parse import urlsplit

import idna
import jinja2
import mrml
from markupsafe import Markup, escape

from contracts.fields import clean_text
from services.invitations import dsn, ics, mime, repeating
from services.invitations.ics_series import series_bytes
from services.invitations.invitation import Invitation, Recipient
from services.invitations.links import TOKEN_LENGTH, join_address, token_of
from services.invitations.notices import notice_words
from services.invitations.occasions import as_written
from services.invitations.reports import sending_to
from services.invitations.signing import Sign, unsigned
from services.invitations.texts import TEXTS, Occasion, Words, words

_TEMPLATES = Path(__file__).parent / "templates"
# as long as a token, and no text that a person types: control characters are dropped from what they type
_ANY_TOKEN = "\x01" * TOKEN_LENGTH
_ANY_TIME = datetime(1970, 1, 1, tzinfo=UTC)
# a short line of an address in which nothing but the quotes round the name has a meaning of its own
_NEEDS_NO_FOLDING = re.compile(
    r'(?=.{1,77}$)[A-Z][A-Za-z-]+: ("[A-Za-z0-9 .,-]+"|[A-Za-z0-9 -]+) <[A-Za-z0-9.+_-]+@[A-Za-z0-9.-]+>'
)
# and a text that is written as it is: printable ASCII in which no encoded word begins
_NEEDS_NO_ENCODING = re.compile(r"(?=.{1,77}$)[A-Z][A-Za-z-]+: (?!.*=\?)[!-~](?:[ -~]*[!-~])?")


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
    """`base_url` begins every link, `mail_from` is `Name <address>`, `link_key` makes the tokens, `sign` signs the whole.

    `bounce_domain`: where reports about single mails come; empty where nobody reads them.
    """

    def __init__(
        self, base_url: str, mail_from: str, link_key: bytes, sign: Sign = unsigned, bounce_domain: str = ""
    ) -> None:
        self._sign = sign
        self._base_url = base_url.rstrip("/")
        self._from = parseaddr(mail_from)[1] or mail_from
        self._from_domain = self._from.rpartition("@")[2]
        self._calendar_domain = urlsplit(base_url).hostname or self._from_domain
        self._link_key = link_key
        self._bounce_domain = bounce_domain
        self._common = functools.lru_cache(maxsize=64)(self._make_common)

    def mail(self, invitation: Invitation, recipient: Recipient, now: datetime) -> Mail:
        """The mail for this recipient, who is the only one named in it."""
        address = wire_address(recipient.address)
        envelope_from = self._envelope_from(invitation, recipient)
        uid = invitation.series.series_id if invitation.series else invitation.session_id
        invitation, occasion = as_written(invitation, recipient)
        needs_utf8 = not (address + (invitation.sender.email or "")).isascii()
        # what is not in the mail, or changes while mails go out, so that the common part is made once for all that say the same
        series = repeating.still_to_come(invitation.series, now) if invitation.series else None
        unchanging = replace(
            invitation, recipients=(), link_hashes=(), due_at=None, reminded=(), series=series, id="", organisation_id="", room_id="",
            created_at=_ANY_TIME,
        )  # fmt: skip
        common = self._common(unchanging, occasion, needs_utf8)
        token = token_of(self._link_key, recipient.id, recipient.link_generation)
        bodies = [
            mime.plain(common.text.replace(_ANY_TOKEN, token)),
            mime.encoded("text/html; charset=utf-8", common.html.replace(_ANY_TOKEN, token).encode()),
        ]
        # a reminder changes nothing that a calendar should hear of
        if invitation.planned and invitation.session_id and recipient.reminding is None:
            entry = self._entry(
                invitation, recipient, common.words, address, token, now, f"{uid}@{self._calendar_domain}"
            )
            body = _with_calendar(bodies, entry, invitation)
        else:
            body = mime.multipart("alternative", *bodies)
        to_them = _addresses("To", recipient.name or "", address, needs_utf8) + _plain_headers(
            ("Date", format_datetime(now)),
            # the same for every try of one sending: what comes twice after a crash can be seen to be one
            ("Message-ID", f"<{recipient.id}.{recipient.sending}@{self._from_domain}>"),
        )
        return Mail(envelope_from, address, self._sign(common.headers + to_them + body.to_bytes()), needs_utf8)

    def _envelope_from(self, invitation: Invitation, recipient: Recipient) -> str:
        if not self._bounce_domain:
            return self._from
        return dsn.return_path(self._link_key, sending_to(invitation, recipient), self._bounce_domain)

    def _entry(
        self, invitation: Invitation, recipient: Recipient, said: Words, address: str, token: str, now: datetime, uid: str
    ) -> ics.Entry:  # fmt: skip
        assert invitation.planned  # noqa: S101 asked before
        return ics.Entry(
            uid=uid,
            revision=invitation.calendar_revision,
            method=ics.CANCEL if invitation.cancelled_at else ics.REQUEST,
            planned=invitation.planned,
            title=said.heading,
            description=said.opening,
            link=f"{self._base_url}/sessions" if invitation.notice else join_address(self._base_url, token),
            organiser_name=invitation.sender.name,
            organiser_address=wire_address(invitation.sender.email or self._from),
            attendee_name=recipient.name,
            attendee_address=address,
            stamped_at=now,
        )

    def _make_common(self, invitation: Invitation, occasion: Occasion, needs_utf8: bool) -> _Common:
        said = notice_words(invitation) if invitation.notice else words(invitation, occasion)
        sender = invitation.sender
        shown = sender.organisation if sender.name == sender.organisation else f"{sender.name}, {sender.organisation}"
        headers = [
            _addresses("From", shown, self._from, needs_utf8),
            _text_header("Subject", said.subject, needs_utf8),
            _plain_headers(
                ("Auto-Submitted", "auto-generated"), ("Content-Language", said.language), ("MIME-Version", "1.0")
            ),
        ]
        if sender.email:
            headers.append(_addresses("Reply-To", sender.name, wire_address(sender.email), needs_utf8))
        values = {
            **vars(said),
            "start": "right" if said.direction == "rtl" else "left",
            "preview": " · ".join(part for part in (said.opening, said.day, said.hours) if part),
            **self._leading(invitation),
        }
        return _Common(
            said,
            b"".join(headers),
            _text_template(said.language).render(values),
            _html_template(said.language).render(values),
        )

    def _leading(self, invitation: Invitation) -> dict[str, str | None]:
        """Where the mail leads: to the call, to what a notice is about, or nowhere."""
        if invitation.notice:
            return {"link": invitation.notice.link, "patient_information": None}
        if invitation.cancelled_at:
            return {"link": None, "patient_information": None}
        information = f"{self._base_url}/patient-information"
        return {"link": join_address(self._base_url, _ANY_TOKEN), "patient_information": information}


def _with_calendar(bodies: list[mime.Part], entry: ics.Entry, invitation: Invitation) -> mime.Part:
    series = invitation.series
    if series:
        calendar = series_bytes(entry, series, None if invitation.neutral else invitation.title)
    else:
        calendar = ics.calendar_bytes(entry)
    # as an alternative it is what Gmail and Outlook offer to answer; as an attachment it is what others can open
    offered = mime.encoded(f"text/calendar; charset=utf-8; method={entry.method}", calendar)
    attached = mime.encoded("application/ics", calendar, 'Content-Disposition: attachment; filename="invite.ics"')
    return mime.multipart("mixed", mime.multipart("alternative", *bodies, offered), attached)


def _plain_headers(*headers: tuple[str, str]) -> bytes:
    """What is ours and ASCII, which needs neither folding nor encoding."""
    return b"".join(f"{name}: {value}".encode("ascii") + mime.CRLF for name, value in headers)


@functools.lru_cache(maxsize=1024)
def _addresses(name: str, shown: str, address: str, needs_utf8: bool) -> bytes:
    local, _, domain = address.rpartition("@")
    # not as addr_spec, which refuses letters that SMTPUTF8 allows
    found = Address(_one_line(shown), username=local, domain=domain)
    line = f"{name}: {found}"
    # most are so; the email package parses the address again for each, and comes to the same
    if _NEEDS_NO_FOLDING.fullmatch(line):
        return _plain_headers((name, str(found)))
    return _folded(name, found, needs_utf8)


def _text_header(name: str, text: str, needs_utf8: bool) -> bytes:
    line = _one_line(text)
    if _NEEDS_NO_ENCODING.fullmatch(f"{name}: {line}"):
        return _plain_headers((name, line))
    return _folded(name, line, needs_utf8)


def _folded(name: str, value: Address | str, needs_utf8: bool) -> bytes:
    """As RFC 5322 and RFC 2047 have it; raises ValueError for a line break in the value."""
    policy = SMTPUTF8 if needs_utf8 else SMTP
    return policy.fold_binary(*policy.header_store_parse(name, value))


def wire_address(address: str) -> str:
    """The address with its domain in ASCII (RFC 5891), as mail servers want it."""
    local, _, domain = address.rpartition("@")
    return f"{local}@{domain if domain.isascii() else idna.encode(domain, uts46=True).decode()}"


def _one_line(text: str) -> str:
    """What may stand in a header. The email package refuses every kind of line break; they become spaces."""
    return " ".join(clean_text(text).split())


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
