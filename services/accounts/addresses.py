"""What an e-mail address is, and when two of them are the same."""

from dataclasses import dataclass

from email_validator import EmailNotValidError, validate_email

from contracts.errors import Invalid


@dataclass(frozen=True)
class Address:
    """`text` as people wrote it, normalised (NFC, domain in lower case); `key` is equal for addresses that count as one."""

    text: str
    key: str


def read_address(text: str, pointer: str = "/email") -> Address:
    """The address in a text. Raises Invalid at `pointer` when there is none.

    Only its form is judged: whether mail arrives there is seen by sending some. Servers may tell capitals in the local part
    apart (RFC 5321 §2.4), and none does; people type their own address now with and now without them.
    """
    try:
        found = validate_email(text, check_deliverability=False, test_environment=True)
    except EmailNotValidError as error:
        raise Invalid("This is not an e-mail address.", errors=[{"pointer": pointer, "detail": str(error)}]) from None
    return Address(found.normalized, found.normalized.lower())


def key_of_typed(text: str) -> str:
    """The key of what somebody typed to sign in; of something that is no address, one that nobody has."""
    try:
        return read_address(text.strip()).key
    except Invalid:
        return text.lower()
