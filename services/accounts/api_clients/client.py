"""An API client: its secrets, two of which may be good at once, its scopes and clinics. Pure but for chance."""

import hashlib
import hmac
import secrets
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from contracts.api_clients import MOST_SECRETS
from contracts.errors import Conflict, Invalid, NotFound, Outdated
from contracts.permissions import SCOPES_OF_ALL_CLINICS
from plumbing.store import Change, Event

# so that whoever finds one somewhere knows what it opens
PREFIX = "hckey_"
_SECRET_BYTES = 32
_USED_AGAIN_AFTER = timedelta(minutes=1)


@dataclass(frozen=True)
class Secret:
    """`hash` is the SHA-256 of the only copy, which the client has."""

    id: str
    hash: str
    made_at: datetime
    last_used_at: datetime | None = None


@dataclass(frozen=True)
class ApiClient:
    """`clinic_ids` empty: of the whole organisation. A clinic that is removed stays named, so that losing the last opens nothing.

    `revision` counts what people changed of it, not when it was used.
    """

    id: str
    organisation_id: str
    name: str
    scopes: tuple[str, ...]
    clinic_ids: tuple[str, ...]
    secrets: tuple[Secret, ...]
    made_by: str
    created_at: datetime
    revoked: bool = False
    revision: int = 1


def new_secret() -> str:
    """256 bits in URL-safe text, which HTTP Basic and forms leave as it is."""
    return PREFIX + secrets.token_urlsafe(_SECRET_BYTES)


def hash_of(secret: str) -> str:
    """What is kept of a secret; it has chance enough in it that nothing slower is needed."""
    return hashlib.sha256(secret.encode()).hexdigest()


def said(client: ApiClient, what: str) -> tuple[Event, ...]:
    """What is said when one is made, changed or revoked."""
    return (Event(f"api_client.{what}", {"api_client_id": client.id}),)


def check_reach(scopes: tuple[str, ...], clinic_ids: tuple[str, ...]) -> None:
    """Raises Invalid for a scope that reaches over all clinics, of a client that is bound to some."""
    beyond = [scope for scope in scopes if scope in SCOPES_OF_ALL_CLINICS]
    if clinic_ids and beyond:
        detail = f"{', '.join(beyond)}: only for a client of the whole organisation, as it is not cut by clinic."
        raise Invalid(detail, errors=[{"pointer": "/scopes", "detail": detail}])


def add_secret(client: ApiClient, secret: Secret) -> Change[ApiClient]:
    """One more that is good from now on. Raises Conflict where there are as many as may be."""
    _check_lives(client)
    if len(client.secrets) >= MOST_SECRETS:
        raise Conflict(f"There are {MOST_SECRETS} secrets already. Remove the old one first.")
    return _changed(replace(client, secrets=(*client.secrets, secret)))


def remove_secret(client: ApiClient, secret_id: str) -> Change[ApiClient] | None:
    """It opens nothing from now on, nor do the tokens that came of it. Raises Conflict for the only one."""
    _check_lives(client)
    left = tuple(each for each in client.secrets if each.id != secret_id)
    if len(left) == len(client.secrets):
        return None
    if not left:
        raise Conflict("This is its only secret. Make another one first, or revoke the client.")
    return _changed(replace(client, secrets=left))


def change(
    client: ApiClient, wanted: dict[str, Any], clinic_ids: tuple[str, ...] | None, version: int | None
) -> Change[ApiClient] | None:
    """Another name, other scopes, other clinics (`clinic_ids`, None: as they are). Raises Invalid and Outdated.

    What is so already is no change, also for an old version.
    """
    _check_lives(client)
    scopes = tuple(dict.fromkeys(wanted.get("scopes", client.scopes)))
    clinics = client.clinic_ids if clinic_ids is None else clinic_ids
    check_reach(scopes, clinics)
    after = replace(client, name=wanted.get("name", client.name), scopes=scopes, clinic_ids=clinics)
    if after == client:
        return None
    if version is not None and version != client.revision:
        raise Outdated
    return _changed(after)


def revoke(client: ApiClient) -> Change[ApiClient] | None:
    """It opens nothing from now on, and no secret of it is kept."""
    return None if client.revoked else Change(replace(client, revoked=True, secrets=()), said(client, "revoked"))


def secret_of(client: ApiClient, presented: str) -> Secret | None:
    """Which of its secrets this is."""
    given = hash_of(presented)
    return next((each for each in client.secrets if hmac.compare_digest(each.hash, given)), None)


def used(client: ApiClient, secret_id: str, now: datetime) -> Change[ApiClient] | None:
    """Noted once a minute at most."""
    known = next((each for each in client.secrets if each.id == secret_id), None)
    if known is None or (known.last_used_at and now - known.last_used_at < _USED_AGAIN_AFTER):
        return None
    after = tuple(replace(each, last_used_at=now) if each is known else each for each in client.secrets)
    return Change(replace(client, secrets=after))


def client_view(client: ApiClient, names: dict[str, str]) -> dict[str, Any]:
    """As contracts.api_clients.ApiClientView; `names` of members, by id."""
    kept = ("id", "name", "scopes", "clinic_ids", "made_by", "created_at")
    shown = [{name: getattr(each, name) for name in ("id", "made_at", "last_used_at")} for each in client.secrets]
    return {
        **{name: getattr(client, name) for name in kept},
        "secrets": shown,
        "version": client.revision,
        "made_by_name": names.get(client.made_by),
    }


def _changed(after: ApiClient) -> Change[ApiClient]:
    return Change(replace(after, revision=after.revision + 1), said(after, "changed"))


def _check_lives(client: ApiClient) -> None:
    if client.revoked:
        raise NotFound
