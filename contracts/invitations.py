"""What invitations says: one sending to one or more recipients, each with a personal link and a fate of their own."""

from marshmallow import fields, validate

from contracts import delivery_reports, guests, reminding, session_participants, text_notices
from contracts.command import Command, Done, Nothing, Request, View
from contracts.events import EventData
from contracts.fields import Id, Instant, TypedText
from contracts.guests import (
    MOST_EVER,
    ROLES,
    GuestRole,
    InvitationView,
    Recipients,
    RecipientVerdicts,
    SentInvitation,
)
from contracts.recurrence import Booking, Recurrence
from contracts.scheduler import PlannedTime, SessionTimes


class SendInvitation(Recipients, Booking):
    roles = fields.List(fields.Nested(GuestRole), load_default=list, validate=validate.Length(max=MOST_EVER))
    room_id = Id(required=True)
    title = TypedText(longest=120, shortest=0, load_default="")
    message = TypedText(longest=4_000, shortest=0, lines=True, load_default="")
    planned = fields.Nested(PlannedTime, load_default=None, allow_none=True)
    language = fields.String(load_default=None, allow_none=True, validate=validate.OneOf(("en", "de", "ar")))


class InvitationPage(View):
    """Newest first. `cursor` null: that was all."""

    items = fields.List(fields.Nested(InvitationView), required=True)
    cursor = fields.String(allow_none=True)


class ReadInvitation(Request):
    invitation_id = Id(required=True)


class ListInvitations(Request):
    """`cursor`: as the page before answered it."""

    room_id = Id(required=True)
    cursor = Id(load_default=None, allow_none=True)
    limit = fields.Integer(load_default=100, validate=validate.Range(1, 100))


class ReadRecipient(Request):
    invitation_id = Id(required=True)
    recipient_id = Id(required=True)


class OpenLink(Request):
    """`seen_by`: machine (the page was fetched) or person (somebody pressed something on it)."""

    token = fields.String(required=True, validate=validate.Length(1, 64))
    seen_by = fields.String(load_default=None, allow_none=True, validate=validate.OneOf(("machine", "person")))


class AskForLink(Request):
    """Whoever lost their link. `network` is as the gateway sees it."""

    address = fields.String(required=True, validate=validate.Length(3, 254))
    network = fields.String(load_default=None, allow_none=True, validate=validate.Length(0, 64))


class OpenedLink(View):
    """What a personal link opens. Says nothing about the other recipients but, to a companion's, the id of whom they come for.

    `invitation_id` null: a participant of a session that an API client made, who goes on to `return_url` when the call is over.
    """

    recipient_id = Id(required=True)
    role = fields.String(validate=validate.OneOf(ROLES))
    for_recipient_id = Id(allow_none=True)
    invitation_id = Id(required=True, allow_none=True)
    organisation_id = Id(required=True)
    room_id = Id(required=True)
    session_id = Id(allow_none=True)
    invited_name = fields.String(allow_none=True)
    sender_name = fields.String(required=True)
    title = fields.String(required=True)
    message = fields.String(required=True)
    planned = fields.Nested(SessionTimes, allow_none=True)
    language = fields.String(required=True)
    return_url = fields.String(allow_none=True)
    return_label = fields.String(allow_none=True)


NOTICES = (
    "caller_waits", "caller_worse",
    "member_invited", "password_reset", "password_changed", "sign_up", "sign_up_known",
    "second_step_added", "second_step_removed", "second_step_reset", "recovery_code_used", "recovery_codes_used_up",
)  # fmt: skip


class SendNotice(Request):
    """A mail that is no invitation, by another service. The command's id is the notice's: repeated, it is the same mail.

    `link` is where its button leads, forgotten when the mail is on its way. `values`: organisation, and for some who sends.
    """

    kind = fields.String(required=True, validate=validate.OneOf(NOTICES))
    address = fields.String(required=True, validate=validate.Length(3, 254))
    name = TypedText(longest=80, load_default=None, allow_none=True)
    language = fields.String(required=True, validate=validate.OneOf(("en", "de", "ar")))
    values = fields.Dict(
        keys=fields.String(validate=validate.OneOf(("organisation", "sender"))),
        values=fields.String(validate=validate.Length(1, 300)),
        required=True,
    )
    link = fields.String(validate=validate.Length(1, 500), load_default=None, allow_none=True, load_only=True)


class PreviewInvitation(Request):
    """As SendInvitation, without anybody to send it to. A `recurrence` needs a `planned` time, which is the first."""

    room_id = Id(required=True)
    title = TypedText(longest=120, shortest=0, load_default="")
    message = TypedText(longest=4_000, shortest=0, lines=True, load_default="")
    planned = fields.Nested(PlannedTime, load_default=None, allow_none=True)
    recurrence = fields.Nested(Recurrence, load_default=None, allow_none=True)
    language = fields.String(load_default=None, allow_none=True, validate=validate.OneOf(("en", "de", "ar")))


class InvitationPreview(View):
    """The words of the mail as it would be sent now. `day`, `hours` and `zone` are empty without a time; `reply_to` may be null.

    `dates`: of a series, when its sessions are, as far as the mail says it; `day` then says how it repeats.
    `text`: what those get whose address is a telephone number, its link with no token; null where no texts are sent.
    """

    language = fields.String(required=True)
    sender = fields.String(required=True)
    reply_to = fields.String(required=True, allow_none=True)
    subject = fields.String(required=True)
    organisation = fields.String(required=True)
    heading = fields.String(required=True)
    opening = fields.String(required=True)
    message = fields.String(required=True)
    day = fields.String(required=True)
    hours = fields.String(required=True)
    zone = fields.String(required=True)
    button = fields.String(required=True)
    help = fields.String(required=True)
    neutral = fields.Boolean(required=True)
    text = fields.String(allow_none=True)
    dates = fields.List(fields.String())


