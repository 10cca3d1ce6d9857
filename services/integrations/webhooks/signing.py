"""Secrets of webhooks and signatures by them, as Standard Webhooks says. Pure but for chance.

https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
"""

import base64
import hashlib
import hmac
import secrets
from collections.abc import Sequence

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

PREFIX = "whsec_"
_SECRET_BYTES, _NONCE_BYTES = 32, 12


def new_secret() -> str:
    """256 bits as text, as verifying libraries take it."""
    return PREFIX + base64.b64encode(secrets.token_bytes(_SECRET_BYTES)).decode()


def signatures(keys: Sequence[str], message_id: str, timestamp: int, body: bytes) -> str:
    """One signature by each secret, separated by spaces, the newest first: a receiver takes any."""
    signed = f"{message_id}.{timestamp}.".encode() + body
    return " ".join(f"v1,{base64.b64encode(hmac.digest(_raw(key), signed, hashlib.sha256)).decode()}" for key in keys)


def seal(key: bytes, webhook_id: str, secret: str) -> str:
    """The secret, encrypted for this one webhook."""
    nonce = secrets.token_bytes(_NONCE_BYTES)
    return base64.b64encode(nonce + _cipher(key).encrypt(nonce, secret.encode(), webhook_id.encode())).decode()


def unseal(key: bytes, webhook_id: str, sealed: str) -> str:
    """The secret again."""
    raw = base64.b64decode(sealed)
    return _cipher(key).decrypt(raw[:_NONCE_BYTES], raw[_NONCE_BYTES:], webhook_id.encode()).decode()


def _raw(secret: str) -> bytes:
    return base64.b64decode(secret.removeprefix(PREFIX))


def _cipher(key: bytes) -> AESGCM:
    return AESGCM(hmac.new(key, b"housecall webhooks", hashlib.sha256).digest())
