"""What is kept of a member, and the rules of becoming one. Pure."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from contracts.actor import Actor
from contracts.errors import Conflict, Forbidden, Outdated
from contracts.permissions import RUNS_IT
from plumbing.store import Change, Event
from services.accounts import availability, second_factor
from services.accounts.addresses import Address
from services.accounts.availability import Duties
from services.accounts.directory.known import Known
from services.accounts.second_factor import SecondFactor
from services.accounts.single_sign_on.connection import Connection

EXPECTED, INVITED, ACTIVE, SUSPENDED, REMOVED = "expected", "invited", "active", "suspended", "removed"
OWNER = "owner"


@dataclass(frozen=True)
class Member:
    """A person with an account. `email_key` is unique among all members of all organisations, see `store.py`.

    `state`: `expected` holds the address while the organisation is being made; `invited` until they accept; then `active`,
    the only one in which they can sign in; `suspended` until restored; `removed` for good, with the address given free.

    `link_hash` is of the link in the last letter, `letter_id`, and good until `link_until` (`joining.py`).
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
    link_hash: str | None = None
    link_until: datetime | None = None
    letter_id: str | None = None
    second_factor: SecondFactor | None = None
    on_duty: Duties = ()
    connection: Connection | None = None
    # what a directory (SCIM) says of them
    directory: Known | None = None
    # counts what people changed, not the codes used and duties taken
    revision: int = 0
    version: int = 0

    @property
    def invited_until(self) -> datetime | None:
        """How long the invitation may be accepted; None for who is no longer invited or was not written to yet."""
        return self.link_until if self.state == INVITED else None


def added(member: Member) -> Event:
    """What is said when a member is there: never a name or an address."""
    said = {"member_id": member.id, "role": member.role, "clinic_ids": list(member.clinic_ids)}
    return Event("member.added", said)


def invited(member: Member) -> Event:
    """What is said when somebody may become a member."""
    return Event("member.invited", {"member_id": member.id})


def activate(member: Member) -> Change[Member] | None:
    """An expected member is a member from now on."""
    if member.state == ACTIVE:
        return None
    active = replace(member, state=ACTIVE)
    return Change(active, added(active))


def changed(member: Member) -> Event:
    """What is said when something about a member is different."""
    said = {"member_id": member.id, "role": member.role, "clinic_ids": list(member.clinic_ids), "state": member.state}
    return Event("member.changed", said)


def change(member: Member, wanted: dict[str, Any], revision: int | None = None) -> Change[Member] | None:
    """Another name, role, language or other clinics. What is so already is no change, also for an old revision.

    Raises Conflict for who was removed, Outdated where somebody changed them since `revision`.
    """
    refuse_removed(member)
    new = replace(member, **wanted)
    if new == member:
        return None
    if revision is not None and revision != member.revision:
        raise Outdated("Read the member again and repeat the change if it still fits.", version=member.revision)
    return _settled(member, new, changed(new))


def suspend(member: Member) -> Change[Member] | None:
    """They cannot sign in until restored. Raises Conflict for who has not accepted yet or was removed."""
    refuse_removed(member)
    if member.state == SUSPENDED:
        return None
    if member.state != ACTIVE:
        raise Conflict("This member has not accepted the invitation yet. Remove them instead.", state=member.state)
    new = replace(member, state=SUSPENDED)
    return _settled(member, new, changed(new))


def restore(member: Member) -> Change[Member] | None:
    """They can sign in again. Raises Conflict for who was removed."""
    refuse_removed(member)
    if member.state != SUSPENDED:
        return None
    new = replace(member, state=ACTIVE, revision=member.revision + 1)
    return Change(new, changed(new))


def remove(member: Member) -> Change[Member] | None:
    """They are a member no more. Name and address stay known for who reads what they did; the address is free for another."""
    if member.state == REMOVED:
        return None
    new = replace(member, state=REMOVED, email_key=f"removed {member.id}", password_hash=None, link_hash=None)
    new = replace(new, second_factor=None, directory=None)
    return _settled(member, new, Event("member.removed", {"member_id": member.id}))


def set_availability(member: Member, clinic_ids: list[str], state: str, now: datetime) -> Change[Member] | None:
    """On duty or away in some or all of their clinics. Raises Invalid, and Conflict for who is in none."""
    duties = availability.wanted(member.on_duty, member.clinic_ids, clinic_ids, state, now)
    return _with_duties(member, duties)


def go_off_duty(member: Member) -> Change[Member] | None:
    """Away everywhere."""
    return _with_duties(member, ())


def _with_duties(member: Member, duties: Duties) -> Change[Member] | None:
    events = availability.said(member.id, member.on_duty, duties)
    return Change(replace(member, on_duty=duties), events) if events else None


def _settled(before: Member, after: Member, *events: Event) -> Change[Member]:
    """The change, with what it ends of the member's duties."""
    held = availability.still_held(
        after.on_duty, active=after.state == ACTIVE, role=after.role, clinic_ids=after.clinic_ids
    )
    return Change(
        replace(after, on_duty=held, revision=before.revision + 1),
        *events,
        *availability.said(after.id, before.on_duty, held),
    )


def asks_for_code(member: Member) -> bool:
    """Whether a password alone does not sign in."""
    factor = member.second_factor
    return factor is not None and (factor.confirmed or bool(factor.keys))


def must_add_second_step(member: Member, second_step_for: str) -> bool:
    """Whether their organisation asks for one and they have none (contracts.organisations.SECOND_STEP_FOR)."""
    asked = second_step_for == "everybody" or (second_step_for == "owners_and_admins" and member.role in RUNS_IT)
    return asked and not asks_for_code(member)


def without_app(member: Member) -> Change[Member] | None:
    """No code of an app is asked for any more; security keys still are."""
    factor = member.second_factor
    if factor is None or not factor.keys:
        return without_second_factor(member)
    new = replace(member, second_factor=second_factor.without_app(factor))
    return Change(new, changed(new)) if new != member else None


def without_second_factor(member: Member) -> Change[Member] | None:
    """A password signs in again: neither app nor security keys count any more."""
    if member.second_factor is None:
        return None
    new = replace(member, second_factor=None)
    return Change(new, changed(new))


def refuse_removed(member: Member) -> None:
    """Raises Conflict: who was removed does not come back under the same id."""
    if member.state == REMOVED:
        raise Conflict("This member was removed. Add them again instead.", state=member.state)


def may_change(member: Member, role: str | None, actor: Actor) -> None:
    """An admin changes everybody but owners, and makes none. Raises Forbidden."""
    if actor.kind == "member" and OWNER not in actor.roles and OWNER in (member.role, role):
        raise Forbidden("Only an owner may change an owner or make one.")


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
    if role == OWNER and actor.kind == "member" and OWNER not in actor.roles:
        raise Forbidden("Only an owner may add another owner.")
