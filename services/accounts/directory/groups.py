"""A directory's groups: each stands for a clinic or a role (docs/adr/0015-groups-are-clinics-or-roles.md). Pure."""

import hashlib
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from contracts.directory_schemas import GROUP_URN
from contracts.fields import instant_text
from plumbing.store import Change
from services.accounts import member
from services.accounts.directory import users
from services.accounts.directory.refusals import invalid
from services.accounts.member import Member

LONGEST_NAME = 80


@dataclass(frozen=True)
class Group:
    """Either `clinic_id` or `role`: what its members get. The clinic keeps its own name when the group is renamed."""

    id: str
    organisation_id: str
    display_name: str
    name_key: str
    external_id: str | None
    clinic_id: str | None
    role: str | None
    created_at: datetime
    version: int = 0


def key_of(name: str) -> str:
    """Equal for names that count as one."""
    return " ".join(name.casefold().split())


def read_name(said: dict[str, Any]) -> str:
    """The name. Raises Invalid."""
    name = said.get("displayName")
    if not name or len(name) > LONGEST_NAME:
        raise invalid(f"displayName is needed, and has at most {LONGEST_NAME} characters.")
    return str(name)


def written_by(group: Group, member_ids: list[str]) -> dict[str, Any]:
    """What a directory may write of it, in the form of `attributes.read`."""
    said = {"displayName": group.display_name, "externalId": group.external_id}
    members = [{"value": each} for each in member_ids]
    return {name: value for name, value in {**said, "members": members}.items() if value}


def resource_of(group: Group, members: list[Member], base_url: str) -> dict[str, Any]:
    """The whole group."""
    shown = [{"value": each.id, "type": "User", "$ref": f"{base_url}/Users/{each.id}"} for each in members]
    meta = {
        "resourceType": "Group",
        "created": instant_text(group.created_at),
        "location": f"{base_url}/Groups/{group.id}",
        "version": tag_of(group, members),
    }
    said = written_by(group, [])
    return {"schemas": [GROUP_URN], "id": group.id, **said, "members": shown, "meta": meta}


def mention(group: Group, base_url: str) -> dict[str, Any]:
    """The group in a user's `groups`."""
    return {"value": group.id, "display": group.display_name, "$ref": f"{base_url}/Groups/{group.id}"}


def tag_of(group: Group, members: list[Member]) -> str:
    """The group's entity tag: of itself and of who belongs to it."""
    ids = ",".join(sorted(each.id for each in members))
    digest = hashlib.sha256(f"{group.id} {group.version} {ids}".encode()).hexdigest()
    return f'W/"{digest[:16]}"'


def belongs(found: Member, group: Group) -> bool:
    """Whether they are in the clinic, or have the role by a group."""
    if group.clinic_id:
        return group.clinic_id in found.clinic_ids
    return found.directory is not None and group.role in found.directory.group_roles


def change_group(group: Group, name: str, external_id: str | None, clinic_id: str | None) -> Change[Group] | None:
    """Another name or id of the directory's, or another clinic instead of one that was removed meanwhile."""
    new = replace(group, display_name=name, name_key=key_of(name), external_id=external_id, clinic_id=clinic_id)
    return None if new == group else Change(new)


def member_ids(said: dict[str, Any]) -> list[str]:
    """Who is meant, each once. Raises Invalid for a member without an id."""
    ids = [each.get("value") or each.get("$ref", "").rpartition("/")[2] for each in said.get("members", ())]
    if not all(ids):
        raise invalid("members: each has a value, the id of a user.")
    return list(dict.fromkeys(ids))


def join(found: Member, group: Group) -> Change[Member] | None:
    """They get the clinic or the role."""
    if belongs(found, group):
        return None
    if group.clinic_id:
        return member.change(found, {"clinic_ids": (*found.clinic_ids, group.clinic_id)})
    known = users.adopted(found)
    known = replace(known, group_roles=(*known.group_roles, group.role or ""))
    return member.change(found, {"directory": known, "role": users.role_for(found, known)})


def leave(found: Member, group: Group) -> Change[Member] | None:
    """They lose it; whoever has no role by a group has their own again."""
    if not belongs(found, group):
        return None
    if group.clinic_id:
        return member.change(found, {"clinic_ids": tuple(id for id in found.clinic_ids if id != group.clinic_id)})
    known = users.adopted(found)
    known = replace(known, group_roles=tuple(role for role in known.group_roles if role != group.role))
    return member.change(found, {"directory": known, "role": users.role_for(found, known)})
