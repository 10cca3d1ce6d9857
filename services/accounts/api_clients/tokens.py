"""The tokens of API clients: JSON Web Tokens (RFC 9068) that only accounts makes and reads. Pure.

They are authenticated by a key that no other process has, by HMAC, which no statement about an actor ever is (plumbing.actor):
neither can be taken for the other. Who a token is for is in it; whether it is still good, the client's document says.
"""

import hashlib
import hmac
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import OctKey

from contracts.api_clients import ACCESS_SECONDS, REFRESH_SECONDS
from contracts.errors import Invalid, NotSignedIn
from services.accounts.api_clients.client import ApiClient

ALGORITHM = "HS256"
AUDIENCE = "housecall-api"
ACCESS, REFRESH = "access", "refresh"
_TYPES = {ACCESS: "at+jwt", REFRESH: "refresh+jwt"}
_KID = "api-clients"
_LASTS = {ACCESS: ACCESS_SECONDS, REFRESH: REFRESH_SECONDS}


@dataclass(frozen=True)
class Token:
    """What a valid one says; `expires_at` in Unix seconds."""

    api_client_id: str
    organisation_id: str
    secret_id: str
    scopes: tuple[str, ...]
    expires_at: int


def key_of(secret: bytes) -> OctKey:
    """A key for this alone, of the process's own."""
    return OctKey.import_key(hmac.new(secret, b"tokens of API clients", hashlib.sha256).digest())


def granted(client: ApiClient, asked: str | None) -> tuple[str, ...]:
    """The scopes of a token: those asked for, or all that the client has (RFC 6749 §3.3). Raises Invalid for others."""
    wanted = tuple(dict.fromkeys((asked or "").split()))
    if not set(wanted) <= set(client.scopes):
        detail = "This client does not have all of these scopes."
        raise Invalid(detail, errors=[{"pointer": "/scope", "detail": detail}])
    return wanted or client.scopes


def make(
    use: str, client: ApiClient, secret_id: str, scopes: tuple[str, ...], *, id: str, issuer: str, key: OctKey, now: datetime
) -> str:  # fmt: skip
    """A token to ask by (`access`) or to get another by (`refresh`). `userId` is who made the client, as the Session API v1 has it."""
    began = int(now.timestamp())
    claims = {
        "iss": issuer,
        "aud": AUDIENCE,
        "sub": client.id,
        "client_id": client.id,
        "userId": client.made_by,
        "organisation_id": client.organisation_id,
        "scope": " ".join(scopes),
        "iat": began,
        "exp": began + _LASTS[use],
        "jti": id,
        "sid": secret_id,
    }
    header = {"alg": ALGORITHM, "typ": _TYPES[use], "kid": _KID}
    return jwt.encode(header, claims, key, algorithms=[ALGORITHM])


def read(use: str, token: str, key: OctKey, now: datetime) -> Token:
    """What it says. Raises NotSignedIn for one that is not ours, has expired, or is of the other use."""
    try:
        decoded = jwt.decode(token, key, algorithms=[ALGORITHM])
        claims: dict[str, Any] = decoded.claims
        found = Token(
            claims["sub"], claims["organisation_id"], claims["sid"], tuple(claims["scope"].split()), int(claims["exp"])
        )
        ours = decoded.header["typ"] == _TYPES[use] and claims["aud"] == AUDIENCE
    except (JoseError, ValueError, TypeError, KeyError, AttributeError) as error:
        raise NotSignedIn("There is no such token.") from error
    if not ours or now.timestamp() >= found.expires_at:
        raise NotSignedIn("This token has expired. Ask for another one.")
    return found
