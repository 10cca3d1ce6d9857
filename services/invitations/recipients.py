"""What was typed as recipients, understood one entry at a time: e-mail addresses or telephone numbers, names, and a verdict in words.

Pure. Knows nothing of mail; `email.utils.getaddresses` is not used, because before Python 3.11.10 it reads
`a@x.com@evil.com` as an address of evil.com.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from email_validator import EmailNotValidError, validate_email

from contracts.fields import clean_text
from contracts.guests import MOST_RECIPIENTS
from services.invitations import phones
from services.invitations.phones import NO_TEXTS, Texting

LONGEST_NAME = 80
LONGEST_SHOWN = 200
_SEPARATORS = ",;\n"
_NAMED = re.compile(r'^(?P<name>"(?:\\.|[^"\\])*"|[^<>"]*?)\s*<(?P<address>[^<>]*)>$')
_SEVERAL = re.compile(r"\S+@\S+\.\S+\s+\S*@\S+")

# The reasons, each once, so that a page can show them in its own language.
NOT_AN_ADDRESS = "This is not an e-mail address. Write it as name@example.com."
NAME_ALONE = (
    'There is no address here. A name with a comma in it needs quotation marks: "Doe, Jane" <jane@example.com>.'
)
SEVERAL = "These are several addresses. Put a comma between them."
TWO_AT_SIGNS = "An address has one @. Check which part was pasted by mistake."
NO_LOCAL_PART = "The part before the @ is missing."
QUOTED = "Addresses with quotation marks before the @ cannot be sent to. Ask for another address."
UNKNOWN_ENDING = "The part after the @ is not a place that mail can reach. Check its ending, as in example.com."
TOO_LONG = "This is longer than an e-mail address can be."
DOUBLE = "This address is in the list already; it gets one e-mail."
DOUBLE_NUMBER = "This number is in the list already; it gets one text."
REASONS = (
    NOT_AN_ADDRESS, NAME_ALONE, SEVERAL, TWO_AT_SIGNS, NO_LOCAL_PART, QUOTED, UNKNOWN_ENDING, TOO_LONG, DOUBLE, DOUBLE_NUMBER,
    *phones.REASONS,
)  # fmt: skip


def too_many(most: int) -> str:
    """The reason where one more than that was given."""
    return f"One invitation goes to at most {most} people. Send another one to this address."


@dataclass(frozen=True)
class Verdict:
    """What was understood of one entry (contracts.guests.RecipientVerdict).

    `accepted`: this address gets the e-mail, or this number the text, once, however often it was given. `again` marks the second time.
    """

    entry: str
    address: str | None
    name: str | None
    accepted: bool
    reason: str | None = None
    again: bool = False


def understand(typed: str, most: int = MOST_RECIPIENTS, texting: Texting = NO_TEXTS) -> list[Verdict]:
    """A verdict for each entry, in their order; what is empty between two separators is no entry."""
    verdicts: list[Verdict] = []
    seen: set[str] = set()
    for entry in split(typed):
        verdict = _judge(entry, texting)
        if verdict.accepted and verdict.address and verdict.address in seen:
            double = DOUBLE_NUMBER if phones.is_number(verdict.address) else DOUBLE
            verdict = Verdict(verdict.entry, verdict.address, verdict.name, True, double, again=True)
        elif verdict.accepted and len(seen) >= most:
            verdict = Verdict(verdict.entry, verdict.address, verdict.name, False, too_many(most))
        elif verdict.accepted and verdict.address:
            seen.add(verdict.address)
        verdicts.append(verdict)
    return verdicts


def to_send(verdicts: list[Verdict]) -> list[tuple[str, str | None]]:
    """(address, name) of those who get an e-mail or a text: each address once, with the first name that was given for it."""
    found: dict[str, str | None] = {}
    for verdict in verdicts:
        if verdict.accepted and verdict.address:
            found[verdict.address] = found.get(verdict.address) or verdict.name
    return list(found.items())


def split(typed: str) -> Iterator[str]:
    """The entries: separated by commas, semicolons and line ends that stand outside quotation marks.

    A quotation mark without a second one on its line is taken for a letter, so that it swallows nothing.
    """
    for line in typed.replace("\r", "\n").split("\n"):
        entry, quoted = "", False
        for place, character in enumerate(line):
            if character == '"' and (quoted or '"' in line[place + 1 :]):
                quoted = not quoted
            if character in _SEPARATORS and not quoted:
                if entry.strip():
                    yield entry.strip()
                entry = ""
            else:
                entry += character
        if entry.strip():
            yield entry.strip()


def _judge(entry: str, texting: Texting) -> Verdict:
    shown = clean_text(entry)
    shown = shown if len(shown) <= LONGEST_SHOWN else shown[:LONGEST_SHOWN] + "…"
    named = _NAMED.match(entry)
    name = _name(named["name"]) if named else None
    typed = (named["address"] if named else entry).strip()
    if phones.looks_like_number(typed):
        number, problem = phones.understood(typed, texting)
        return Verdict(shown, number, name, problem is None, problem)
    try:
        # no look-up of the domain: the answer would be slow, and a name server that is away would refuse people
        found = validate_email(typed, check_deliverability=False, strict=True)
    except EmailNotValidError:
        return Verdict(shown, None, name, False, _reason(typed))
    return Verdict(shown, found.normalized, name, True)


def _name(typed: str) -> str | None:
    text = typed.strip()
    if len(text) > 1 and text[0] == text[-1] == '"':
        text = re.sub(r"\\(.)", r"\1", text[1:-1])
    return clean_text(text)[:LONGEST_NAME].strip() or None


def _reason(typed: str) -> str:
    """Why it is none, as far as one can tell; the validator's own words are about standards, not about what to do."""
    local, _, domain = typed.rpartition("@")
    for reason, holds in (
        (NAME_ALONE, "@" not in typed and bool(re.fullmatch(r"[^\W\d_][\w'’. -]*", typed))),
        (NOT_AN_ADDRESS, "@" not in typed),
        (QUOTED, '"' in local),
        (SEVERAL, bool(_SEVERAL.search(typed))),
        (TWO_AT_SIGNS, "@" in local),
        (NO_LOCAL_PART, not local),
        (TOO_LONG, len(typed) > 254 or len(local) > 64),
        (UNKNOWN_ENDING, _is_valid_before_at(local) and bool(domain)),
    ):
        if holds:
            return reason
    return NOT_AN_ADDRESS


def _is_valid_before_at(local: str) -> bool:
    try:
        validate_email(f"{local}@example.com", check_deliverability=False)
    except EmailNotValidError:
        return False
    return True
