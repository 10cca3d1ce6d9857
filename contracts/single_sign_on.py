"""What accounts says of signing in with an organisation's own identity provider (OpenID Connect): how it is set up, and the way through it."""

from marshmallow import fields, validate

from contracts.actor import ROLES
from contracts.command import Command, Done, Nothing, Request, View
from contracts.events import EventData
from contracts.fields import Id, Instant, TypedText
from contracts.signing_in import SignInView

PASSWORDS = ("everybody", "owners")
LONGEST_ADDRESS = 500
MOST_DOMAINS, MOST_RULES, MOST_SCOPES = 50, 100, 20
# no space, and nothing that ends a parameter (RFC 6749 §3.3)
SCOPE = r"^[\x21\x23-\x5B\x5D-\x7E]{1,100}$"


class MappingRule(Request):
    """Whose claim `claim` (dots lead inside, as in `realm_access.roles`) is or holds `value`: their role, or a clinic of theirs."""

    claim = TypedText(longest=200, required=True)
    value = TypedText(longest=200, required=True)
    role = fields.String(validate=validate.OneOf(ROLES), load_default=None, allow_none=True)
    clinic_id = Id(load_default=None, allow_none=True)


class MappingRuleView(View):
    claim = fields.String(required=True)
    value = fields.String(required=True)
    role = fields.String(required=True, allow_none=True)
    clinic_id = fields.String(required=True, allow_none=True)


class SetProvider(Request):
    """Everything at once; a `client_secret` that is left out stays, and null takes it away (a public client).

    `adds_members`: who is none yet becomes one, if their address is of a proved domain. `default_role` null: nobody comes in
    to whom no rule gives a role. `trusts_addresses`: addresses count without `email_verified`, for a provider that never says
    it. `counts_second_factor`: who used one there (`amr` says `mfa`) is not asked for ours.
    """

    issuer = fields.String(required=True, validate=validate.Length(1, LONGEST_ADDRESS))
    client_id = fields.String(required=True, validate=validate.Length(1, 300))
    client_secret = fields.String(validate=validate.Length(1, 1000), allow_none=True, load_only=True)
    scopes = fields.List(
        fields.String(validate=validate.Regexp(SCOPE)), load_default=lambda: ["openid", "email", "profile"],
        validate=validate.Length(0, MOST_SCOPES),
    )  # fmt: skip
    domains = fields.List(
        fields.String(validate=validate.Length(1, 253)), load_default=list, validate=validate.Length(0, MOST_DOMAINS)
    )
    adds_members = fields.Boolean(load_default=False)
    default_role = fields.String(
        validate=validate.OneOf([role for role in ROLES if role != "owner"]), load_default=None, allow_none=True
    )
    default_clinic_ids = fields.List(Id(), load_default=list)
    rules = fields.List(fields.Nested(MappingRule), load_default=list, validate=validate.Length(0, MOST_RULES))
    passwords = fields.String(validate=validate.OneOf(PASSWORDS), load_default="everybody")
    trusts_addresses = fields.Boolean(load_default=False)
    counts_second_factor = fields.Boolean(load_default=False)


class DomainView(View):
    """Counts once it is proved: by a TXT record `record_name` with the text `record_text`, or by the operator."""

    name = fields.String(required=True)
    record_name = fields.String(required=True)
    record_text = fields.String(required=True)
    proved_at = Instant(required=True, allow_none=True)


class ProviderView(View):
    """Never the client secret; `redirect_uri` is to be entered at the provider."""

    issuer = fields.String(required=True)
    client_id = fields.String(required=True)
    has_secret = fields.Boolean(required=True)
    scopes = fields.List(fields.String(), required=True)
    domains = fields.List(fields.Nested(DomainView), required=True)
    adds_members = fields.Boolean(required=True)
    default_role = fields.String(required=True, allow_none=True)
    default_clinic_ids = fields.List(fields.String(), required=True)
    rules = fields.List(fields.Nested(MappingRuleView), required=True)
    passwords = fields.String(required=True)
    trusts_addresses = fields.Boolean(required=True)
    counts_second_factor = fields.Boolean(required=True)


