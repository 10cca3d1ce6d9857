"""What accounts says to a directory that keeps members by SCIM 2.0 (RFC 7644), and of the tokens by which one comes.

A resource travels as the directory wrote it: what it may hold is in `contracts.directory_schemas`.
"""

from marshmallow import fields, validate

from contracts.actor import ROLES
from contracts.command import Command, Done, Nothing, Request, View
from contracts.fields import Id, Instant, name_text

SCOPE = "scim"
GIVEN_ROLES = tuple(role for role in ROLES if role != "owner")
MOST_OPERATIONS = 5000


class RoleGroups(Request):
    """The display names of the directory's groups that give a role."""

    admin = name_text(load_default="Housecall Admins")
    coordinator = name_text(load_default="Housecall Coordinators")
    provider = name_text(load_default="Housecall Providers")
    reporter = name_text(load_default="Housecall Reporters")


class NewDirectoryToken(Request):
    """`invite`: whoever the directory makes gets an invitation mail; else they sign in by the network's own sign-in."""

    name = name_text(required=True)
    invite = fields.Boolean(load_default=True)
    default_role = fields.String(load_default="provider", validate=validate.OneOf(GIVEN_ROLES))
    role_groups = fields.Nested(RoleGroups, load_default=lambda: RoleGroups().load({}))


class DirectoryToken(View):
    id = Id(required=True)
    name = fields.String(required=True)
    invite = fields.Boolean(required=True)
    default_role = fields.String(required=True)
    role_groups = fields.Dict(fields.String(), fields.String(), required=True)
    made_by = fields.String(required=True)
    created_at = Instant(required=True)
    last_used_at = Instant(allow_none=True)


class MadeDirectoryToken(DirectoryToken):
    """`token` is the only copy: the service keeps its SHA-256."""

    token = fields.String(required=True)


class DirectoryTokens(View):
    items = fields.List(fields.Nested(DirectoryToken), required=True)


class NamedDirectoryToken(Request):
    token_id = Id(required=True)


class PresentedToken(Request):
    token = fields.String(required=True, validate=validate.Length(1, 128), load_only=True)


class KnownDirectory(View):
    token_id = Id(required=True)
    organisation_id = Id(required=True)


class FindResources(Request):
    """`filter` as RFC 7644 §3.4.2.2; `start_index` from 1; no `count` is as many as there may be."""

    filter = fields.String(load_default=None, allow_none=True, validate=validate.Length(0, 2000))
    start_index = fields.Integer(load_default=1)
    count = fields.Integer(load_default=None, allow_none=True)


class FoundResources(View):
    total = fields.Integer(required=True)
    start_index = fields.Integer(required=True)
    items = fields.List(fields.Dict(), required=True)


class ResourceView(View):
    resource = fields.Dict(required=True)


class NewResource(Request):
    resource = fields.Dict(required=True)


class NamedUser(Request):
    member_id = Id(required=True)


class NamedGroup(Request):
    group_id = Id(required=True)


class _Conditional(Request):
    """`if_match` as the header says it (RFC 9110 §13.1.1)."""

    if_match = fields.String(load_default=None, allow_none=True, validate=validate.Length(0, 400))


class ReplaceUser(NamedUser, _Conditional):
    resource = fields.Dict(required=True)


class ChangeUser(NamedUser, _Conditional):
    operations = fields.List(fields.Dict(), required=True, validate=validate.Length(1, MOST_OPERATIONS))


class RemoveUser(NamedUser, _Conditional):
    pass


class ReplaceGroup(NamedGroup, _Conditional):
    resource = fields.Dict(required=True)


class ChangeGroup(NamedGroup, _Conditional):
    operations = fields.List(fields.Dict(), required=True, validate=validate.Length(1, MOST_OPERATIONS))


class RemoveGroup(NamedGroup, _Conditional):
    pass


_PROVISION = "directory.provision"
# what answers a secret is not remembered with its reply, so this repeats instead
MAKE_DIRECTORY_TOKEN = Command(
    "accounts.make_directory_token", NewDirectoryToken, MadeDirectoryToken, "directory.connect"
)
LIST_DIRECTORY_TOKENS = Command("accounts.list_directory_tokens", Nothing, DirectoryTokens, "directory.connect")
REVOKE_DIRECTORY_TOKEN = Command(
    "accounts.revoke_directory_token", NamedDirectoryToken, Done, "directory.connect", changes=True
)
RESOLVE_DIRECTORY_TOKEN = Command(
    "accounts.resolve_directory_token", PresentedToken, KnownDirectory, "directory.resolve"
)
FIND_DIRECTORY_USERS = Command("accounts.find_directory_users", FindResources, FoundResources, _PROVISION)
GET_DIRECTORY_USER = Command("accounts.get_directory_user", NamedUser, ResourceView, _PROVISION)
ADD_DIRECTORY_USER = Command("accounts.add_directory_user", NewResource, ResourceView, _PROVISION, changes=True)
REPLACE_DIRECTORY_USER = Command("accounts.replace_directory_user", ReplaceUser, ResourceView, _PROVISION, changes=True)
CHANGE_DIRECTORY_USER = Command("accounts.change_directory_user", ChangeUser, ResourceView, _PROVISION, changes=True)
REMOVE_DIRECTORY_USER = Command("accounts.remove_directory_user", RemoveUser, Done, _PROVISION, changes=True)
FIND_DIRECTORY_GROUPS = Command("accounts.find_directory_groups", FindResources, FoundResources, _PROVISION)
GET_DIRECTORY_GROUP = Command("accounts.get_directory_group", NamedGroup, ResourceView, _PROVISION)
ADD_DIRECTORY_GROUP = Command("accounts.add_directory_group", NewResource, ResourceView, _PROVISION, changes=True)
REPLACE_DIRECTORY_GROUP = Command(
    "accounts.replace_directory_group", ReplaceGroup, ResourceView, _PROVISION, changes=True
)
CHANGE_DIRECTORY_GROUP = Command("accounts.change_directory_group", ChangeGroup, ResourceView, _PROVISION, changes=True)
REMOVE_DIRECTORY_GROUP = Command("accounts.remove_directory_group", RemoveGroup, Done, _PROVISION, changes=True)
