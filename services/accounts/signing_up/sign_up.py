"""How an organisation comes to be without an operator's hand: by a link, which proves the address before anything exists. Pure.

A link comes from a mail (where the setting SIGN_UP is `open`), or from `python -m services.accounts invite-owner` (always). It is
good once. The organisation's id is the sign-up's, so that finishing it twice makes one.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from contracts.errors import Forbidden, Gone
from services.accounts.addresses import Address
from services.accounts.joining import hash_of, token_of

OPEN, CLOSED = "open", "closed"
TRIAL = "Trial"
LASTS_BY_MAIL = timedelta(hours=24)
LASTS_BY_OPERATOR = timedelta(days=7)
LETTER, LETTER_TO_MEMBER = "sign_up", "sign_up_known"


@dataclass(frozen=True)
class SignUp:
    """Somebody who may make an organisation on `plan` until then. `mail_due`: the mail with the link is not sent yet."""

    id: str
    email: str
    email_key: str
    plan: str
    language: str
    token_hash: str
    until: datetime
    mail_due: bool


def begin(
    address: Address, plan: str, language: str, key: bytes, *, id: str, until: datetime, mail_due: bool
) -> SignUp:
    """One more, whose link's token follows from its id by the key."""
    return SignUp(id, address.text, address.key, plan, language, hash_of(token_of(key, id)), until, mail_due)


def link_of(sign_up: SignUp, base_url: str, key: bytes) -> str:
    """The token is behind the #, so that it reaches neither servers nor their logs."""
    return f"{base_url.rstrip('/')}/sign-up#{token_of(key, sign_up.id)}"


def check_open(setting: str) -> None:
    """Raises Forbidden where strangers make no organisations."""
    if setting != OPEN:
        raise Forbidden("New organisations are made by whoever runs Housecall here. Ask them for a link.")


def opened(found: SignUp | None, now: datetime) -> SignUp:
    """Raises Gone for a link that was used, is too old, or never was."""
    if found is None or found.until <= now:
        raise Gone("This link no longer works. Ask for a new one.")
    return found


def as_founding(sign_up: SignUp, request: dict[str, Any]) -> dict[str, Any]:
    """What contracts.signing_up.FinishSignUp asks for, as contracts.accounts.CreateOrganisation."""
    owner = {"email": sign_up.email, "name": request["name"], "language": None}
    return {
        "name": request["organisation_name"],
        "clinic_name": request["clinic_name"],
        "zone": request["zone"],
        "language": request["language"],
        "contact_phone": request["contact_phone"],
        "contact_email": None,
        "owner": owner,
    }
