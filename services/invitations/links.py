"""Personal links: a token that cannot be guessed, can be made again for a reminder, and is never stored.

token = base64url(first 192 bits of HMAC-SHA256(link key, label ‖ recipient id ‖ generation)); what is stored is its SHA-256.
"""

import base64
import hashlib
import hmac

TOKEN_BYTES = 24
TOKEN_LENGTH = 32
_LABEL = b"housecall join link 1"


def token_of(key: bytes, recipient_id: str, generation: int) -> str:
    """The 32 characters of a recipient's link; a revoked link's successor has the next generation."""
    message = b"\0".join((_LABEL, recipient_id.encode(), str(generation).encode()))
    digest = hmac.new(key, message, hashlib.sha256).digest()
    return base64.urlsafe_b64encode(digest[:TOKEN_BYTES]).decode()


def hash_of(token: str) -> str:
    """What is stored and looked up, in hex.

    Any text has one, so that what is no token at all costs the same look-up as one that is unknown. The index compares
    hashes, whose order tells nothing about tokens.
    """
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def join_address(base_url: str, token: str) -> str:
    """Where the Join the call button leads."""
    return f"{base_url.rstrip('/')}/join/{token}"
