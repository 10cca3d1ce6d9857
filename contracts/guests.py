"""Who is invited: what was typed and understood, what each comes as, and how people come to a session that is booked, or leave it."""

from marshmallow import fields, validate

from contracts.command import Command, Request, View
from contracts.fields import Id, Instant, TypedText
from contracts.recurrence import SCOPES
from contracts.scheduler import SessionTimes

MOST_RECIPIENTS = 200
"""Unless MOST_RECIPIENTS says otherwise, which it may up to MOST_EVER."""
MOST_EVER = 1000
CLIENT, CARER, INTERPRETER, CLINICIAN = ROLES = ("client", "carer", "interpreter", "clinician")
COMPANIONS = (CARER, INTERPRETER)
"""They come for one client of the same invitation: in together with them, and out with them."""


class Recipients(Request):
    """Typed or pasted: separated by commas, semicolons or new lines, each an address or `Name <address>`.

    An address is one of e-mail, or where texts can be sent a telephone number in any usual form.
    """

    recipients = fields.String(required=True, validate=validate.Length(1, 60_000))


class RecipientVerdict(View):
    """What was understood of one entry. `address`, of a telephone number in E.164, is null where it is none; `reason` then says why."""

    entry = fields.String(required=True)
    address = fields.String(required=True, allow_none=True)
    name = fields.String(allow_none=True)
    accepted = fields.Boolean(required=True)
    reason = fields.String(allow_none=True)


class RecipientVerdicts(View):
    items = fields.List(fields.Nested(RecipientVerdict), required=True)


class GuestRole(Request):
    """What one of the addresses comes as; who is not named is a client. A carer or interpreter is there `for_address`, a client."""

    address = fields.String(required=True, validate=validate.Length(3, 254))
    role = fields.String(required=True, validate=validate.OneOf(ROLES))
    for_address = fields.String(load_default=None, allow_none=True, validate=validate.Length(3, 254))


class RecipientView(View):
    """`delivery`: queued, taken (by the mail server; no more is claimed), refused, or failed (given up after retries).

    `reported`: what mail servers or the provider of texts say of it after it was taken; who `bounced` is `refused` from then on.
    `delivery_problem`: what is in the way, in one word; `delivery_detail` the same in a sentence. `attends`: of a series, the local
    starts by its rule of those they are asked to; null is all. Who was removed (`removed_at`) stays so.
    """

    id = Id(required=True)
    address = fields.String(required=True)
    name = fields.String(allow_none=True)
    role = fields.String(validate=validate.OneOf(ROLES))
    for_recipient_id = Id(allow_none=True)
    delivery = fields.String(required=True, validate=validate.OneOf(("queued", "taken", "refused", "failed")))
    delivery_detail = fields.String(allow_none=True)
    delivery_problem = fields.String(allow_none=True)
    reported = fields.String(allow_none=True, validate=validate.OneOf(("delivered", "delayed", "bounced")))
    link_revoked = fields.Boolean(required=True)
    opened = fields.String(allow_none=True, validate=validate.OneOf(("machine", "person")))
    opened_at = Instant(allow_none=True)
    arrived_at = Instant(allow_none=True)
    attends = fields.List(fields.String(), allow_none=True)
    removed_at = Instant(allow_none=True)


class InvitationView(View):
    id = Id(required=True)
    organisation_id = Id(required=True)
    room_id = Id(required=True)
    session_id = Id(allow_none=True)
    title = fields.String(required=True)
    message = fields.String(required=True)
    planned = fields.Nested(SessionTimes, allow_none=True)
    sender_name = fields.String(required=True)
    recipients = fields.List(fields.Nested(RecipientView), required=True)
    created_at = Instant(required=True)


class SentInvitation(View):
    """`invitation` is null when no address was accepted; every entry has its verdict."""

    invitation = fields.Nested(InvitationView, required=True, allow_none=True)
    verdicts = fields.List(fields.Nested(RecipientVerdict), required=True)


class OfSession(Request):
    """`scope`, of a series: to this one, to this and the following ones, or to all that have not begun."""

    session_id = Id(required=True)
    scope = fields.String(load_default="one", validate=validate.OneOf(SCOPES))


class AddGuests(Recipients, OfSession):
    """People added to a session that is booked, until it ends. Who is invited already gets no second mail.

    `message`: for the mail, where nobody was invited to it before; later ones get the message of the first.
    """

    roles = fields.List(fields.Nested(GuestRole), load_default=list, validate=validate.Length(max=MOST_EVER))
    message = TypedText(longest=4_000, shortest=0, lines=True, load_default="")
    language = fields.String(load_default=None, allow_none=True, validate=validate.OneOf(("en", "de", "ar")))


class RemoveGuest(OfSession):
    """One person taken out of a session: their link stops at once, they alone get a mail, and their calendar follows. It is final."""

    recipient_id = Id(required=True)


ADD_GUESTS = Command("invitations.add_guests", AddGuests, SentInvitation, "invitation.send", changes=True)
REMOVE_GUEST = Command("invitations.remove_guest", RemoveGuest, InvitationView, "invitation.send", changes=True)
