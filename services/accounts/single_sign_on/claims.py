"""What the claims of an identity provider mean here: an address that counts, a name, a role, clinics, a second factor. Pure."""

from dataclasses import dataclass
from typing import Any

from contracts.errors import Invalid
from contracts.fields import clean_text
from services.accounts.addresses import Address, read_address
from services.accounts.single_sign_on.identity_provider import IdentityProvider

_LONGEST_NAME = 80
# RFC 8176 §2
_SECOND_FACTOR = "mfa"


@dataclass(frozen=True)
class Person:
    """Who the provider says that somebody is. `address` only where the provider may speak for it, else `why_not` says why.

    `role` and `clinic_ids` are None where the organisation's rules leave them alone.
    """

    subject: str
    name: str
    address: Address | None
    why_not: str | None
    role: str | None
    clinic_ids: tuple[str, ...] | None
    used_second_factor: bool


def read_person(claims: dict[str, Any], provider: IdentityProvider) -> Person:
    """The person of these claims, by the rules of this provider."""
    address, why_not = _address(claims, provider)
    return Person(
        subject=claims["sub"],
        name=_name(claims, address),
        address=address,
        why_not=why_not,
        role=_role(claims, provider),
        clinic_ids=_clinics(claims, provider),
        used_second_factor=_SECOND_FACTOR in _values(claims.get("amr")),
    )


def maps_roles(provider: IdentityProvider) -> bool:
    """Whether roles are the provider's to give."""
    return any(rule.role for rule in provider.rules)


def _address(claims: dict[str, Any], provider: IdentityProvider) -> tuple[Address | None, str | None]:
    """Only of a domain that this organisation has proved, and that the provider has verified: else it could name anybody."""
    text, verified = claims.get("email"), claims.get("email_verified")
    if not isinstance(text, str) or not text:
        return None, "no_address"
    try:
        address = read_address(text)
        domain = address.key.rpartition("@")[2].encode("idna").decode()
    except (Invalid, UnicodeError):
        return None, "no_address"
    if domain not in provider.proved_domains:
        return None, "foreign_address"
    # some send the word instead of the value
    if verified not in (True, "true") and not (verified is None and provider.trusts_addresses):
        return None, "not_verified"
    return address, None


def _name(claims: dict[str, Any], address: Address | None) -> str:
    parts = [claims.get("given_name"), claims.get("family_name")]
    together = " ".join(part for part in parts if isinstance(part, str))
    for text in (claims.get("name"), together, claims.get("preferred_username")):
        cleaned = clean_text(text)[:_LONGEST_NAME].strip() if isinstance(text, str) else ""
        if cleaned:
            return cleaned
    return address.text.partition("@")[0][:_LONGEST_NAME] if address else "?"


def _role(claims: dict[str, Any], provider: IdentityProvider) -> str | None:
    """Of the first rule that fits; else the default."""
    for rule in provider.rules:
        if rule.role and rule.value in _values(_inside(claims, rule.claim)):
            return rule.role
    return provider.default_role


def _clinics(claims: dict[str, Any], provider: IdentityProvider) -> tuple[str, ...] | None:
    """Of every rule that fits; the default ones where none does."""
    about = [rule for rule in provider.rules if rule.clinic_id]
    fitting = [
        rule.clinic_id for rule in about if rule.clinic_id and rule.value in _values(_inside(claims, rule.claim))
    ]
    if fitting:
        return tuple(dict.fromkeys(fitting))
    return provider.default_clinic_ids if about else None


def _inside(claims: dict[str, Any], path: str) -> Any:
    """The claim of that very name; else dots lead inside, as in `realm_access.roles`."""
    if path in claims:
        return claims[path]
    found: Any = claims
    for step in path.split("."):
        found = found.get(step) if isinstance(found, dict) else None
    return found


def _values(claim: Any) -> tuple[str, ...]:
    """A claim as texts: of a list each, of anything else itself."""
    listed = claim if isinstance(claim, list) else [claim]
    return tuple(
        str(one).lower() if isinstance(one, bool) else str(one) for one in listed if isinstance(one, str | int)
    )
