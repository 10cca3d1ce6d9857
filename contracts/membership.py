"""What accounts says of members: how they change, are suspended and removed."""

from marshmallow import fields, validate

from contracts.actor import ROLES
from contracts.command import Command, Request
from contracts.events import EventData
from contracts.fields import Id, name_text
from contracts.people import LANGUAGES, MemberView


class NamedMember(Request):
    member_id = Id(required=True)


class ChangeMember(NamedMember):
    """What is left out stays as it is."""

    name = name_text()
    role = fields.String(validate=validate.OneOf(ROLES))
    clinic_ids = fields.List(Id())
    language = fields.String(validate=validate.OneOf(LANGUAGES), allow_none=True)


CHANGE_MEMBER = Command("accounts.change_member", ChangeMember, MemberView, "member.change", changes=True)
SUSPEND_MEMBER = Command("accounts.suspend_member", NamedMember, MemberView, "member.change", changes=True)
RESTORE_MEMBER = Command("accounts.restore_member", NamedMember, MemberView, "member.change", changes=True)
REMOVE_MEMBER = Command("accounts.remove_member", NamedMember, MemberView, "member.change", changes=True)


class MemberChanged(EventData):
    """As the member is from now on."""

    member_id = Id(required=True)
    role = fields.String(required=True)
    clinic_ids = fields.List(Id())
    state = fields.String(required=True)


class MemberRemoved(EventData):
    member_id = Id(required=True)


EVENTS: dict[str, type[EventData]] = {
    "member.changed": MemberChanged,
    "member.removed": MemberRemoved,
}
