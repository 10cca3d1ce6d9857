"""The way to an identity provider and back: what the browser is sent with, and how a code is redeemed (RFC 6749, 7636, 9700). Pure but for chance."""

import base64
from dataclasses import dataclass
from urllib.parse import quote_plus, urlencode

from authlib.common.security import generate_token
from authlib.common.urls import add_params_to_uri
from authlib.oauth2.rfc7636 import create_s256_code_challenge

from services.accounts.single_sign_on.facts import Facts
from services.accounts.single_sign_on.identity_provider import IdentityProvider

CALLBACK = "/sign-in/callback"
_LONG = 48  # letters and digits: 285 bits


@dataclass(frozen=True)
class Question:
    """One try to sign in: what only its browser knows, and where that browser goes."""

    location: str
    state: str
    nonce: str
    verifier: str


def redirect_uri(base_url: str) -> str:
    """Where the provider sends browsers back: the same for every organisation, which the browser's own cookie names."""
    return base_url.rstrip("/") + CALLBACK


def ask(provider: IdentityProvider, facts: Facts, base_url: str) -> Question:
    """A new one."""
    state, nonce, verifier = generate_token(_LONG), generate_token(_LONG), generate_token(_LONG * 2)
    parameters = {
        "response_type": "code",
        "client_id": provider.client_id,
        "redirect_uri": redirect_uri(base_url),
        "scope": " ".join(provider.scopes),
        "state": state,
        "nonce": nonce,
        "code_challenge": create_s256_code_challenge(verifier),
        "code_challenge_method": "S256",
    }
    location = add_params_to_uri(facts.authorization_endpoint, list(parameters.items()))
    return Question(location, state, nonce, verifier)


def redemption(
    provider: IdentityProvider, facts: Facts, base_url: str, code: str, verifier: str, secret: str | None
) -> tuple[str, dict[str, str]]:
    """Body and headers of the request to the token endpoint."""
    form = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": redirect_uri(base_url),
        "code_verifier": verifier,
    }
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    if secret is None or facts.secret_in_body:
        form["client_id"] = provider.client_id
    if secret is not None and facts.secret_in_body:
        form["client_secret"] = secret
    elif secret is not None:
        # both are form-encoded first (RFC 6749 §2.3.1)
        pair = f"{quote_plus(provider.client_id)}:{quote_plus(secret)}"
        headers["Authorization"] = f"Basic {base64.b64encode(pair.encode()).decode()}"
    return urlencode(form), headers
