"""What a directory may say of users and groups (RFC 7643 §7): the part of SCIM's schemas that is kept, and nothing else.

Served as it is at `/scim/v2/Schemas`, and read by accounts to know names and types.
"""

from typing import Any

USER_URN = "urn:ietf:params:scim:schemas:core:2.0:User"
GROUP_URN = "urn:ietf:params:scim:schemas:core:2.0:Group"


def _attribute(name: str, about: str, kind: str = "string", **more: Any) -> dict[str, Any]:
    made: dict[str, Any] = {
        "name": name,
        "type": kind,
        "multiValued": False,
        "description": about,
        "required": False,
        "mutability": "readWrite",
        "returned": "default",
    }
    if kind in ("string", "reference"):
        made |= {"caseExact": False, "uniqueness": "none"}
    return made | more


_EMAIL = [
    _attribute(
        "value",
        "An e-mail address; the primary one is where mails go and what the member signs in with.",
        required=True,
    ),
    _attribute("type", "What the address is used for.", canonicalValues=["work", "home", "other"]),
    _attribute("primary", "Whether it is the one that counts.", "boolean"),
]
_ROLE = [
    _attribute(
        "value",
        "Which role; owners are made in Housecall only.",
        canonicalValues=["admin", "coordinator", "provider", "reporter"],
    ),
    _attribute("primary", "Always: a member has one role.", "boolean", mutability="readOnly"),
]
_GROUPS = [
    _attribute("value", "The group's id.", mutability="readOnly"),
    _attribute("$ref", "The group's address.", "reference", mutability="readOnly", referenceTypes=["Group"]),
    _attribute("display", "The group's name.", mutability="readOnly"),
]
_NAME = [
    _attribute("formatted", "The whole name."),
    _attribute("familyName", "The family name."),
    _attribute("givenName", "The given name."),
]
_MEMBERS = [
    _attribute("value", "A user's id.", mutability="immutable"),
    _attribute("$ref", "The user's address.", "reference", mutability="immutable", referenceTypes=["User"]),
    _attribute("type", "Always User.", mutability="immutable", canonicalValues=["User"]),
]
USER: list[dict[str, Any]] = [
    _attribute("userName", "What the directory calls the user.", required=True, uniqueness="server"),
    _attribute("name", "The parts of the name.", "complex", subAttributes=_NAME),
    _attribute("displayName", "The name that others see."),
    _attribute("preferredLanguage", "For pages and mails: en, de or ar; others are kept and not used."),
    _attribute("active", "Whether they may sign in. False ends where they are signed in.", "boolean"),
    _attribute(
        "emails",
        "Addresses; a userName that is one will do.",
        "complex",
        required=True,
        multiValued=True,
        subAttributes=_EMAIL,
    ),
    _attribute("roles", "The role while no group gives one.", "complex", multiValued=True, subAttributes=_ROLE),
    _attribute(
        "groups",
        "Changed through the groups.",
        "complex",
        multiValued=True,
        mutability="readOnly",
        subAttributes=_GROUPS,
    ),
]
GROUP: list[dict[str, Any]] = [
    _attribute("displayName", "Which clinic or role it stands for.", required=True, uniqueness="server"),
    _attribute("members", "Who belongs to it.", "complex", multiValued=True, subAttributes=_MEMBERS),
]
# every resource has it (RFC 7643 §3.1), so that no schema lists it
EXTERNAL_ID = _attribute("externalId", "The directory's own id.", caseExact=True)
