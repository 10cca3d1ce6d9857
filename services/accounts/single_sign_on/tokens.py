"""Whether an ID token is the provider's, for us, now, and the answer to this question (OpenID Connect Core 1.0 §3.1.3.7). Pure.

Signatures and dates are joserfc's; here is what must be there, and what each failure is called.
"""

from datetime import datetime
from typing import Any

from joserfc import jwt
from joserfc.errors import BadSignatureError, ExpiredTokenError, InvalidKeyIdError, JoseError
from joserfc.jwk import ECKey, KeySet, OctKey, OKPKey, RSAKey
from joserfc.jwt import JWTClaimsRegistry

from services.accounts.single_sign_on.facts import ALGORITHMS

LEEWAY_SECONDS = 120
OLDEST_SECONDS = 600
_FORMS: dict[str, type[RSAKey] | type[ECKey] | type[OKPKey]] = {"RSA": RSAKey, "EC": ECKey, "OKP": OKPKey}
_LEAST_RSA_BITS = 2048


class BadToken(Exception):
    """The token is refused. `reason` is `clock` where the times do not fit, else `odd_answer`."""

    def __init__(self, what: str, reason: str = "odd_answer") -> None:
        super().__init__(what)
        self.reason = reason


class UnknownKey(Exception):
    """Signed by a key that is not among those known: they may have been changed since."""


def read_keys(document: Any) -> KeySet:
    """The public keys of a JWKS (RFC 7517) that may sign; shared secrets, keys for encryption and forms unknown here are left out."""
    listed = document.get("keys") if isinstance(document, dict) else None
    keys: list[OctKey | RSAKey | ECKey | OKPKey] = []
    for one in listed if isinstance(listed, list) else ():
        form = _FORMS.get(str(one.get("kty"))) if isinstance(one, dict) else None
        if form is None or one.get("use", "sig") != "sig":
            continue
        public: dict[str, Any] = {
            name: value for name, value in one.items() if name not in ("d", "p", "q", "dp", "dq", "qi", "oth")
        }
        try:
            key = form.import_key(public)
        except (JoseError, ValueError, TypeError, KeyError):
            continue
        if not isinstance(key, RSAKey) or key.public_key.key_size >= _LEAST_RSA_BITS:
            keys.append(key)
    return KeySet(keys)


def read_id_token(
    token: str, keys: KeySet, *, issuer: str, client_id: str, nonce: str, now: datetime
) -> dict[str, Any]:
    """Its claims. Raises BadToken, and UnknownKey."""
    try:
        claims = jwt.decode(token, keys, algorithms=list(ALGORITHMS)).claims
    except (InvalidKeyIdError, BadSignatureError) as error:
        raise UnknownKey from error
    except (JoseError, ValueError, TypeError) as error:
        raise BadToken(type(error).__name__) from error
    registry = JWTClaimsRegistry(
        now=int(now.timestamp()),
        leeway=LEEWAY_SECONDS,
        iss={"essential": True, "value": issuer},
        aud={"essential": True, "value": client_id},
        sub={"essential": True},
        exp={"essential": True},
        iat={"essential": True},
        nonce={"essential": True, "value": nonce},
    )
    try:
        registry.validate(claims)
    except ExpiredTokenError as error:
        raise BadToken("exp", "clock") from error
    except JoseError as error:
        raise BadToken(
            str(error), "clock" if getattr(error, "claim", "") in ("iat", "nbf") else "odd_answer"
        ) from error
    _check_times(claims, now)
    _check_party(claims, client_id)
    if not isinstance(claims["sub"], str) or not 0 < len(claims["sub"]) <= 255 or not isinstance(claims["nonce"], str):
        raise BadToken("sub or nonce")
    return claims


def _check_times(claims: dict[str, Any], now: datetime) -> None:
    """Made just now: neither minutes ago nor in minutes."""
    age = now.timestamp() - float(claims["iat"])
    if not -LEEWAY_SECONDS <= age <= OLDEST_SECONDS:
        raise BadToken("iat", "clock")


def _check_party(claims: dict[str, Any], client_id: str) -> None:
    """With several audiences the token must say that it was made for us."""
    audiences = claims["aud"] if isinstance(claims["aud"], list) else [claims["aud"]]
    party = claims.get("azp")
    if (len(audiences) > 1 and party is None) or party not in (None, client_id):
        raise BadToken("azp")
