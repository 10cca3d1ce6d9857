"""What accounts says of a member's own sign-ins."""

from marshmallow import fields

from contracts.command import Command, Done, Nothing, Request, View
from contracts.fields import Id, Instant


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


LIST_SIGN_INS = Command("accounts.list_sign_ins", Nothing, OwnSignIns, "sign_in.read")
END_SIGN_IN = Command("accounts.end_sign_in", NamedSignIn, Done, "sign_in.end", changes=True)
END_OTHER_SIGN_INS = Command("accounts.end_other_sign_ins", Nothing, Done, "sign_in.end", changes=True)
