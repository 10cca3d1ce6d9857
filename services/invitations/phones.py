"""Telephone numbers as people write them, understood as E.164 (`+491701234567`), and whether a text can reach them. Pure."""

import re
from dataclasses import dataclass

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumberFormat, PhoneNumberType

REGIONS = frozenset(phonenumbers.SUPPORTED_REGIONS)
"""ISO 3166-1 alpha-2, as phonenumbers knows them."""
_LOOKS_LIKE_ONE = re.compile(r"(?:tel:)?[+＋(]?[\d\s().\u00a0/‐-―-]{5,40}", re.IGNORECASE)
_FEWEST_DIGITS = 6
# a text to any other kind is lost or dear: landlines, premium rates, freephones, pagers
_TEXTED = (PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE_OR_MOBILE, PhoneNumberType.PERSONAL_NUMBER)

NOT_OFFERED = "Texts cannot be sent from here. Give an e-mail address."
NO_COUNTRY = "Write this number with + and the country code, as in +61 491 570 156."
NOT_A_NUMBER = "This is not a telephone number. Check its digits."
NOT_MOBILE = "This number cannot get texts. Give a mobile number or an e-mail address."
OPTED_OUT = "Whoever has this number has asked not to be texted. Give an e-mail address, or ring."
REASONS = (NOT_OFFERED, NO_COUNTRY, NOT_A_NUMBER, NOT_MOBILE, OPTED_OUT)


@dataclass(frozen=True)
class Texting:
    """What is so where invitations are sent from: whether texts can be, the region whose numbers need no country code,
    and the numbers (E.164) that asked not to be texted.
    """

    offered: bool = False
    region: str | None = None
    opted_out: frozenset[str] = frozenset()


NO_TEXTS = Texting()


def is_number(address: str) -> bool:
    """Whether what is kept as somebody's address is a telephone number: those have no @, and e-mail addresses have one."""
    return "@" not in address


def looks_like_number(typed: str) -> bool:
    """Whether somebody meant a telephone number, be it right or wrong."""
    text = typed.strip()
    return bool(_LOOKS_LIKE_ONE.fullmatch(text)) and sum(each.isdigit() for each in text) >= _FEWEST_DIGITS


def understood(typed: str, texting: Texting) -> tuple[str | None, str | None]:
    """(the number in E.164, why no text can be sent to it): the number is None where it is none."""
    text = re.sub(r"^\s*tel:", "", typed, flags=re.IGNORECASE)
    try:
        found = phonenumbers.parse(text, texting.region)
    except NumberParseException as error:
        unknown = error.error_type == NumberParseException.INVALID_COUNTRY_CODE and "+" not in text
        return None, _first(texting, NO_COUNTRY if unknown else NOT_A_NUMBER)
    if not phonenumbers.is_valid_number(found):
        return None, _first(texting, NOT_A_NUMBER)
    number = phonenumbers.format_number(found, PhoneNumberFormat.E164)
    if not texting.offered:
        return number, NOT_OFFERED
    if phonenumbers.number_type(found) not in _TEXTED:
        return number, NOT_MOBILE
    return number, OPTED_OUT if number in texting.opted_out else None


def _first(texting: Texting, reason: str) -> str:
    """Where no texts are sent at all, how a number should be written is of no use to anybody."""
    return reason if texting.offered else NOT_OFFERED
