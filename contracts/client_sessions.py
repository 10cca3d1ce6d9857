"""What the scheduler says of sessions that API clients make by the Session API v1: no zone, no hosts by name, no room of their choice."""

from marshmallow import fields, validate

from contracts.command import Command, Nothing, Request, View
from contracts.fields import Id, Instant, TypedText

MOST_ON_A_PAGE = 200
MOST_NAMED = 10_000
"""Sessions by their ids, of which a page is asked for."""
_picture = validate.Length(max=2_000)


class ClientTeam(View):
    """The clinic for which the client makes sessions."""

    clinic_id = Id(required=True)
    name = fields.String(required=True)


class ClientSessionView(View):
    """`ended_at`: when the last guest went, once it is known. `client_id`: the API client that made it."""

    id = Id(required=True)
    organisation_id = Id(required=True)
    room_id = Id(required=True)
    client_id = Id(required=True)
    clinic_id = Id(required=True)
    name = fields.String(required=True)
    starts_at = Instant(required=True)
    ends_at = Instant(required=True)
    ended_at = Instant(required=True, allow_none=True)
    picture = fields.String(required=True, allow_none=True)
    feature_flags = fields.List(fields.String(), required=True)
    state = fields.String(required=True)
    over = fields.Boolean(required=True)
    created_at = Instant(required=True)


class CreateClientSession(Request):
    """In UTC, to the second. A room that is taken then is booked all the same, which is recorded."""

    name = TypedText(longest=120, required=True)
    starts_at = Instant(required=True)
    ends_at = Instant(required=True)
    picture = fields.String(load_default=None, allow_none=True, validate=_picture)
    feature_flags = fields.List(
        fields.String(validate=validate.Length(max=500)), load_default=list, validate=validate.Length(max=50)
    )


class ReadClientSession(Request):
    session_id = Id(required=True)


class ChangeClientSession(ReadClientSession):
    """What is left out stays."""

    name = TypedText(longest=120)
    starts_at = Instant()
    ends_at = Instant()
    picture = fields.String(allow_none=True, validate=_picture)


class ListClientSessions(Request):
    """The client's own, by creation; with a bound by start, those that start within both. `page` from 0."""

    page = fields.Integer(load_default=0, validate=validate.Range(0, 1_000_000))
    page_size = fields.Integer(load_default=50, validate=validate.Range(1, MOST_ON_A_PAGE))
    starts_from = Instant(load_default=None, allow_none=True)
    starts_until = Instant(load_default=None, allow_none=True)
    reverse = fields.Boolean(load_default=False)
    cancelled = fields.Boolean(load_default=False)
    session_ids = fields.List(Id(), load_default=None, allow_none=True, validate=validate.Length(max=MOST_NAMED))


class ClientSessionPage(View):
    items = fields.List(fields.Nested(ClientSessionView), required=True)
    more = fields.Boolean(required=True)


class ClientVisit(View):
    """Of one participant: when they were in the call first, and when and why they went last."""

    participant_id = Id(required=True, allow_none=True)
    joined_at = Instant(required=True, allow_none=True)
    left_at = Instant(required=True, allow_none=True)
    reason = fields.String(required=True, allow_none=True)


class ClientSessionSummary(View):
    """`began_at`: when the first of its guests was in the call."""

    session = fields.Nested(ClientSessionView, required=True)
    began_at = Instant(required=True, allow_none=True)
    visits = fields.List(fields.Nested(ClientVisit), required=True)


_READ, _WRITE = "client_session.read", "client_session.write"
CREATE_CLIENT_SESSION = Command(
    "scheduler.create_client_session", CreateClientSession, ClientSessionView, _WRITE, changes=True
)
CHANGE_CLIENT_SESSION = Command(
    "scheduler.change_client_session", ChangeClientSession, ClientSessionView, _WRITE, changes=True
)
CANCEL_CLIENT_SESSION = Command(
    "scheduler.cancel_client_session", ReadClientSession, ClientSessionView, _WRITE, changes=True
)
GET_CLIENT_SESSION = Command(
    "scheduler.get_client_session", ReadClientSession, ClientSessionView, _READ, reads="session"
)
LIST_CLIENT_SESSIONS = Command(
    "scheduler.list_client_sessions", ListClientSessions, ClientSessionPage, _READ, reads="session"
)
SUMMARISE_CLIENT_SESSION = Command(
    "scheduler.summarise_client_session", ReadClientSession, ClientSessionSummary, _READ, reads="session"
)
GET_CLIENT_TEAM = Command("scheduler.get_client_team", Nothing, ClientTeam, _READ)
