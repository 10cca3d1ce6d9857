"""Keys from files, so that no secret is in an environment or a process list. Each problem is one sentence."""

import json
from pathlib import Path
from typing import Any

from joserfc.errors import JoseError
from joserfc.jwk import OKPKey

SHORTEST_SECRET_BYTES = 32


class KeyProblem(Exception):
    """A key file is missing or is not what it should be."""


def read_private_key(path: str, kid: str) -> OKPKey:
    """The Ed25519 private key in PEM at `path`, to sign as `kid`."""
    try:
        return OKPKey.import_key(_read(path), {"kid": kid})
    except (JoseError, ValueError, TypeError) as error:
        raise KeyProblem(f"{path} holds no Ed25519 private key in PEM.") from error


def read_public_keys(path: str) -> dict[str, OKPKey]:
    """Public keys by kid, of the JWKS (RFC 7517) at `path`."""
    try:
        return {str(key["kid"]): OKPKey.import_key(key) for key in json.loads(_read(path))["keys"]}
    except (JoseError, ValueError, TypeError, KeyError) as error:
        raise KeyProblem(f"{path} holds no JWKS of Ed25519 public keys with a kid each.") from error


def read_secret(path: str) -> bytes:
    """The secret at `path` (HMAC and cookie keys), without the line's end; at least 32 bytes."""
    secret = _read(path).strip()
    if len(secret) < SHORTEST_SECRET_BYTES:
        raise KeyProblem(f"{path} holds less than {SHORTEST_SECRET_BYTES} bytes of secret.")
    return secret


def read_pem(path: str) -> bytes:
    """The file at `path`, for a library that reads the key in it by itself."""
    return _read(path)


def public_keys(keys: dict[str, OKPKey]) -> dict[str, Any]:
    """The JWKS of these keys' public halves, by kid."""
    return {"keys": [{**key.as_dict(private=False), "kid": kid} for kid, key in keys.items()]}


def _read(path: str) -> bytes:
    if not path:
        raise KeyProblem("A key is needed and the setting that names its file is empty.")
    try:
        return Path(path).read_bytes()
    except OSError as error:
        raise KeyProblem(f"{path} cannot be read: {error.strerror}.") from error
