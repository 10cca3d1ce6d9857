"""What accounts says of an organisation's own page: its name and contacts, how it does things, and its clinics."""

from marshmallow import fields, validate

from contracts.command import Command, Done, Request, View
from contracts.events import EventData
from contracts.fields import Id, Instant, TypedText, name_text
from contracts.people import LANGUAGES, EmailAddress

PROCESS_NOTE_LONGEST = 2000
# who needs a second step to sign in by password
SECOND_STEP_FOR = ("nobody", "owners_and_admins", "everybody")


class ClinicView(View):
    id = Id(required=True)
    name = fields.String(required=True)


class OrganisationView(View):
    """`process_note`: how this organisation does it; `whom_to_ask`: in words, beside the contacts. `version` is for If-Match.

    `setup_dismissed`: its owners want to see the list of first steps no more. `second_step_for`: who may not sign in by a password
    alone (docs/adr/0025-a-second-step-can-be-required.md); only an owner changes it.
    """

    id = Id(required=True)
    name = fields.String(required=True)
    plan = fields.String(required=True)
    policy_version = fields.Integer(required=True)
    zone = fields.String(required=True)
    language = fields.String(required=True)
    contact_phone = fields.String(allow_none=True)
    contact_email = fields.String(allow_none=True)
    process_note = fields.String(allow_none=True)
    whom_to_ask = fields.String(allow_none=True)
    setup_dismissed = fields.Boolean()
    second_step_for = fields.String()
    clinics = fields.List(fields.Nested(ClinicView))
    created_at = Instant()
    version = fields.Integer()


class ChangeOrganisation(Request):
    """What is left out stays as it is; null or nothing takes a contact or a note away.

    `version`: as read; refused as Outdated when the organisation was changed since.
    """

    name = name_text()
    zone = fields.String(validate=validate.Length(1, 64))
    language = fields.String(validate=validate.OneOf(LANGUAGES))
    contact_phone = TypedText(longest=40, shortest=0, allow_none=True)
    contact_email = EmailAddress(allow_none=True)
    process_note = TypedText(longest=PROCESS_NOTE_LONGEST, shortest=0, lines=True, allow_none=True)
    whom_to_ask = TypedText(longest=300, shortest=0, lines=True, allow_none=True)
    setup_dismissed = fields.Boolean()
    second_step_for = fields.String(validate=validate.OneOf(SECOND_STEP_FOR))
    version = fields.Integer(load_default=None, allow_none=True)


class NamedClinic(Request):
    clinic_id = Id(required=True)


class ChangeClinic(NamedClinic):
    name = name_text(required=True)


CHANGE_ORGANISATION = Command(
    "accounts.change_organisation", ChangeOrganisation, OrganisationView, "organisation.change", changes=True
)
CHANGE_CLINIC = Command("accounts.change_clinic", ChangeClinic, ClinicView, "clinic.change", changes=True)
REMOVE_CLINIC = Command("accounts.remove_clinic", NamedClinic, Done, "clinic.change", changes=True)


class OrganisationChanged(EventData):
    """`changed`: the names of what is different, not what it is."""

    organisation_id = Id(required=True)
    changed = fields.List(fields.String(), required=True)


class ClinicChanged(EventData):
    clinic_id = Id(required=True)


EVENTS: dict[str, type[EventData]] = {
    "organisation.changed": OrganisationChanged,
    "clinic.changed": ClinicChanged,
    "clinic.removed": ClinicChanged,
}
