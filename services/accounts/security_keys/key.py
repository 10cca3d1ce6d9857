"""The rules of security keys (W3C WebAuthn, level 3), over the library `webauthn`. Pure.

A key answers for one place: `rp_id`, the host of our address, and its origin. The member's password was right before, so
that a key proves possession; whether it also asked for a finger or a PIN is its own affair.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from cbor2 import CBORDecodeError
from cryptography.exceptions import UnsupportedAlgorithm
from webauthn import (
    generate_authentication_options,
    generate_registration_options,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.helpers import (
    base64url_to_bytes,
    bytes_to_base64url,
    decode_credential_public_key,
    decoded_public_key_to_cryptography,
    options_to_json_dict,
    parse_registration_credential_json,
)
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    AuthenticatorTransport,
    PublicKeyCredentialDescriptor,
    UserVerificationRequirement,
)

from contracts.errors import Conflict, Invalid, NotFound, NotSignedIn
from services.accounts.second_factor import ISSUER, SecondFactor, SecurityKey

MOST_KEYS = 10
_TIMEOUT_MILLISECONDS = 300_000
# what the library and what stands under it raise for bytes that are none of a key
_BROKEN = (
    WebAuthnException, CBORDecodeError, UnsupportedAlgorithm, ValueError, TypeError, KeyError, IndexError,
    AttributeError, OverflowError, RecursionError,
)  # fmt: skip


@dataclass(frozen=True)
class Place:
    """Where keys are used: the host, and the origin that browsers name."""

    rp_id: str
    origin: str


def place_of(base_url: str) -> Place:
    """The place of our address."""
    parts = urlsplit(base_url)
    return Place(parts.hostname or "", f"{parts.scheme}://{parts.netloc}".lower())


def creation_options(
    place: Place, member_id: str, email: str, name: str, keys: tuple[SecurityKey, ...], challenge: bytes
) -> dict[str, Any]:
    """What a browser makes a key with (PublicKeyCredentialCreationOptionsJSON). Raises Conflict for one key too many."""
    if len(keys) >= MOST_KEYS:
        raise Conflict(f"There are {MOST_KEYS} security keys already. Remove one first.")
    made = generate_registration_options(
        rp_id=place.rp_id,
        rp_name=ISSUER,
        user_id=member_id.encode(),
        user_name=email,
        user_display_name=name,
        challenge=challenge,
        timeout=_TIMEOUT_MILLISECONDS,
        authenticator_selection=AuthenticatorSelectionCriteria(user_verification=UserVerificationRequirement.PREFERRED),
        exclude_credentials=_descriptors(keys),
    )
    return options_to_json_dict(made)


def request_options(place: Place, keys: tuple[SecurityKey, ...], challenge: bytes) -> dict[str, Any]:
    """What a browser asks a key with (PublicKeyCredentialRequestOptionsJSON)."""
    made = generate_authentication_options(
        rp_id=place.rp_id,
        challenge=challenge,
        timeout=_TIMEOUT_MILLISECONDS,
        allow_credentials=_descriptors(keys),
        user_verification=UserVerificationRequirement.PREFERRED,
    )
    return options_to_json_dict(made)


def read_new(
    credential: dict[str, Any], place: Place, challenge: bytes, *, id: str, name: str, now: datetime
) -> SecurityKey:
    """The key that a browser made (WebAuthn §7.1). Raises Invalid."""
    try:
        parsed = parse_registration_credential_json(credential)
        made = verify_registration_response(
            credential=parsed,
            expected_challenge=challenge,
            expected_rp_id=place.rp_id,
            expected_origin=place.origin,
        )
        # one that cannot be used later is refused now
        decoded_public_key_to_cryptography(decode_credential_public_key(made.credential_public_key))
    except _BROKEN as broken:
        detail = "This is no answer of a security key to what was asked. Begin again."
        raise Invalid(errors=[{"pointer": "/credential", "detail": detail}]) from broken
    return SecurityKey(
        id=id,
        name=name,
        credential_id=bytes_to_base64url(made.credential_id),
        public_key=made.credential_public_key,
        sign_count=made.sign_count,
        transports=tuple(sorted({each.value for each in parsed.response.transports or ()})),
        created_at=now,
    )


def used_by(credential: dict[str, Any], keys: tuple[SecurityKey, ...]) -> SecurityKey:
    """Which of the member's keys a browser asked. Raises NotSignedIn for any other."""
    for key in keys:
        if credential.get("id") == key.credential_id:
            return key
    raise NotSignedIn("This security key is not one of yours. Use another, or a code.")


def read_use(credential: dict[str, Any], key: SecurityKey, place: Place, challenge: bytes) -> int:
    """The count that the key signed (WebAuthn §7.2). Raises NotSignedIn."""
    try:
        # the count is judged against what is kept in the moment of the write, see `used`
        return verify_authentication_response(
            credential=credential,
            expected_challenge=challenge,
            expected_rp_id=place.rp_id,
            expected_origin=place.origin,
            credential_public_key=key.public_key,
            credential_current_sign_count=0,
        ).new_sign_count
    except _BROKEN as broken:
        raise NotSignedIn("This is no answer of your security key to what was asked. Try again.") from broken


def used(factor: SecondFactor, key_id: str, sign_count: int, now: datetime) -> SecondFactor:
    """The factor after a key was used. Raises NotSignedIn for a count that does not rise: there may be a copy of the key."""
    kept = next(key for key in _having(factor, key_id).keys if key.id == key_id)
    if (sign_count or kept.sign_count) and sign_count <= kept.sign_count:
        raise NotSignedIn(
            "This security key counts backwards, so there may be a copy of it. Use another one or a code, and remove this one."
        )
    return _with(factor, key_id, lambda key: replace(key, sign_count=sign_count, used_at=now))


def added(factor: SecondFactor | None, key: SecurityKey) -> SecondFactor:
    """The factor with one more key. Raises Conflict for one too many."""
    known = factor or SecondFactor(sealed_secret=None)
    if len(known.keys) >= MOST_KEYS:
        raise Conflict(f"There are {MOST_KEYS} security keys already. Remove one first.")
    return replace(known, keys=(*known.keys, key))


def renamed(factor: SecondFactor | None, key_id: str, name: str) -> SecondFactor:
    """The factor with another name of a key. Raises NotFound."""
    return _with(factor, key_id, lambda key: replace(key, name=name))


def removed(factor: SecondFactor | None, key_id: str) -> SecondFactor | None:
    """The factor without a key; None when nothing is left that asks for anything. Raises NotFound."""
    factor = _having(factor, key_id)
    left = tuple(key for key in factor.keys if key.id != key_id)
    return replace(factor, keys=left) if left or factor.confirmed else None


def _having(factor: SecondFactor | None, key_id: str) -> SecondFactor:
    if factor is None or key_id not in {key.id for key in factor.keys}:
        raise NotFound("There is no such security key.")
    return factor


def _with(factor: SecondFactor | None, key_id: str, changed: Callable[[SecurityKey], SecurityKey]) -> SecondFactor:
    factor = _having(factor, key_id)
    return replace(factor, keys=tuple(changed(key) if key.id == key_id else key for key in factor.keys))


def _descriptors(keys: tuple[SecurityKey, ...]) -> list[PublicKeyCredentialDescriptor]:
    return [
        PublicKeyCredentialDescriptor(
            id=base64url_to_bytes(key.credential_id),
            transports=[AuthenticatorTransport(each) for each in key.transports] or None,
        )
        for key in keys
    ]
