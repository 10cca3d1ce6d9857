"""What carriers say afterwards: the provider of texts by its signed requests, mail servers by reports (RFC 3464)."""

from marshmallow import fields, validate

from contracts.command import Command, Done, Request

LONGEST_REPORT = 100_000
"""Of a report so much is looked at: what it says comes before the mail that it quotes."""
_VALUE = validate.Length(0, 4_000)


class HeardText(Request):
    """The form as the provider posted it, and its signature over that and the address."""

    fields_given = fields.Dict(
        keys=fields.String(validate=validate.Length(1, 64)),
        values=fields.String(validate=_VALUE),
        required=True,
        validate=validate.Length(max=100),
    )
    signature = fields.String(required=True, validate=validate.Length(0, 200))


class HeardTextStatus(HeardText):
    """About one sending, which `token` names."""

    token = fields.String(required=True, validate=validate.Length(1, 100))


class HeardBounce(Request):
    """`report` is a mail as it came, each byte a character, or its beginning; `secret` is what its bringer was given."""

    report = fields.String(required=True, validate=validate.Length(1, LONGEST_REPORT))
    secret = fields.String(required=True, validate=validate.Length(0, 500))


HEAR_TEXT = Command("invitations.hear_text", HeardText, Done, "delivery.report")
HEAR_TEXT_STATUS = Command("invitations.hear_text_status", HeardTextStatus, Done, "delivery.report")
HEAR_BOUNCE = Command("invitations.hear_bounce", HeardBounce, Done, "delivery.report")
