"""What an identity provider says of itself (OpenID Connect Discovery 1.0 §3), read with suspicion. Pure."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from contracts.errors import Invalid

PATH = "/.well-known/openid-configuration"
# signatures by a key pair only: with HS256 whoever knows the client secret, and with none anybody, could write a token
ALGORITHMS = (
    "RS256", "PS256", "ES256", "RS384", "PS384", "ES384", "RS512", "PS512", "ES512", "EdDSA", "Ed25519",
)  # fmt: skip


class OddProvider(Exception):
    """What the provider answers is not what OpenID Connect says; one sentence."""


@dataclass(frozen=True)
class Facts:
    """`says_issuer`: it names itself in its answers too (RFC 9207), so one without is refused."""

    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str
    userinfo_endpoint: str | None
    says_issuer: bool
    secret_in_body: bool


def read_issuer(text: str, insecure: bool) -> str:
    """The issuer as typed. Raises Invalid for what is no address that may be asked."""
    issuer = text.strip()
    for ending in (f"{PATH}/", PATH):
        issuer = issuer.removesuffix(ending)
    detail = _wrong_with(issuer, insecure)
    if not detail and urlsplit(issuer).query:
        detail = "An issuer has no question mark."
    if detail:
        raise Invalid(detail, errors=[{"pointer": "/issuer", "detail": detail}])
    return issuer


def read_facts(document: Any, issuer: str, insecure: bool) -> Facts:
    """The document of that issuer. Raises OddProvider, also for a document of another issuer (§4.3)."""
    if not isinstance(document, dict):
        raise OddProvider("The provider's configuration is no JSON object.")
    if document.get("issuer") != issuer:
        raise OddProvider(
            f"The provider calls itself {str(document.get('issuer'))[:200]!r}. Enter exactly this as issuer."
        )
    needed = {name: document.get(name) for name in ("authorization_endpoint", "token_endpoint", "jwks_uri")}
    userinfo = document.get("userinfo_endpoint")
    for name, address in {**needed, **({"userinfo_endpoint": userinfo} if userinfo else {})}.items():
        wrong = _wrong_with(address, insecure) if isinstance(address, str) else "It is missing."
        if wrong:
            raise OddProvider(f"The provider's {name} does not fit: {wrong}")
    signed_by = document.get("id_token_signing_alg_values_supported")
    if isinstance(signed_by, list) and not set(ALGORITHMS).intersection(map(str, signed_by)):
        raise OddProvider("The provider signs in no way that can be checked by its public keys.")
    pkce = document.get("code_challenge_methods_supported")
    if isinstance(pkce, list) and "S256" not in pkce:
        raise OddProvider("The provider does not take PKCE with S256.")
    ways = document.get("token_endpoint_auth_methods_supported", ["client_secret_basic"])
    return Facts(
        issuer=issuer,
        userinfo_endpoint=userinfo if isinstance(userinfo, str) else None,
        says_issuer=document.get("authorization_response_iss_parameter_supported") is True,
        secret_in_body=isinstance(ways, list) and "client_secret_basic" not in ways,
        **{name: str(value) for name, value in needed.items()},
    )


def _wrong_with(address: str, insecure: bool) -> str | None:
    """What is wrong with an address; None for one that may be asked."""
    try:
        parts = urlsplit(address)
        port_is_one = parts.port is None or 0 < parts.port < 65_536
    except ValueError:
        return "This is no address."
    if parts.scheme != "https" and not (insecure and parts.scheme == "http"):
        return "It must begin with https://."
    if not parts.hostname or not port_is_one or any(char <= " " or char in "\\\x7f" for char in address):
        return "This is no address."
    if parts.username is not None or parts.fragment:
        return "It may hold neither a user's name nor a #."
    return None
