"""What accounts says of the second factor: codes by time (TOTP, RFC 6238) and recovery codes."""

from marshmallow import fields, validate

from contracts.command import Command, Done, Request, View
from contracts.fields import Id
from contracts.signing_in import SignInView


class NewSecondFactor(View):
    """The only time that the secret is shown. `uri` is what an authenticator app reads as a QR code."""

    secret = fields.String(required=True)
    uri = fields.String(required=True)


class SecondFactorCode(Request):
    code = fields.String(required=True, validate=validate.Length(6, 32), load_only=True)


class RecoveryCodes(View):
    """Ten, each good once; the only time that they are shown."""

    recovery_codes = fields.List(fields.String(), required=True)


class ProvedAgain(Request):
    """`password` where the asker's sign-in is more than ten minutes old; refused with `reason` `password_needed`, or `sign_in_again`
    for who has none.
    """

    password = fields.String(load_default=None, allow_none=True, validate=validate.Length(1, 256), load_only=True)


class ResetSecondFactor(Request):
    member_id = Id(required=True)


class FinishSignIn(SecondFactorCode):
    """`token` is of the step that SIGN_IN answered; `code` from the app, or a recovery code."""

    token = fields.String(required=True, validate=validate.Length(1, 128), load_only=True)
    network = fields.String(load_default=None, allow_none=True, validate=validate.Length(0, 64))
    device = fields.String(load_default=None, allow_none=True, validate=validate.Length(0, 64))
    browser = fields.String(load_default=None, allow_none=True, validate=validate.Length(0, 200))


# what answers a secret is not remembered with its reply, so these repeat instead
BEGIN_SECOND_FACTOR = Command("accounts.begin_second_factor", ProvedAgain, NewSecondFactor, "second_factor.change")
CONFIRM_SECOND_FACTOR = Command(
    "accounts.confirm_second_factor", SecondFactorCode, RecoveryCodes, "second_factor.change"
)
DISABLE_SECOND_FACTOR = Command(
    "accounts.disable_second_factor", ProvedAgain, Done, "second_factor.change", changes=True
)
RESET_SECOND_FACTOR = Command("accounts.reset_second_factor", ResetSecondFactor, Done, "member.change", changes=True)
FINISH_SIGN_IN = Command("accounts.finish_sign_in", FinishSignIn, SignInView, "sign_in.open")
