"""Which passwords are good enough, and passwords as argon2id hashes (RFC 9106). Hashing takes some 20 ms of one core and 19 MiB,
and judging a long one as long: call them off the hub.
"""

import re
from collections.abc import Sequence

from pwdlib.hashers.argon2 import Argon2Hasher
from zxcvbn import zxcvbn

from contracts.errors import Invalid

_WORD = re.compile(r"\w+")
_AT_ENDS = re.compile(r"^[\W\d_]+|[\W\d_]+$")

# OWASP's smallest recommended argon2id: 19 MiB, two passes, one lane, so that many sign-ins at once fit into memory.
_HASHER = Argon2Hasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
# The hash of a password that nobody has: checking against it takes as long as against a member's.
_NOBODYS = _HASHER.hash(__name__)


SHORTEST = 12
# zxcvbn's scale of 0 to 4: from 10^10 guesses on. Its list of 30,000 leaked passwords, names and English words are known to it,
# also reversed and with digits for letters; so are dates, keyboard rows and repetitions
GOOD_ENOUGH = 4
_LONGEST_JUDGED = 72
_LEFT_OF_OWN = 8
_OURSELVES = "Housecall"
_DETAILS = {
    "password_too_short": f"Take at least {SHORTEST} characters.",
    "password_is_own": "Take something else than your name, your address or your organisation's name, also with digits or signs.",
    "password_one_word": "This is one word with digits or signs about it. Take some more words that do not belong together.",
    "password_too_easy": "This password is too easy to guess. Take some words that do not belong together.",
}


def check_password(password: str, about: Sequence[str], pointer: str = "/password") -> None:
    """Raises Invalid (`reason`, one of `_DETAILS`) at `pointer` for one that is not good enough.

    It is short; or what is known of its owner (`about`) with little more; or one word of any language with digits and signs about it, as
    `Krankenhaus2024!`; or zxcvbn guesses it too soon, given what is known of its owner.
    """
    known = [part.casefold() for text in (*about, _OURSELVES) for part in (text, *_WORD.findall(text)) if len(part) > 2]
    if len(password) < SHORTEST:
        reason = "password_too_short"
    elif _is_own(password.casefold(), known):
        reason = "password_is_own"
    elif _is_one_word(password):
        reason = "password_one_word"
    elif zxcvbn(password[:_LONGEST_JUDGED], known)["score"] < GOOD_ENOUGH:
        reason = "password_too_easy"
    else:
        return
    detail = _DETAILS[reason]
    raise Invalid(detail, reason=reason, errors=[{"pointer": pointer, "detail": detail}])


def _is_own(password: str, known: Sequence[str]) -> bool:
    """Whether little is left without what is known, longest first."""
    left = password
    for part in sorted(known, key=len, reverse=True):
        left = left.replace(part, "")
    return left != password and sum(each.isalnum() for each in left) < _LEFT_OF_OWN


def _is_one_word(password: str) -> bool:
    """Whether fewer than `SHORTEST` letters are left without digits and signs at both ends, written as a word is.

    The word lists that there are know little but English; whoever guesses has others. Mixed case is nobody's word.
    """
    inner = _AT_ENDS.sub("", password)
    return len(inner) < SHORTEST and inner.isalpha() and inner in (inner.lower(), inner.upper(), inner.capitalize())


def is_outdated(kept: str) -> bool:
    """Whether it was hashed with other parameters than new ones are."""
    return _HASHER.check_needs_rehash(kept)


def hash_password(password: str) -> str:
    """The hash to keep, with its parameters and salt in it."""
    return _HASHER.hash(password)


def is_password(password: str, kept: str | None) -> bool:
    """Whether the hash is of this password. Without a hash the answer is no, after the same time."""
    return _HASHER.verify(password, kept or _NOBODYS) and kept is not None
