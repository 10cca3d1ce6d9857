"""What accounts says of a member's own sign-ins and password."""

from marshmallow import fields, validate

from contracts.command import Command, Done, Nothing, Request, View
from contracts.fields import Id, Instant
from contracts.people import EmailAddress, MemberView


class SignInView(View):
    """`token` is the only copy: the service keeps its SHA-256.

    Where a second factor is asked for, `token` and `member` are null, and `step` is what the code is to be brought with.
    """

    token = fields.String(required=True, allow_none=True)
    step = fields.String(allow_none=True)
    expires_at = Instant(required=True)
    member = fields.Nested(MemberView, required=True, allow_none=True)


class OwnSignIn(View):
    """`network` and `browser` are as the gateway saw them; `current` is the one that asks."""

    id = Id(required=True)
    created_at = Instant(required=True)
    expires_at = Instant(required=True)
    network = fields.String(allow_none=True)
    browser = fields.String(allow_none=True)
    current = fields.Boolean(required=True)


class OwnSignIns(View):
    items = fields.List(fields.Nested(OwnSignIn), required=True)


class NamedSignIn(Request):
    sign_in_id = Id(required=True)


class AskPasswordReset(Request):
    email = EmailAddress(required=True)
    network = fields.String(load_default=None, allow_none=True, validate=validate.Length(0, 64))


class ResetPassword(Request):
    """`device` is known from then on, as by signing in."""

    # told apart from another when repeated, which a password is not: nobody guesses it from its digest
    token = fields.String(required=True, validate=validate.Length(1, 64))
    password = fields.String(required=True, validate=validate.Length(1, 256), load_only=True)
    device = fields.String(load_default=None, allow_none=True, validate=validate.Length(0, 64), load_only=True)


class ChangePassword(Request):
    current_password = fields.String(required=True, validate=validate.Length(1, 256), load_only=True)
    password = fields.String(required=True, validate=validate.Length(1, 256), load_only=True)


ASK_PASSWORD_RESET = Command("accounts.ask_password_reset", AskPasswordReset, Done, "password.reset")
RESET_PASSWORD = Command("accounts.reset_password", ResetPassword, Done, "password.reset", changes=True)
CHANGE_PASSWORD = Command("accounts.change_password", ChangePassword, Done, "password.change", changes=True)
LIST_SIGN_INS = Command("accounts.list_sign_ins", Nothing, OwnSignIns, "sign_in.read")
END_SIGN_IN = Command("accounts.end_sign_in", NamedSignIn, Done, "sign_in.end", changes=True)
END_OTHER_SIGN_INS = Command("accounts.end_other_sign_ins", Nothing, Done, "sign_in.end", changes=True)
