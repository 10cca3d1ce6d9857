"""Passwords as argon2id hashes (RFC 9106). Both functions take some 20 ms of one core and 19 MiB: call them off the hub."""

from pwdlib.hashers.argon2 import Argon2Hasher

# OWASP's smallest recommended argon2id: 19 MiB, two passes, one lane, so that many sign-ins at once fit into memory.
_HASHER = Argon2Hasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
# The hash of a password that nobody has: checking against it takes as long as against a member's.
_NOBODYS = _HASHER.hash(__name__)


def hash_password(password: str) -> str:
    """The hash to keep, with its parameters and salt in it."""
    return _HASHER.hash(password)


def is_password(password: str, kept: str | None) -> bool:
    """Whether the hash is of this password. Without a hash the answer is no, after the same time."""
    return _HASHER.verify(password, kept or _NOBODYS) and kept is not None
