"""What is kept of an organisation's identity provider, and the rules that change it. Pure but for chance.

A domain counts only when it is proved: who says first that it is theirs gains nothing.
"""

import base64
import hashlib
import hmac
import re
import secrets
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from contracts.errors import Invalid, NotFound
from plumbing.store import Change, Event

OWNERS, EVERYBODY = "owners", "everybody"
RECORD_PREFIX = "_housecall."
_NONCE_BYTES = 12
_LABEL = r"(?!-)[a-z0-9-]{1,63}(?<!-)"
_DOMAIN = re.compile(rf"(?:{_LABEL}\.)+(?!\d+$){_LABEL}")


@dataclass(frozen=True)
class Domain:
    """An e-mail domain, in lower-case ASCII. It counts since `proved_at`."""

    name: str
    proved_at: datetime | None = None


@dataclass(frozen=True)
class Rule:
    """Whose claim `claim` is or holds `value`: their role, or a clinic of theirs."""

    claim: str
    value: str
    role: str | None = None
    clinic_id: str | None = None


@dataclass(frozen=True)
class IdentityProvider:
    """One for each organisation, whose id it has. `proved_domains` repeats the names that count, for the index that makes each
    domain one organisation's only. `active` is false for one that was removed.
    """

    id: str
    organisation_id: str
    issuer: str = ""
    client_id: str = ""
    sealed_secret: str | None = None
    scopes: tuple[str, ...] = ("openid",)
    domains: tuple[Domain, ...] = ()
    proved_domains: tuple[str, ...] = ()
    adds_members: bool = False
    default_role: str | None = None
    default_clinic_ids: tuple[str, ...] = ()
    rules: tuple[Rule, ...] = field(default=())
    passwords: str = EVERYBODY
    trusts_addresses: bool = False
    counts_second_factor: bool = False
    active: bool = False


def set_up(known: IdentityProvider, wanted: dict[str, Any], key: bytes) -> Change[IdentityProvider] | None:
    """As contracts.single_sign_on.SetProvider asks for, with clinics that are known to be the organisation's. Raises Invalid."""
    before = {domain.name: domain for domain in known.domains}
    names = tuple(dict.fromkeys(domain_name(text, f"/domains/{n}") for n, text in enumerate(wanted["domains"])))
    domains = tuple(before.get(name, Domain(name)) for name in names)
    secret = known.sealed_secret if known.issuer == wanted["issuer"] else None
    if "client_secret" in wanted:
        secret = seal(key, known.id, wanted["client_secret"]) if wanted["client_secret"] else None
    elif known.sealed_secret and not secret:
        detail = "This is another provider: enter the client secret that it gave you."
        raise Invalid(detail, errors=[{"pointer": "/client_secret", "detail": detail}])
    new = replace(
        known,
        issuer=wanted["issuer"],
        client_id=wanted["client_id"],
        sealed_secret=secret,
        scopes=tuple(dict.fromkeys(("openid", *wanted["scopes"]))),
        domains=domains,
        proved_domains=_proved(domains),
        adds_members=wanted["adds_members"],
        default_role=wanted["default_role"],
        default_clinic_ids=tuple(dict.fromkeys(wanted["default_clinic_ids"])),
        rules=tuple(_rule(rule, place) for place, rule in enumerate(wanted["rules"])),
        passwords=wanted["passwords"],
        trusts_addresses=wanted["trusts_addresses"],
        counts_second_factor=wanted["counts_second_factor"],
        active=True,
    )
    names_changed = sorted(name for name in vars(new) if getattr(new, name) != getattr(known, name))
    return Change(new, _said("changed", known.id, names_changed)) if names_changed else None


def remove(known: IdentityProvider) -> Change[IdentityProvider] | None:
    """No provider any more; its domains are free."""
    if not known.active:
        return None
    return Change(IdentityProvider(known.id, known.organisation_id), _said("removed", known.id, ["active"]))


