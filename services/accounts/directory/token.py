"""The token by which a directory comes, and what it may decide. Pure but for chance."""

import hashlib
import secrets
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from contracts.errors import Invalid, NotSignedIn
from plumbing.store import Change

# so that whoever finds one somewhere knows what it opens
PREFIX = "hcscim_"
_TOKEN_BYTES = 32
_USED_AGAIN_AFTER = timedelta(minutes=1)


@dataclass(frozen=True)
class DirectoryToken:
    """`role_groups`: role → display name of the directory's group that gives it. Of the token only its SHA-256 is kept."""

    id: str
    organisation_id: str
    name: str
    token_hash: str
    invite: bool
    default_role: str
    role_groups: dict[str, str]
    made_by: str
    created_at: datetime
    last_used_at: datetime | None = None
    revoked: bool = False


def new_token() -> str:
    """256 bits in URL-safe text."""
    return PREFIX + secrets.token_urlsafe(_TOKEN_BYTES)


def hash_of(token: str) -> str:
    """What is kept of a token; it has no less chance in it than its digest, so that nothing slower is needed."""
    return hashlib.sha256(token.encode()).hexdigest()


def make(
    request: dict[str, Any], token: str, *, id: str, organisation_id: str, made_by: str, now: datetime
) -> DirectoryToken:
    """As contracts.directory.NewDirectoryToken asks for. Raises Invalid for one group that is to give two roles."""
    groups: dict[str, str] = dict(request["role_groups"])
    if len({name.casefold() for name in groups.values()}) < len(groups):
        detail = "Each role needs a group of its own."
        raise Invalid(detail, errors=[{"pointer": "/role_groups", "detail": detail}])
    return DirectoryToken(
        id=id,
        organisation_id=organisation_id,
        name=request["name"],
        token_hash=hash_of(token),
        invite=request["invite"],
        default_role=request["default_role"],
        role_groups=groups,
        made_by=made_by,
        created_at=now,
    )


def used(known: DirectoryToken, now: datetime) -> Change[DirectoryToken] | None:
    """Noted once a minute at most. Raises NotSignedIn for one that was revoked."""
    if known.revoked:
        raise NotSignedIn("This token was revoked.")
    if known.last_used_at and now - known.last_used_at < _USED_AGAIN_AFTER:
        return None
    return Change(replace(known, last_used_at=now))


def revoke(known: DirectoryToken) -> Change[DirectoryToken] | None:
    """It opens nothing from now on."""
    return None if known.revoked else Change(replace(known, revoked=True))


def role_of(known: DirectoryToken, group_name: str) -> str | None:
    """Which role a group of that name gives."""
    wanted = group_name.casefold()
    return next((role for role, name in known.role_groups.items() if name.casefold() == wanted), None)


def token_view(known: DirectoryToken) -> dict[str, Any]:
    """As contracts.directory.DirectoryToken."""
    names = ("id", "name", "invite", "default_role", "role_groups", "made_by", "created_at", "last_used_at")
    return {name: getattr(known, name) for name in names}