class ProviderSettings(View):
    """`provider` is null where there is none. `connected`: whether the reader signs in with it already."""

    provider = fields.Nested(ProviderView, required=True, allow_none=True)
    organisation_id = Id(required=True)
    redirect_uri = fields.String(required=True)
    connected = fields.Boolean(required=True)


class NamedDomain(Request):
    domain = fields.String(required=True, validate=validate.Length(1, 253))


class FoundProvider(View):
    """Both null where the domain is nobody's; says nothing of whether an address is a member's."""

    organisation_id = Id(required=True, allow_none=True)
    organisation_name = fields.String(required=True, allow_none=True)


class StartProviderSignIn(Request):
    organisation_id = Id(required=True)


class ProviderSignInStarted(View):
    """`location` is where the browser goes; the rest stays with it, to be brought back with the code."""

    location = fields.String(required=True)
    organisation_id = Id(required=True)
    issuer = fields.String(required=True)
    provider_state = fields.String(required=True)
    nonce = fields.String(required=True)
    verifier = fields.String(required=True)


class FinishProviderSignIn(Request):
    """`issuer`, `provider_state`, `nonce`, `verifier` as the start answered them; `code` and `iss` (RFC 9207) as the provider did.

    Asked by a member, it connects this member with who they are there.
    """

    organisation_id = Id(required=True)
    issuer = fields.String(required=True, validate=validate.Length(1, LONGEST_ADDRESS))
    provider_state = fields.String(required=True, validate=validate.Length(20, 128), load_only=True)
    nonce = fields.String(required=True, validate=validate.Length(20, 128), load_only=True)
    verifier = fields.String(required=True, validate=validate.Length(43, 128), load_only=True)
    code = fields.String(required=True, validate=validate.Length(1, 4096), load_only=True)
    iss = fields.String(load_default=None, allow_none=True, validate=validate.Length(0, LONGEST_ADDRESS))
    network = fields.String(load_default=None, allow_none=True, validate=validate.Length(0, 64))
    device = fields.String(load_default=None, allow_none=True, validate=validate.Length(0, 64))
    browser = fields.String(load_default=None, allow_none=True, validate=validate.Length(0, 200))


GET_PROVIDER = Command("accounts.get_provider", Nothing, ProviderSettings, "sign_in_provider.change")
SET_PROVIDER = Command("accounts.set_provider", SetProvider, ProviderSettings, "sign_in_provider.change", changes=True)
REMOVE_PROVIDER = Command("accounts.remove_provider", Nothing, Done, "sign_in_provider.change", changes=True)
PROVE_DOMAIN = Command("accounts.prove_domain", NamedDomain, ProviderSettings, "sign_in_provider.change", changes=True)
CONFIRM_DOMAIN = Command("accounts.confirm_domain", NamedDomain, Done, "sign_in_provider.confirm_domain", changes=True)
FIND_PROVIDER = Command("accounts.find_provider", NamedDomain, FoundProvider, "sign_in_provider.use")
START_PROVIDER_SIGN_IN = Command(
    "accounts.start_provider_sign_in", StartProviderSignIn, ProviderSignInStarted, "sign_in_provider.use"
)
# answers a token, so it is not remembered with its reply; the state is good once
FINISH_PROVIDER_SIGN_IN = Command(
    "accounts.finish_provider_sign_in", FinishProviderSignIn, SignInView, "sign_in_provider.use"
)


class ProviderChanged(EventData):
    """`changed`: the names of what is different, not what it is."""

    organisation_id = Id(required=True)
    changed = fields.List(fields.String(), required=True)


class DomainProved(EventData):
    organisation_id = Id(required=True)


class MemberConnected(EventData):
    """From now on this member may sign in with the organisation's provider."""

    member_id = Id(required=True)


EVENTS: dict[str, type[EventData]] = {
    "sign_in_provider.changed": ProviderChanged,
    "sign_in_provider.removed": ProviderChanged,
    "sign_in_provider.domain_proved": DomainProved,
    "member.connected": MemberConnected,
}
