"""What accounts says of API clients: programs that come by OAuth 2.0 (RFC 6749), with scopes, for an organisation or some of its clinics."""

from marshmallow import fields, validate

from contracts.command import Command, Done, Nothing, Request, View
from contracts.events import EventData
from contracts.fields import Id, Instant, name_text

SCOPES = (
    "rooms:read", "rooms:write", "sessions:read", "sessions:write", "invitations:read", "invitations:write", "waiting:read",
    "calls:read", "events:read", "members:read", "organisation:read",
)  # fmt: skip
"""What a client may be given. A directory's own (`scim`) comes by its tokens alone (contracts.directory)."""
ACCESS_SECONDS = 3600
REFRESH_SECONDS = 30 * 24 * 3600
MOST_SECRETS = 2
_scope = validate.OneOf(SCOPES)


class ApiSecretView(View):
    """`last_used_at` is noted once a minute at most."""

    id = Id(required=True)
    made_at = Instant(required=True)
    last_used_at = Instant(required=True, allow_none=True)


class ApiClientView(View):
    """`id` is the public half of what it comes with, the OAuth client id. `clinic_ids` empty: of the whole organisation."""

    id = Id(required=True)
    name = fields.String(required=True)
    scopes = fields.List(fields.String(), required=True)
    clinic_ids = fields.List(Id(), required=True)
    secrets = fields.List(fields.Nested(ApiSecretView), required=True)
    made_by = Id(required=True)
    made_by_name = fields.String(required=True, allow_none=True)
    created_at = Instant(required=True)
    version = fields.Integer(required=True)


class MadeApiClient(ApiClientView):
    """`key_secret` is the only copy of its newest secret: the service keeps its SHA-256."""

    key_secret = fields.String(required=True)


class ApiClients(View):
    items = fields.List(fields.Nested(ApiClientView), required=True)


class NewApiClient(Request):
    """`clinic_ids` empty: of the whole organisation. Some scopes reach over all clinics and are refused with any named."""

    name = name_text(required=True)
    scopes = fields.List(fields.String(validate=_scope), required=True, validate=validate.Length(1, 40))
    clinic_ids = fields.List(Id(), load_default=list, validate=validate.Length(max=200))


class NamedApiClient(Request):
    api_client_id = Id(required=True)


class ChangeApiClient(NamedApiClient):
    """What is left out stays. Holds from the client's next request on, for tokens that it has, too."""

    name = name_text()
    scopes = fields.List(fields.String(validate=_scope), validate=validate.Length(1, 40))
    clinic_ids = fields.List(Id(), validate=validate.Length(max=200))
    version = fields.Integer(load_default=None, allow_none=True)


class NamedApiSecret(NamedApiClient):
    secret_id = Id(required=True)


class OpenAccess(Request):
    """By its secret, and of a refresh grant also by the refresh token. `scope` as RFC 6749 §3.3. `network` is as the gateway sees it.

    `refreshable`: whether a refresh token is wanted beside.
    """

    api_key = fields.String(required=True, validate=validate.Length(1, 64))
    key_secret = fields.String(required=True, validate=validate.Length(0, 128), load_only=True)
    scope = fields.String(load_default=None, allow_none=True, validate=validate.Length(0, 1000))
    refresh_token = fields.String(load_default=None, allow_none=True, validate=validate.Length(0, 4000), load_only=True)
    refreshable = fields.Boolean(load_default=False)
    network = fields.String(load_default=None, allow_none=True, validate=validate.Length(0, 64))


class AccessView(View):
    """As RFC 6749 §5.1 answers it."""

    access_token = fields.String(required=True)
    refresh_token = fields.String(required=True, allow_none=True)
    expires_in = fields.Integer(required=True)
    scope = fields.String(required=True)


class ResolveAccess(Request):
    token = fields.String(required=True, validate=validate.Length(1, 4000), load_only=True)


class KnownApiClient(View):
    """Whose access token it is, and what they may do now."""

    api_client_id = Id(required=True)
    organisation_id = Id(required=True)
    name = fields.String(required=True)
    scopes = fields.List(fields.String(), required=True)
    clinic_ids = fields.List(Id(), required=True)
    expires_at = Instant(required=True)


_KEEP = "api_client.keep"
# a reply with a secret in it is not remembered, so these repeat instead
MAKE_API_CLIENT = Command("accounts.make_api_client", NewApiClient, MadeApiClient, _KEEP)
ADD_API_SECRET = Command("accounts.add_api_secret", NamedApiClient, MadeApiClient, _KEEP)
LIST_API_CLIENTS = Command("accounts.list_api_clients", Nothing, ApiClients, _KEEP)
CHANGE_API_CLIENT = Command("accounts.change_api_client", ChangeApiClient, ApiClientView, _KEEP, changes=True)
REMOVE_API_SECRET = Command("accounts.remove_api_secret", NamedApiSecret, ApiClientView, _KEEP, changes=True)
REVOKE_API_CLIENT = Command("accounts.revoke_api_client", NamedApiClient, Done, _KEEP, changes=True)
OPEN_ACCESS = Command("accounts.open_access", OpenAccess, AccessView, "api_client.open")
RESOLVE_ACCESS = Command("accounts.resolve_access", ResolveAccess, KnownApiClient, "api_client.open")


class ApiClientChanged(EventData):
    """Said too when a secret of it was made or removed."""

    api_client_id = Id(required=True)


EVENTS: dict[str, type[EventData]] = {
    "api_client.created": ApiClientChanged,
    "api_client.changed": ApiClientChanged,
    "api_client.revoked": ApiClientChanged,
}