REPLY_TO = ("sender", "clinic")


class MailSettingsView(View):
    """`neutral`: mails and calendar entries name neither title nor message nor any person. `shown_name`: in place of the organisation's.

    `phone_region`: of the organisation, whose telephone numbers may be written without country code (ISO 3166-1 alpha-2).
    """

    neutral = fields.Boolean(required=True)
    reply_to = fields.String(required=True, validate=validate.OneOf(REPLY_TO))
    shown_name = fields.String(required=True, allow_none=True)
    phone_region = fields.String(allow_none=True)


class ClinicMailSettings(MailSettingsView):
    clinic_id = Id(required=True)


class EveryMailSettings(View):
    """The organisation's, and of each clinic that has its own; the others go by the organisation's."""

    organisation = fields.Nested(MailSettingsView, required=True)
    clinics = fields.List(fields.Nested(ClinicMailSettings), required=True)


class ChangeMailSettings(Request):
    """`clinic_id` null: the organisation's. What is left out stays; a clinic's first change begins with the organisation's."""

    clinic_id = Id(load_default=None, allow_none=True)
    neutral = fields.Boolean()
    reply_to = fields.String(validate=validate.OneOf(REPLY_TO))
    shown_name = TypedText(longest=80, allow_none=True)
    phone_region = fields.String(allow_none=True, validate=validate.Regexp("[A-Z]{2}"))


class Channels(View):
    """How people can be written to beside by e-mail. `phone_regions`: those that `phone_region` may be; all empty without texts."""

    texts = fields.Boolean(required=True)
    phone_region = fields.String(required=True, allow_none=True)
    phone_regions = fields.List(fields.String(), required=True)


class SendReminder(ReadInvitation):
    """To everyone who has a link and has not arrived. Refused as a Conflict while the invitation has not heard of `starts_at`."""

    minutes_before = fields.Integer(required=True, strict=True)
    starts_at = Instant(required=True)


PARTS = (guests, reminding, delivery_reports, session_participants, text_notices)

CHECK_RECIPIENTS = Command("invitations.check_recipients", Recipients, RecipientVerdicts, "invitation.send")
SEND_INVITATION = Command(
    "invitations.send_invitation", SendInvitation, SentInvitation, "invitation.send", changes=True
)
GET_INVITATION = Command(
    "invitations.get_invitation", ReadInvitation, InvitationView, "invitation.read", reads="invitation"
)
LIST_INVITATIONS = Command(
    "invitations.list_invitations", ListInvitations, InvitationPage, "invitation.read", reads="invitation"
)
RESEND_INVITATION = Command(
    "invitations.resend_invitation", ReadRecipient, InvitationView, "invitation.send", changes=True
)
REVOKE_LINK = Command("invitations.revoke_link", ReadRecipient, InvitationView, "invitation.send", changes=True)
SEND_NOTICE = Command("invitations.send_notice", SendNotice, Done, "notice.send", changes=True)
PREVIEW_INVITATION = Command("invitations.preview_invitation", PreviewInvitation, InvitationPreview, "invitation.send")
GET_MAIL_SETTINGS = Command("invitations.get_mail_settings", Nothing, EveryMailSettings, "settings.read")
CHANGE_MAIL_SETTINGS = Command(
    "invitations.change_mail_settings", ChangeMailSettings, EveryMailSettings, "settings.change", changes=True
)
GET_CHANNELS = Command("invitations.get_channels", Nothing, Channels, "settings.read")
SEND_REMINDER = Command("invitations.send_reminder", SendReminder, Done, "notice.send", changes=True)
ASK_FOR_LINK = Command("invitations.ask_for_link", AskForLink, Done, "invitation.open")
OPEN_LINK = Command("invitations.open_link", OpenLink, OpenedLink, "invitation.open")


class InvitationCreated(EventData):
    invitation_id = Id(required=True)
    room_id = Id(required=True)
    session_id = Id(allow_none=True)
    recipient_ids = fields.List(Id(), required=True)


class RecipientChanged(EventData):
    invitation_id = Id(required=True)
    room_id = Id(required=True)
    recipient_id = Id(required=True)


class GuestOfSessions(RecipientChanged):
    """Added to these sessions, or removed from them; of a series it may be some of it."""

    session_ids = fields.List(Id(), required=True)


class LinkOpened(RecipientChanged):
    seen_by = fields.String(required=True)


class MailSettingsChanged(EventData):
    """`clinic_id` null: of the whole organisation."""

    clinic_id = Id(allow_none=True)


EVENTS: dict[str, type[EventData]] = {
    "invitation.created": InvitationCreated,
    "invitation.sent": RecipientChanged,
    "invitation.bounced": RecipientChanged,
    "invitation.delayed": RecipientChanged,
    "invitation.delivered": RecipientChanged,
    "invitation.opened": LinkOpened,
    "invitation.arrived": RecipientChanged,
    "invitation.resent": RecipientChanged,
    "invitation.revoked": RecipientChanged,
    "invitation.guest_added": GuestOfSessions,
    "invitation.guest_removed": GuestOfSessions,
    "mail.settings_changed": MailSettingsChanged,
    **session_participants.EVENTS,
}
