"""Which passwords are good enough, and passwords as argon2id hashes (RFC 9106). Hashing takes some 20 ms of one core and 19 MiB,
and judging a long one as long: call them off the hub.
"""

import re
from collections.abc import Sequence

from pwdlib.hashers.argon2 import Argon2Hasher
from zxcvbn import zxcvbn

from contracts.errors import Invalid

_WORD = re.compile(r"\w+")

# OWASP's smallest recommended argon2id: 19 MiB, two passes, one lane, so that many sign-ins at once fit into memory.
_HASHER = Argon2Hasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
# The hash of a password that nobody has: checking against it takes as long as against a member's.
_NOBODYS = _HASHER.hash(__name__)


SHORTEST = 12
# zxcvbn's scale of 0 to 4: from 10^8 guesses on. Below are the common and the leaked ones, dates, keyboard rows, repetitions
GOOD_ENOUGH = 3
_LONGEST_JUDGED = 72


def check_password(password: str, about: Sequence[str], pointer: str = "/password") -> None:
    """Raises Invalid at `pointer` for one that is short, common, leaked, or made of what is known of its owner (`about`)."""
    known = [part for text in about for part in (text, *_WORD.findall(text)) if len(part) > 2]
    if len(password) < SHORTEST:
        detail = f"Take at least {SHORTEST} characters."
    elif password.strip().casefold() in {text.casefold() for text in known}:
        detail = "Take something else than your name or address."
    elif zxcvbn(password[:_LONGEST_JUDGED], known)["score"] < GOOD_ENOUGH:
        detail = "This password is too easy to guess. Take some words that do not belong together."
    else:
        return
    raise Invalid(detail, errors=[{"pointer": pointer, "detail": detail}])


def is_outdated(kept: str) -> bool:
    """Whether it was hashed with other parameters than new ones are."""
    return _HASHER.check_needs_rehash(kept)


def hash_password(password: str) -> str:
    """The hash to keep, with its parameters and salt in it."""
    return _HASHER.hash(password)


def is_password(password: str, kept: str | None) -> bool:
    """Whether the hash is of this password. Without a hash the answer is no, after the same time."""
    return _HASHER.verify(password, kept or _NOBODYS) and kept is not None
