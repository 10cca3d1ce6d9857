"""What is kept of a member, and the rules of becoming one. Pure."""

from dataclasses import dataclass, replace
from datetime import datetime

from contracts.actor import Actor
from contracts.errors import Forbidden
from plumbing.store import Change, Event

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


def may_add(role: str, actor: Actor) -> None:
    """Who runs an organisation adds its members; only an owner makes another owner. Raises Forbidden."""
    if role == "owner" and actor.kind == "member" and "owner" not in actor.roles:
        raise Forbidden("Only an owner may add another owner.")
