"""What several parts of accounts' contract say of people: an address, and a member as others see them."""

from marshmallow import fields, validate

from contracts.actor import ROLES
from contracts.command import Request, View
from contracts.fields import Id, Instant

LANGUAGES = ("en", "de", "ar")
PRESENT_STATES = ("invited", "active", "suspended")
MEMBER_STATES = (*PRESENT_STATES, "removed")


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


class ListMembers(Request):
    """`words`: each begins a word of the name, or the address. `clinic_id` `none`: in no clinic. `cursor`: as the page before answered it."""

    words = fields.String(load_default=None, allow_none=True, validate=validate.Length(0, 100))
    role = fields.String(load_default=None, allow_none=True, validate=validate.OneOf(ROLES))
    clinic_id = fields.String(load_default=None, allow_none=True, validate=validate.Length(1, 36))
    state = fields.String(load_default=None, allow_none=True, validate=validate.OneOf(PRESENT_STATES))
    cursor = fields.String(load_default=None, allow_none=True, validate=validate.Length(1, 800))
    limit = fields.Integer(load_default=50, validate=validate.Range(1, 200))


class MemberPage(View):
    """By name. `total`: how many fit, null for more than 1,000. `cursor` null: that was all."""

    items = fields.List(fields.Nested(MemberView), required=True)
    total = fields.Integer(allow_none=True)
    cursor = fields.String(allow_none=True)
