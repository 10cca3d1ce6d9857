"""Which directory asks: the bearer token of its requests (RFC 6750 §2.1)."""

from flask import g, request

from contracts import directory
from contracts.actor import PUBLIC, Actor
from contracts.errors import NotSignedIn
from gateway.api import asking

_SCHEME = "bearer "
_LONGEST_TOKEN = 128


def actor() -> Actor:
    """The directory, for the organisation whose owner made its token. Raises NotSignedIn.

    Asked of accounts each time, so that a token that was revoked opens nothing from then on.
    """
    said = request.headers.get("Authorization", "")
    token = said[len(_SCHEME) :].strip()
    if not said.lower().startswith(_SCHEME) or not 0 < len(token) <= _LONGEST_TOKEN:
        raise NotSignedIn("Send Authorization: Bearer with a token of Settings, Directory.")
    known = asking.ask(directory.RESOLVE_DIRECTORY_TOKEN, {"token": token}, PUBLIC)
    g.actor_id = known["token_id"]
    return Actor("api_client", known["token_id"], organisation_id=known["organisation_id"], scopes=(directory.SCOPE,))
