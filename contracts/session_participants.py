"""What invitations says of those who take part in a session that an API client made (Session API v1): a link each, and no address."""

from marshmallow import fields, validate

from contracts.command import Command, Done, Request, View
from contracts.events import EventData
from contracts.fields import Id, Instant, TypedText

GUEST, HOST, PARTICIPANT = ROLES = ("guest", "host", "participant")
MOST_AT_ONCE = 100
_text = validate.Length(max=2_000)


class _Participant(Request):
    display_name = TypedText(longest=80, shortest=0, allow_none=True)
    picture = fields.String(allow_none=True, validate=_text)
    role = fields.String(validate=validate.OneOf(ROLES))
    state = fields.String(allow_none=True, validate=_text)
    phone = TypedText(longest=40, shortest=0, allow_none=True)


class NewParticipant(_Participant):
    """`state` is the client's own text. A host is a member: their link leads to the sign-in."""

    role = fields.String(required=True, validate=validate.OneOf(ROLES))


class AddParticipants(Request):
    """All of them, or none."""

    session_id = Id(required=True)
    participants = fields.List(fields.Nested(NewParticipant), required=True, validate=validate.Length(1, MOST_AT_ONCE))


class NamedParticipant(Request):
    participant_id = Id(required=True)


class ChangeParticipant(NamedParticipant, _Participant):
    """What is left out stays."""


class ListParticipants(Request):
    """Of these sessions, of which those that are not the client's are passed over; with `state`, of any of its sessions, who has that.

    Of these sessions all are answered; else a page, of which `cursor` of the answer leads to the next.
    """

    session_ids = fields.List(Id(), load_default=None, allow_none=True, validate=validate.Length(max=200))
    state = fields.String(load_default=None, allow_none=True, validate=_text)
    removed = fields.Boolean(load_default=False)
    cursor = Id(load_default=None, allow_none=True)


class ParticipantView(View):
    """`entry_url` opens the call, for them alone. `removed_at`: gone for good, and their link with it."""

    id = Id(required=True)
    session_id = Id(required=True)
    client_id = Id(required=True)
    display_name = fields.String(required=True, allow_none=True)
    entry_url = fields.String(required=True)
    picture = fields.String(required=True, allow_none=True)
    role = fields.String(required=True, validate=validate.OneOf(ROLES))
    state = fields.String(required=True, allow_none=True)
    phone = fields.String(required=True, allow_none=True)
    created_at = Instant(required=True)
    removed_at = Instant(required=True, allow_none=True)


class ParticipantList(View):
    items = fields.List(fields.Nested(ParticipantView), required=True)
    cursor = Id(allow_none=True)


_READ, _WRITE = "client_session.read", "client_session.write"
_SHOWN = "session_participant"
ADD_PARTICIPANTS = Command("invitations.add_participants", AddParticipants, ParticipantList, _WRITE, changes=True)
CHANGE_PARTICIPANT = Command("invitations.change_participant", ChangeParticipant, ParticipantView, _WRITE, changes=True)
REMOVE_PARTICIPANT = Command("invitations.remove_participant", NamedParticipant, Done, _WRITE, changes=True)
GET_PARTICIPANT = Command("invitations.get_participant", NamedParticipant, ParticipantView, _READ, reads=_SHOWN)
LIST_PARTICIPANTS = Command("invitations.list_participants", ListParticipants, ParticipantList, _READ, reads=_SHOWN)


class ParticipantChanged(EventData):
    session_id = Id(required=True)
    participant_id = Id(required=True)


EVENTS: dict[str, type[EventData]] = {
    "session_participant.added": ParticipantChanged,
    "session_participant.changed": ParticipantChanged,
    "session_participant.removed": ParticipantChanged,
}
