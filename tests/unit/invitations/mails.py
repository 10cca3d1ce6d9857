"""Mails as a mail program and a calendar program read them."""

from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default as modern
from typing import Any

from icalendar import Calendar

from services.invitations.compose import Composer
from services.invitations.invitation import Invitation, Recipient
from tests.unit.invitations.things import KEY, NOW

BASE = "https://housecall.example"


def composer() -> Composer:
    return Composer(BASE, "Housecall <no-reply@mail.example>", KEY)


def read(sent: Invitation, to: Recipient | None = None) -> EmailMessage:
    parsed = message_from_bytes(composer().mail(sent, to or sent.recipients[0], NOW).content, policy=modern)
    assert isinstance(parsed, EmailMessage)
    assert [part.defects for part in parsed.walk()] == [[] for _ in parsed.walk()]
    return parsed


def body(message: EmailMessage, kind: str) -> str:
    part = message.get_body((kind,))
    assert part is not None
    return str(part.get_content())


def calendar(message: EmailMessage) -> Any:
    parts = [part for part in message.walk() if part.get_content_type() == "text/calendar"]
    assert len(parts) == 1
    return Calendar.from_ical(parts[0].get_content())
