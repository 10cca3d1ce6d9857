"""What accounts says of security keys (W3C WebAuthn), a second factor beside codes.

Options and credentials are the JSON of WebAuthn §5.1 and §5.10, as browsers read and write it; bytes in it are base64url.
"""

from marshmallow import fields, validate

from contracts.command import Command, Done, Nothing, Request, View
from contracts.fields import Id, Instant, name_text
from contracts.second_factor import ProvedAgain
from contracts.signing_in import SignInView


class SecurityKeyView(View):
    """`used_at` is null before the first sign-in with it."""

    id = Id(required=True)
    name = fields.String(required=True)
    created_at = Instant(required=True)
    used_at = Instant(required=True, allow_none=True)


class SecurityKeyList(View):
    """`authenticator_app`: whether codes of an app count as well."""

    items = fields.List(fields.Nested(SecurityKeyView), required=True)
    authenticator_app = fields.Boolean(required=True)


class CreationOptions(View):
    """What a browser's `navigator.credentials.create` is given; good for five minutes, once."""

    options = fields.Dict(fields.String(), required=True)


class RequestOptions(View):
    """What `navigator.credentials.get` is given; null for who has no security key."""

    options = fields.Dict(fields.String(), required=True, allow_none=True)


class NewSecurityKey(Request):
    credential = fields.Dict(fields.String(), required=True)
    name = name_text(required=True)


class AddedSecurityKey(View):
    """`recovery_codes`: ten, each good once, shown only now; null for who has theirs already."""

    key = fields.Nested(SecurityKeyView, required=True)
    recovery_codes = fields.List(fields.String(), required=True, allow_none=True)


class RenameSecurityKey(Request):
    key_id = Id(required=True)
    name = name_text(required=True)


class RemoveSecurityKey(ProvedAgain):
    key_id = Id(required=True)


class BeginSecurityKeyStep(Request):
    """`token` is of the step that SIGN_IN answered."""

    token = fields.String(required=True, validate=validate.Length(1, 128), load_only=True)


class FinishSignInWithKey(BeginSecurityKeyStep):
    credential = fields.Dict(fields.String(), required=True)
    network = fields.String(load_default=None, allow_none=True, validate=validate.Length(0, 64))
    device = fields.String(load_default=None, allow_none=True, validate=validate.Length(0, 64))
    browser = fields.String(load_default=None, allow_none=True, validate=validate.Length(0, 200))


LIST_SECURITY_KEYS = Command("accounts.list_security_keys", Nothing, SecurityKeyList, "second_factor.change")
# challenges and recovery codes are not remembered with a reply, so these repeat instead
BEGIN_SECURITY_KEY = Command("accounts.begin_security_key", ProvedAgain, CreationOptions, "second_factor.change")
FINISH_SECURITY_KEY = Command("accounts.finish_security_key", NewSecurityKey, AddedSecurityKey, "second_factor.change")
RENAME_SECURITY_KEY = Command(
    "accounts.rename_security_key", RenameSecurityKey, SecurityKeyView, "second_factor.change", changes=True
)
REMOVE_SECURITY_KEY = Command(
    "accounts.remove_security_key", RemoveSecurityKey, Done, "second_factor.change", changes=True
)
BEGIN_SECURITY_KEY_STEP = Command(
    "accounts.begin_security_key_step", BeginSecurityKeyStep, RequestOptions, "sign_in.open"
)
FINISH_SIGN_IN_WITH_KEY = Command("accounts.finish_sign_in_with_key", FinishSignInWithKey, SignInView, "sign_in.open")
