"""What accounts says: organisations, clinics, members, and the sign-in of a member."""

from marshmallow import fields, validate

from contracts import (
    api_clients,
    audit,
    availability,
    calendar_feed,
    directory,
    member_import,
    membership,
    organisations,
    second_factor,
    security_keys,
    signing_in,
    signing_up,
    single_sign_on,
)
from contracts.actor import ROLES
from contracts.command import Command, Done, Nothing, Request, View
from contracts.events import EventData
from contracts.fields import Id, Instant, TypedText, name_text
from contracts.organisations import ClinicView, OrganisationView
from contracts.people import LANGUAGES, EmailAddress, ListMembers, MemberPage, MemberView

PARTS = (
    audit,
    membership,
    signing_in,
    second_factor,
    security_keys,
    organisations,
    availability,
    calendar_feed,
    signing_up,
    member_import,
    single_sign_on,
    directory,
    api_clients,
)


class NewMember(Request):
    email = EmailAddress(required=True)
    name = name_text(required=True)
    role = fields.String(required=True, validate=validate.OneOf(ROLES))
    clinic_ids = fields.List(Id(), load_default=list)
    password = fields.String(validate=validate.Length(12, 256), load_default=None, allow_none=True, load_only=True)
    language = fields.String(validate=validate.OneOf(LANGUAGES), load_default=None, allow_none=True)


class NewOwner(NewMember):
    """The first member of an organisation: always its owner."""

    role = fields.Constant("owner")  # type: ignore[assignment]


class CreateOrganisation(Request):
    name = name_text(required=True)
    plan = fields.String(required=True, validate=validate.Length(1, 40))
    policy_version = fields.Integer(load_default=None, allow_none=True)
    zone = fields.String(load_default="UTC", validate=validate.Length(1, 64))
    language = fields.String(validate=validate.OneOf(LANGUAGES), load_default="en")
    clinic_name = name_text(load_default="Clinic")
    contact_phone = TypedText(longest=40, load_default=None, allow_none=True)
    contact_email = EmailAddress(load_default=None, allow_none=True)
    owner = fields.Nested(NewOwner, required=True)


class ReadMember(Request):
    member_id = Id(required=True)


class ChangePlan(Request):
    """Without a `policy_version`, within the organisation's own. What it would do: contracts.rooms.PREVIEW_PLAN_CHANGE."""

    plan = fields.String(required=True, validate=validate.Length(1, 40))
    policy_version = fields.Integer(load_default=None, allow_none=True)


class CreateClinic(Request):
    name = name_text(required=True)


class SignIn(Request):
    """`network`, `browser`, `device`: from where; the device is an id that the gateway gave the browser, and signed."""

    email = EmailAddress(required=True)
    password = fields.String(required=True, validate=validate.Length(1, 256), load_only=True)
    network = fields.String(load_default=None, allow_none=True, validate=validate.Length(0, 64))
    device = fields.String(load_default=None, allow_none=True, validate=validate.Length(0, 64))
    browser = fields.String(load_default=None, allow_none=True, validate=validate.Length(0, 200))


class ResolveSignIn(Request):
    """`network` and `browser`: from where it is used now."""

    token = fields.String(required=True, validate=validate.Length(1, 128))
    network = fields.String(load_default=None, allow_none=True, validate=validate.Length(0, 64))
    browser = fields.String(load_default=None, allow_none=True, validate=validate.Length(0, 200))


class ResolvedSignIn(View):
    """`origin_id` names where it is used, for the audit log. `must_add_second_step`: it is good for nothing else."""

    sign_in_id = Id(required=True)
    origin_id = fields.String(allow_none=True)
    expires_at = Instant(required=True)
    must_add_second_step = fields.Boolean()
    member = fields.Nested(MemberView, required=True)


CREATE_ORGANISATION = Command(
    "accounts.create_organisation", CreateOrganisation, OrganisationView, "organisation.create", changes=True
)
GET_ORGANISATION = Command("accounts.get_organisation", Nothing, OrganisationView, "organisation.read")
CHANGE_PLAN = Command("accounts.change_plan", ChangePlan, OrganisationView, "organisation.change_plan", changes=True)
CREATE_CLINIC = Command("accounts.create_clinic", CreateClinic, ClinicView, "clinic.add", changes=True)
ADD_MEMBER = Command("accounts.add_member", NewMember, MemberView, "member.add", changes=True)
GET_MEMBER = Command("accounts.get_member", ReadMember, MemberView, "member.read")
LIST_MEMBERS = Command("accounts.list_members", ListMembers, MemberPage, "member.read")
SIGN_IN = Command("accounts.sign_in", SignIn, signing_in.SignInView, "sign_in.open")
RESOLVE_SIGN_IN = Command("accounts.resolve_sign_in", ResolveSignIn, ResolvedSignIn, "sign_in.resolve")
SIGN_OUT = Command("accounts.sign_out", Nothing, Done, "sign_in.end", changes=True)


class OrganisationCreated(EventData):
    organisation_id = Id(required=True)
    plan = fields.String(required=True)
    policy_version = fields.Integer(required=True)


class PlanChanged(EventData):
    """`plan_revision` counts the changes of the organisation's plan."""

    organisation_id = Id(required=True)
    plan = fields.String(required=True)
    policy_version = fields.Integer(required=True)
    plan_before = fields.String(required=True)
    policy_version_before = fields.Integer(required=True)
    plan_revision = fields.Integer(required=True)


class ClinicCreated(EventData):
    clinic_id = Id(required=True)


class MemberAdded(EventData):
    member_id = Id(required=True)
    role = fields.String(required=True)
    clinic_ids = fields.List(Id())


class SignInEnded(EventData):
    sign_in_id = Id(required=True)
    member_id = Id(required=True)


EVENTS: dict[str, type[EventData]] = {
    "organisation.created": OrganisationCreated,
    "organisation.plan_changed": PlanChanged,
    "clinic.created": ClinicCreated,
    "member.added": MemberAdded,
    "sign_in.ended": SignInEnded,
    **audit.EVENTS,
    **membership.EVENTS,
    **organisations.EVENTS,
    **api_clients.EVENTS,
    **availability.EVENTS,
    **single_sign_on.EVENTS,
}
