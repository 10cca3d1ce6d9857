"""What several parts of accounts' contract say of people: an address, and a member as others see them."""

from marshmallow import fields, validate

from contracts.command import View
from contracts.fields import Id, Instant

LANGUAGES = ("en", "de", "ar")
MEMBER_STATES = ("invited", "active", "suspended", "removed")


class EmailAddress(fields.String):
    """Its form is judged by the service (email-validator); here only its length (RFC 5321 §4.5.3.1)."""

    def __init__(self, **kwargs: object) -> None:
        super().__init__(validate=validate.Length(3, 254), **kwargs)  # type: ignore[arg-type]


class MemberView(View):
    """`state`: invited (has not accepted yet), active, suspended, or removed. `second_factor`: asked for at every sign-in.

    `external_id`: how a directory knows them (SCIM). `version` counts what people changed of them.
    """

    id = Id(required=True)
    organisation_id = Id(required=True)
    email = fields.String(required=True)
    name = fields.String(required=True)
    role = fields.String(required=True)
    clinic_ids = fields.List(Id())
    language = fields.String(allow_none=True)
    state = fields.String(validate=validate.OneOf(MEMBER_STATES))
    second_factor = fields.Boolean()
    invited_until = Instant(allow_none=True)
    created_at = Instant()
    external_id = fields.String(allow_none=True)
    version = fields.Integer()


class MemberList(View):
    items = fields.List(fields.Nested(MemberView), required=True)