def prove(known: IdentityProvider, domain: str, now: datetime) -> Change[IdentityProvider] | None:
    """The domain counts from now on. Raises NotFound for one that is not listed."""
    if all(each.name != domain for each in known.domains):
        raise NotFound
    if domain in known.proved_domains:
        return None
    domains = tuple(replace(each, proved_at=now) if each.name == domain else each for each in known.domains)
    proved = replace(known, domains=domains, proved_domains=_proved(domains))
    return Change(proved, Event("sign_in_provider.domain_proved", {"organisation_id": known.id}))


def within(known: IdentityProvider, clinic_ids: set[str]) -> IdentityProvider:
    """Without clinics that there are no more."""
    return replace(
        known,
        default_clinic_ids=tuple(one for one in known.default_clinic_ids if one in clinic_ids),
        rules=tuple(rule for rule in known.rules if rule.clinic_id is None or rule.clinic_id in clinic_ids),
    )


def password_suffices(known: IdentityProvider | None, role: str) -> bool:
    """Whether somebody of that role may sign in by password: owners always, so that there is a way in when the provider is away."""
    return known is None or not known.active or known.passwords == EVERYBODY or role == "owner"


def domain_name(text: str, pointer: str = "/domain") -> str:
    """The domain in lower-case ASCII (IDNA). Raises Invalid at `pointer`."""
    try:
        name = text.strip().rstrip(".").encode("idna").decode().lower()
    except UnicodeError:
        name = ""
    if len(name) > 253 or not _DOMAIN.fullmatch(name):
        detail = "This is no e-mail domain as in clinic.example."
        raise Invalid(detail, errors=[{"pointer": pointer, "detail": detail}])
    return name


def proof_of(key: bytes, organisation_id: str, domain: str) -> str:
    """The text that only who runs the domain can publish for this organisation: the same at every reading."""
    digest = hmac.new(key, f"housecall domain {organisation_id} {domain}".encode(), hashlib.sha256).hexdigest()
    return f"housecall-domain={digest[:40]}"


def seal(key: bytes, organisation_id: str, secret: str) -> str:
    """The client secret, encrypted for this one organisation."""
    nonce = secrets.token_bytes(_NONCE_BYTES)
    return base64.b64encode(nonce + _cipher(key).encrypt(nonce, secret.encode(), organisation_id.encode())).decode()


def unseal(key: bytes, organisation_id: str, sealed: str) -> str:
    """The client secret again."""
    raw = base64.b64decode(sealed)
    return _cipher(key).decrypt(raw[:_NONCE_BYTES], raw[_NONCE_BYTES:], organisation_id.encode()).decode()


def view(known: IdentityProvider, key: bytes) -> dict[str, Any]:
    """As contracts.single_sign_on.ProviderView."""
    names = (
        "issuer", "client_id", "scopes", "adds_members", "default_role", "default_clinic_ids", "passwords",
        "trusts_addresses", "counts_second_factor",
    )  # fmt: skip
    domains = [
        {
            "name": domain.name,
            "record_name": RECORD_PREFIX + domain.name,
            "record_text": proof_of(key, known.id, domain.name),
            "proved_at": domain.proved_at,
        }
        for domain in known.domains
    ]
    rules = [vars(rule) for rule in known.rules]
    shown = {name: getattr(known, name) for name in names}
    return {**shown, "has_secret": known.sealed_secret is not None, "domains": domains, "rules": rules}


def _rule(rule: dict[str, Any], place: int) -> Rule:
    if (rule["role"] is None) == (rule["clinic_id"] is None):
        detail = "A rule gives either a role or a clinic."
        raise Invalid(detail, errors=[{"pointer": f"/rules/{place}", "detail": detail}])
    return Rule(**rule)


def _proved(domains: tuple[Domain, ...]) -> tuple[str, ...]:
    return tuple(domain.name for domain in domains if domain.proved_at)


def _said(what: str, organisation_id: str, changed: list[str]) -> Event:
    return Event(f"sign_in_provider.{what}", {"organisation_id": organisation_id, "changed": changed})


def _cipher(key: bytes) -> AESGCM:
    return AESGCM(hmac.new(key, b"housecall sign-in providers", hashlib.sha256).digest())
