"""A member as a SCIM user, and what a directory makes of one. Pure.

A directory decides name, addresses, language, whether somebody is active, and their role where it is not an owner's: owners are
made, unmade and readdressed in Housecall only, for whoever writes an owner's address could sign in as one.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from contracts.directory import GIVEN_ROLES
from contracts.directory_schemas import USER_URN
from contracts.errors import Invalid
from contracts.fields import clean_text, instant_text
from contracts.people import LANGUAGES
from plumbing.store import Change, Event
from services.accounts import member
from services.accounts.addresses import Address, read_address
from services.accounts.directory.known import Email, Known
from services.accounts.directory.refusals import invalid
from services.accounts.member import ACTIVE, INVITED, OWNER, SUSPENDED, Member

_LONGEST_NAME = 80
_LONGEST_USER_NAME = 254


@dataclass(frozen=True)
class Person:
    """What a directory's user says, read."""

    address: Address
    name: str
    active: bool | None
    known: Known


def written_by(found: Member) -> dict[str, Any]:
    """What a directory may write of a member, in the form of `attributes.read`; who came otherwise is described by what is known."""
    known = found.directory
    names = {"formatted": found.name}
    if known:
        parts = {"formatted": known.formatted, "familyName": known.family_name, "givenName": known.given_name}
        names = {part: value for part, value in parts.items() if value}
    emails = [_email_out(each) for each in known.emails] if known else [{"value": found.email, "primary": True}]
    said: dict[str, Any] = {
        "userName": known.user_name if known else found.email,
        "externalId": known.external_id if known else None,
        "displayName": known.display_name if known else found.name,
        "name": names,
        "emails": emails,
        "active": is_active(found),
        "preferredLanguage": known.language if known else found.language,
        "roles": [{"value": found.role, "primary": True}],
    }
    return {name: value for name, value in said.items() if value not in (None, [], {})}


def resource_of(found: Member, groups: list[dict[str, Any]], base_url: str) -> dict[str, Any]:
    """The whole user; `groups` as `groups.mention` makes them."""
    meta = {
        "resourceType": "User",
        "created": instant_text(found.created_at),
        "location": f"{base_url}/Users/{found.id}",
        "version": tag_of(found),
    }
    # that a member's one role is the primary one goes without saying; a path may ask for it (Entra's roles[primary eq "True"])
    said = {**written_by(found), "roles": [{"value": found.role}]}
    return {"schemas": [USER_URN], "id": found.id, **said, "groups": groups, "meta": meta}


def tag_of(found: Member) -> str:
    """The user's entity tag: of what people and directories change, not of letters sent and codes used.

    Weak, for groups are shown in it that count by themselves.
    """
    return f'W/"{found.revision}"'


def is_active(found: Member) -> bool:
    """Whether they sign in, or may as soon as they accept."""
    return found.state in (ACTIVE, INVITED)


def read_person(said: dict[str, Any], before: Member | None, default_role: str) -> Person:
    """What the user (as `attributes.read` makes it) says; what is left out stays as `before`. Raises Invalid."""
    user_name = said.get("userName")
    if not user_name or len(user_name) > _LONGEST_USER_NAME:
        raise invalid(f"userName is needed, and has at most {_LONGEST_USER_NAME} characters.")
    emails = tuple(
        Email(each["value"], each.get("type"), each.get("primary"))
        for each in said.get("emails", ())
        if "value" in each
    )
    address = _address(emails, user_name)
    names = said.get("name", {})
    known = before.directory if before else None
    read = Known(
        user_name=user_name,
        user_name_key=user_name.casefold(),
        base_role=_base_role(said.get("roles"), before, default_role),
        external_id=said.get("externalId"),
        display_name=said.get("displayName"),
        formatted=names.get("formatted"),
        given_name=names.get("givenName"),
        family_name=names.get("familyName"),
        language=said.get("preferredLanguage"),
        emails=emails,
        group_roles=known.group_roles if known else (),
        was_invited=known.was_invited if known else False,
        owes_letter=known.owes_letter if known else None,
    )
    return Person(address, _name(read), said.get("active"), read)


def newcomer(
    person: Person, *, id: str, organisation_id: str, invite: bool, letter_id: str, now: datetime
) -> tuple[Member, tuple[Event, ...]]:
    """A user that the directory made, without a password, and what is said of them. `letter_id`: of the invitation, if there is one."""
    owed = letter_id if invite and person.active is not False else None
    known = replace(person.known, was_invited=invite, owes_letter=owed)
    new = Member(
        id=id,
        organisation_id=organisation_id,
        email=person.address.text,
        email_key=person.address.key,
        name=person.name,
        role=known.base_role,
        clinic_ids=(),
        language=_language(known.language),
        password_hash=None,
        created_at=now,
        state=INVITED if invite else ACTIVE,
        directory=known,
    )
    if person.active is False:
        suspended = replace(new, state=SUSPENDED)
        return suspended, (member.invited(new) if invite else member.added(new), member.changed(suspended))
    return new, (member.invited(new) if invite else member.added(new),)


