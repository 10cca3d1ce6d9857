"""What accounts says of a member's calendar feed: an address that calendar programs read their sessions by, without signing in."""

from marshmallow import fields, validate

from contracts.command import Command, Done, Nothing, Request, View
from contracts.fields import Id, Instant


class CalendarFeedView(View):
    """The asker's own. `made_at` null: there is none, and no address opens one. `titles`: sessions are named by their titles in it."""

    made_at = Instant(required=True, allow_none=True)
    titles = fields.Boolean(required=True)


class MakeCalendarFeed(Request):
    """`titles`: whether sessions are named by their titles, which a calendar program hands on to whoever runs it."""

    titles = fields.Boolean(load_default=False)


class MadeCalendarFeed(CalendarFeedView):
    """`secret` is the only copy, the last part of the feed's address: the service keeps its SHA-256."""

    secret = fields.String(required=True)


class PresentedSecret(Request):
    secret = fields.String(required=True, validate=validate.Length(1, 128), load_only=True)


class KnownCalendarFeed(View):
    """Whose feed it is, and in which language they read."""

    member_id = Id(required=True)
    organisation_id = Id(required=True)
    role = fields.String(required=True)
    clinic_ids = fields.List(Id(), required=True)
    language = fields.String(allow_none=True)
    titles = fields.Boolean(required=True)


GET_CALENDAR_FEED = Command("accounts.get_calendar_feed", Nothing, CalendarFeedView, "calendar_feed.keep")
# its reply is not remembered: it has the secret in it, and a repeat is another address
MAKE_CALENDAR_FEED = Command("accounts.make_calendar_feed", MakeCalendarFeed, MadeCalendarFeed, "calendar_feed.keep")
END_CALENDAR_FEED = Command("accounts.end_calendar_feed", Nothing, Done, "calendar_feed.keep", changes=True)
RESOLVE_CALENDAR_FEED = Command(
    "accounts.resolve_calendar_feed", PresentedSecret, KnownCalendarFeed, "calendar_feed.resolve"
)
