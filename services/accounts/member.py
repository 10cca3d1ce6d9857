"""What is kept of a member, and the rules of becoming one. Pure."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from contracts.actor import Actor
from contracts.errors import Forbidden
from plumbing.store import Change, Event
from services.accounts.addresses import Address

EXPECTED, ACTIVE = "expected", "active"


@dataclass(frozen=True)
class Member:
    """A person with an account. `email_key` is unique among all members of all organisations, see `store.py`.

    `state`: `expected` holds the address while the organisation is being made, and cannot sign in; then `active`.
    """

    id: str
    organisation_id: str
    email: str
    email_key: str
    name: str
    role: str
    clinic_ids: tuple[str, ...]
    language: str | None
    password_hash: str | None
    created_at: datetime
    state: str = ACTIVE


def added(member: Member) -> Event:
    """What is said when a member is there: never a name or an address."""
    said = {"member_id": member.id, "role": member.role, "clinic_ids": list(member.clinic_ids)}
    return Event("member.added", said)


def activate(member: Member) -> Change[Member] | None:
    """An expected member is a member from now on."""
    if member.state == ACTIVE:
        return None
    active = replace(member, state=ACTIVE)
    return Change(active, added(active))


def from_request(
    request: dict[str, Any],
    address: Address,
    clinic_ids: tuple[str, ...],
    *,
    id: str,
    organisation_id: str,
    now: datetime,
) -> Member:
    """A member as asked for (contracts.accounts.NewMember), still without a password."""
    return Member(
        id=id,
        organisation_id=organisation_id,
        email=address.text,
        email_key=address.key,
        name=request["name"],
        role=request["role"],
        clinic_ids=clinic_ids,
        language=request["language"],
        password_hash=None,
        created_at=now,
    )


def with_password(member: Member, password_hash: str | None, state: str) -> Member:
    """The member as they are kept at first. Without a hash they cannot sign in by password."""
    return replace(member, password_hash=password_hash, state=state)


def may_add(role: str, actor: Actor) -> None:
    """Who runs an organisation adds its members; only an owner makes another owner. Raises Forbidden."""
    if role == "owner" and actor.kind == "member" and "owner" not in actor.roles:
        raise Forbidden("Only an owner may add another owner.")
