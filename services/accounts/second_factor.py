"""The second factor: codes by time (TOTP, RFC 6238), each good once, and recovery codes for who lost the phone. Pure but for chance.

What is kept of the secret is sealed by the process's key for this one member; of recovery codes, a keyed hash.
"""

import base64
import hashlib
import hmac
import secrets
from dataclasses import dataclass, replace
from datetime import datetime

import pyotp
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

ISSUER = "Housecall"
RECOVERY_CODES = 10
STEP_SECONDS = 30
_NONCE_BYTES = 12
# a phone's clock may be half a minute off, and typing takes a moment (RFC 6238 §5.2)
_STEPS_AROUND = (0, -1, 1)
# without what is taken for another letter
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"


@dataclass(frozen=True)
class SecurityKey:
    """A key that the member carries or that is in their device (`security_keys/`). `credential_id` is in base64url.

    `public_key` is as the key gave it (COSE_Key, RFC 9052 §7); `sign_count` rises with each use, or stays 0.
    """

    id: str
    name: str
    credential_id: str
    public_key: bytes
    sign_count: int
    transports: tuple[str, ...]
    created_at: datetime
    used_at: datetime | None = None


@dataclass(frozen=True)
class SecondFactor:
    """An app, security keys, or both, and recovery codes for either.

    `sealed_secret` is the app's, None without one; `confirmed` says that its codes count. `last_step` is the time step of
    the last code that was taken: neither it nor an earlier one is taken again.
    """

    sealed_secret: str | None
    confirmed: bool = False
    last_step: int = 0
    recovery_hashes: tuple[str, ...] = ()
    keys: tuple[SecurityKey, ...] = ()


def begin(key: bytes, member_id: str) -> tuple[SecondFactor, str]:
    """A factor that does not count before it is confirmed, and its secret in base32."""
    secret = pyotp.random_base32()
    return SecondFactor(_seal(key, member_id, secret)), secret


def uri_of(secret: str, email: str) -> str:
    """As authenticator apps read it."""
    return pyotp.TOTP(secret).provisioning_uri(name=email, issuer_name=ISSUER)


def take(factor: SecondFactor, code: str, key: bytes, member_id: str, now: datetime) -> SecondFactor | None:
    """The factor after this code was used; None for a code that is wrong, over, or was used before."""
    typed = "".join(code.lower().split()).replace("-", "")
    if typed.isdecimal() and len(typed) == 6:
        if factor.sealed_secret is None:
            return None
        step = _step_of(typed, _open(key, member_id, factor.sealed_secret), now)
        return replace(factor, last_step=step) if step and step > factor.last_step else None
    hashed = _hash(key, member_id, typed)
    if hashed not in factor.recovery_hashes:
        return None
    return replace(factor, recovery_hashes=tuple(each for each in factor.recovery_hashes if each != hashed))


def take_at_sign_in(factor: SecondFactor, code: str, key: bytes, member_id: str, now: datetime) -> SecondFactor | None:
    """As `take`, but an app that was not confirmed does not count, and is forgotten."""
    return take(factor if factor.confirmed else without_app(factor), code, key, member_id, now)


def without_app(factor: SecondFactor) -> SecondFactor:
    """What is left without the app: keys and recovery codes."""
    return replace(factor, sealed_secret=None, confirmed=False, last_step=0)


def with_recovery_codes(factor: SecondFactor, key: bytes, member_id: str) -> tuple[SecondFactor, list[str]]:
    """The factor, confirmed, and its recovery codes to be shown once."""
    return new_recovery_codes(replace(factor, confirmed=True), key, member_id)


def new_recovery_codes(factor: SecondFactor, key: bytes, member_id: str) -> tuple[SecondFactor, list[str]]:
    """The factor with recovery codes (58 bits each) in the place of earlier ones, and these to be shown once."""
    codes = ["".join(secrets.choice(_LETTERS) for _ in range(12)) for _ in range(RECOVERY_CODES)]
    hashes = tuple(_hash(key, member_id, code) for code in codes)
    shown = [f"{code[:4]}-{code[4:8]}-{code[8:]}" for code in codes]
    return replace(factor, recovery_hashes=hashes), shown


def _step_of(code: str, secret: str, now: datetime) -> int | None:
    totp = pyotp.TOTP(secret)
    current = int(now.timestamp()) // STEP_SECONDS
    matching = [step for step in (current + each for each in _STEPS_AROUND) if _same(totp.generate_otp(step), code)]
    return matching[0] if matching else None


def _same(one: str, other: str) -> bool:
    return hmac.compare_digest(one.encode(), other.encode())


def _hash(key: bytes, member_id: str, code: str) -> str:
    return hmac.new(key, f"housecall recovery code {member_id} {code}".encode(), hashlib.sha256).hexdigest()


def _cipher(key: bytes) -> AESGCM:
    return AESGCM(hmac.new(key, b"housecall second factors", hashlib.sha256).digest())


def _seal(key: bytes, member_id: str, secret: str) -> str:
    nonce = secrets.token_bytes(_NONCE_BYTES)
    return base64.b64encode(nonce + _cipher(key).encrypt(nonce, secret.encode(), member_id.encode())).decode()


def _open(key: bytes, member_id: str, sealed: str) -> str:
    raw = base64.b64decode(sealed)
    return _cipher(key).decrypt(raw[:_NONCE_BYTES], raw[_NONCE_BYTES:], member_id.encode()).decode()
