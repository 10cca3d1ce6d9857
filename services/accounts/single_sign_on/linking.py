"""How who somebody is at the identity provider becomes who they are here. Pure.

By issuer and subject, never by address alone: an address connects once, and only a member of the same organisation who has not
been connected. Whoever had a password for such a member before loses it, lest somebody made the account ready and waits.
"""

import hashlib
from dataclasses import replace
from datetime import datetime

from contracts.errors import Conflict, NotSignedIn
from plumbing.store import Change, Event
from services.accounts import member
from services.accounts.member import ACTIVE, INVITED, OWNER, Member
from services.accounts.single_sign_on.claims import Person, maps_roles
from services.accounts.single_sign_on.connection import Connection
from services.accounts.single_sign_on.identity_provider import IdentityProvider


def connection(provider: IdentityProvider, subject: str) -> Connection:
    """Of the organisation too: several may use one issuer."""
    base = f"{provider.organisation_id}\0{provider.issuer}"
    return Connection(_digest(f"{base}\0{subject}"), _digest(base))


def is_connected(known: Member, provider: IdentityProvider) -> bool:
    """Whether this provider, and not one that the organisation had before, signs the member in."""
    return known.connection is not None and known.connection.issuer_key == connection(provider, "").issuer_key


def connect_by_address(
    known: Member, person: Person, wanted: Connection, provider: IdentityProvider
) -> Change[Member] | None:
    """The first time that a member comes by the provider. Raises NotSignedIn."""
    _refuse_unless_open(known)
    if known.connection == wanted:
        return None
    if known.role == OWNER:
        raise _no("owner_not_connected", "An owner connects the account in Settings first, signed in by password.")
    if known.connection and known.connection.issuer_key == wanted.issuer_key:
        raise _no("other_account", "This address belongs to another account of your organisation's provider.")
    new = replace(
        known, connection=wanted, state=ACTIVE, password_hash=None, second_factor=None, link_hash=None, link_until=None
    )
    joined = known.state == INVITED
    said = [member.added(new)] if joined else [member.changed(new)]
    mapped = with_role(new, person, provider)
    return Change(mapped.state if mapped else new, *said, *(mapped.events if mapped else ()), _connected(known))


def connect_oneself(known: Member, wanted: Connection) -> Change[Member] | None:
    """A member who is signed in here shows who they are there; nothing of theirs is taken away."""
    _refuse_unless_open(known)
    if known.connection == wanted:
        return None
    return Change(replace(known, connection=wanted), _connected(known))


def come_in(known: Member, person: Person, provider: IdentityProvider) -> Change[Member] | None:
    """A member who was connected before; role and clinics are as the provider says today. Raises NotSignedIn."""
    _refuse_unless_open(known)
    return with_role(known, person, provider)


def with_role(known: Member, person: Person, provider: IdentityProvider) -> Change[Member] | None:
    """Only what the organisation's rules are about; an owner stays one until another owner says otherwise here."""
    wanted: dict[str, object] = {}
    if maps_roles(provider) and known.role != OWNER:
        if person.role is None:
            raise _no("no_role", "Your organisation's provider gives you no role here.")
        wanted["role"] = person.role
    if person.clinic_ids is not None:
        wanted["clinic_ids"] = person.clinic_ids
    return member.change(known, wanted) if wanted else None


def newcomer(person: Person, wanted: Connection, provider: IdentityProvider, *, id: str, now: datetime) -> Member:
    """Who is no member yet becomes one. Raises NotSignedIn where that is not for them."""
    if person.address is None:
        raise _no(person.why_not or "no_address", "The provider gives no address that counts.")
    if not provider.adds_members:
        raise _no(
            "not_a_member", "There is no member with this address. Ask an owner of your organisation to invite you."
        )
    if person.role is None:
        raise _no("no_role", "Your organisation's provider gives you no role here.")
    return Member(
        id=id,
        organisation_id=provider.organisation_id,
        email=person.address.text,
        email_key=person.address.key,
        name=person.name,
        role=person.role,
        clinic_ids=provider.default_clinic_ids if person.clinic_ids is None else person.clinic_ids,
        language=None,
        password_hash=None,
        created_at=now,
        connection=wanted,
    )


def taken_elsewhere() -> NotSignedIn:
    """The address is a member's of another organisation, which stays as it is."""
    return _no("taken", "This address is in use elsewhere.")


def refuse_taken(holder: Member | None, who: Member) -> None:
    """Raises Conflict where somebody else is connected with this very account."""
    if holder is not None and holder.id != who.id:
        raise Conflict("Another member is connected with this account of your provider.", reason="other_account")


def forget_connection(known: Member) -> Change[Member] | None:
    """Who was removed gives it free for who they are now."""
    return Change(replace(known, connection=None)) if known.connection else None


def _refuse_unless_open(known: Member) -> None:
    if known.state not in (ACTIVE, INVITED):
        raise _no("suspended", "This member is suspended. Ask an owner of your organisation.")


def _connected(known: Member) -> Event:
    return Event("member.connected", {"member_id": known.id})


def _no(reason: str, detail: str) -> NotSignedIn:
    return NotSignedIn(detail, reason=reason)


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