def taken_over(found: Member, person: Person, letter_id: str) -> Change[Member] | None:
    """The member as the directory says from now on. `letter_id`: of an invitation that this may cause.

    Raises Invalid for an owner's address, Conflict for who was removed.
    """
    if found.role == OWNER and person.address.key != found.email_key:
        raise invalid("An owner's address is changed in Housecall only.", "mutability")
    wanted = {
        "email": found.email if person.address.key == found.email_key else person.address.text,
        "email_key": person.address.key,
        "name": person.name,
        "role": role_for(found, person.known),
        "language": _language(person.known.language) or found.language,
        "directory": person.known,
    }
    change = member.change(found, wanted)
    if person.active is None or person.active == is_active(found):
        return change
    before = change.state if change else found
    after = _restore(before, letter_id) if person.active else _suspend(before)
    events = change.events if change else ()
    return Change(after.state, *events, *after.events) if after else change


def role_for(found: Member, known: Known) -> str:
    """The strongest that groups give, else the user's own; an owner stays one."""
    if found.role == OWNER:
        return OWNER
    return next((role for role in GIVEN_ROLES if role in known.group_roles), known.base_role)


def adopted(found: Member) -> Known:
    """What is kept of a member who came otherwise, once a directory counts them to a group."""
    if found.directory:
        return found.directory
    base_role = "admin" if found.role == OWNER else found.role
    email = (Email(found.email, None, True),)
    return Known(found.email, found.email_key, base_role, display_name=found.name, emails=email)


def letter_written(found: Member, letter_id: str) -> Change[Member] | None:
    """The invitation is on its way."""
    if found.directory is None or found.directory.owes_letter != letter_id:
        return None
    return Change(replace(found, directory=replace(found.directory, owes_letter=None)))


def _suspend(found: Member) -> Change[Member] | None:
    """Also who has not accepted yet: the link in their mail opens nothing then."""
    if found.state != INVITED or found.directory is None:
        return member.suspend(found)
    known = replace(found.directory, was_invited=True, owes_letter=None)
    new = replace(found, state=SUSPENDED, link_hash=None, link_until=None, directory=known, revision=found.revision + 1)
    return Change(new, member.changed(new))


def _restore(found: Member, letter_id: str) -> Change[Member] | None:
    known = found.directory
    never_accepted = found.password_hash is None and known is not None and known.was_invited
    if found.state != SUSPENDED or known is None or not never_accepted:
        return member.restore(found)
    new = replace(found, state=INVITED, directory=replace(known, owes_letter=letter_id), revision=found.revision + 1)
    return Change(new, member.invited(new), member.changed(new))


def _address(emails: tuple[Email, ...], user_name: str) -> Address:
    """Where mails go: the primary address, else the one at work, else the first; else the user's name, if it is one."""
    order = sorted(emails, key=lambda each: (each.primary is not True, (each.type or "").lower() != "work"))
    text = order[0].value if order else user_name
    try:
        return read_address(text)
    except Invalid:
        what = "emails: this is no e-mail address" if order else "Send emails: userName is no e-mail address"
        raise invalid(f"{what}.") from None


def _base_role(said: list[dict[str, Any]] | None, before: Member | None, default_role: str) -> str:
    known = before.directory if before else None
    kept = known.base_role if known else before.role if before and before.role != OWNER else default_role
    values = [str(each.get("value", "")).lower() for each in said or ()]
    if before is not None and before.role == OWNER:
        values = [value for value in values if value != OWNER]
    if not values or (before is not None and set(values) <= {before.role, kept}):
        return kept
    if any(value not in GIVEN_ROLES for value in values):
        raise invalid("roles: " + ", ".join(GIVEN_ROLES) + "; owners are made in Housecall only.")
    return next(role for role in GIVEN_ROLES if role in values)


def _name(known: Known) -> str:
    parts = " ".join(part for part in (known.given_name, known.family_name) if part)
    whole = known.display_name or known.formatted or parts or known.user_name.partition("@")[0] or known.user_name
    return clean_text(whole)[:_LONGEST_NAME]


def _language(said: str | None) -> str | None:
    """`de-AT` is German."""
    wanted = (said or "").lower().replace("_", "-").partition("-")[0]
    return wanted if wanted in LANGUAGES else None


def _email_out(email: Email) -> dict[str, Any]:
    said = {"value": email.value, "type": email.type, "primary": email.primary}
    return {name: value for name, value in said.items() if value is not None}
