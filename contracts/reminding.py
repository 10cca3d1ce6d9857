"""What the scheduler asks of invitations when sessions are near: many reminders together, of any organisation."""

from marshmallow import fields, validate

from contracts.command import Command, Request, View
from contracts.fields import Id, Instant

MOST_TOGETHER = 100
STATES = ("noted", "not_heard", "gone")


class ReminderToSend(Request):
    """To everyone of one invitation who has a link and has not arrived."""

    organisation_id = Id(required=True)
    invitation_id = Id(required=True)
    minutes_before = fields.Integer(required=True, strict=True)
    starts_at = Instant(required=True)


class SendReminders(Request):
    reminders = fields.List(fields.Nested(ReminderToSend), required=True, validate=validate.Length(1, MOST_TOGETHER))


class ReminderAnswer(View):
    """`state`: noted, now or before; not_heard, as long as the invitation is known for another time; gone, where there is none."""

    invitation_id = Id(required=True)
    # of a series several may be asked for at once; those of the version before this one do not say it
    starts_at = Instant()
    state = fields.String(required=True, validate=validate.OneOf(STATES))


class ReminderAnswers(View):
    items = fields.List(fields.Nested(ReminderAnswer), required=True)


# a reminder is noted in its invitation once, so that a repeat changes nothing and no reply has to be remembered
SEND_REMINDERS = Command("invitations.send_reminders", SendReminders, ReminderAnswers, "notice.send")
