"""What accounts says of members: how they change, are suspended and removed."""

from marshmallow import fields, validate

from contracts.actor import ROLES
from contracts.command import Command, Request, View
from contracts.events import EventData
from contracts.fields import Id, name_text
from contracts.people import LANGUAGES, EmailAddress, MemberView


class NamedMember(Request):
    member_id = Id(required=True)


class ChangeMember(NamedMember):
    """What is left out stays as it is. `version`: as read; refused as Outdated when somebody changed the member since."""

    version = fields.Integer(load_default=None, allow_none=True)

    name = name_text()
    role = fields.String(validate=validate.OneOf(ROLES))
    clinic_ids = fields.List(Id())
    language = fields.String(validate=validate.OneOf(LANGUAGES), allow_none=True)


class ChangeOwnProfile(Request):
    """What is left out stays as it is. A language null: that of the organisation."""

    name = name_text()
    language = fields.String(validate=validate.OneOf(LANGUAGES), allow_none=True)


class InviteMember(Request):
    """`name` is a proposal; whoever accepts says theirs."""

    email = EmailAddress(required=True)
    name = name_text(load_default=None, allow_none=True)
    role = fields.String(required=True, validate=validate.OneOf(ROLES))
    clinic_ids = fields.List(Id(), load_default=list)
    language = fields.String(validate=validate.OneOf(LANGUAGES), load_default=None, allow_none=True)


class MemberInvite(Request):
    # told apart from another when repeated, which a password is not: nobody guesses it from its digest
    token = fields.String(required=True, validate=validate.Length(1, 64))


class MemberInviteView(View):
    """What whoever was invited sees before they accept."""

    email = fields.String(required=True)
    name = fields.String(required=True)
    role = fields.String(required=True)
    language = fields.String(required=True)
    organisation_name = fields.String(required=True)


class AcceptMemberInvite(MemberInvite):
    name = name_text(required=True)
    password = fields.String(required=True, validate=validate.Length(1, 256), load_only=True)


class Joined(View):
    """With which address they sign in from now on."""

    email = fields.String(required=True)


CHANGE_OWN_PROFILE = Command(
    "accounts.change_own_profile", ChangeOwnProfile, MemberView, "profile.change", changes=True
)
INVITE_MEMBER = Command("accounts.invite_member", InviteMember, MemberView, "member.add", changes=True)
INVITE_AGAIN = Command("accounts.invite_again", NamedMember, MemberView, "member.add", changes=True)
OPEN_MEMBER_INVITE = Command("accounts.open_member_invite", MemberInvite, MemberInviteView, "member.join")
ACCEPT_MEMBER_INVITE = Command("accounts.accept_member_invite", AcceptMemberInvite, Joined, "member.join", changes=True)
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


class MemberNamed(EventData):
    member_id = Id(required=True)


class MemberRemoved(EventData):
    member_id = Id(required=True)


EVENTS: dict[str, type[EventData]] = {
    "member.changed": MemberChanged,
    "member.removed": MemberRemoved,
    "member.invited": MemberNamed,
    "member.password_changed": MemberNamed,
}
