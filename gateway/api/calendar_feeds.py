"""The member's own calendar feed, which is read at `/calendar/<secret>.ics`."""

from contracts import calendar_feed
from gateway.api.area import Area

area = Area(
    "calendar_feed", "The member's own sessions for their calendar program, at an address that needs no sign-in"
)

area.answers("GET", "/calendar-feed", calendar_feed.GET_CALENDAR_FEED, "Whether there is one, and since when.")
area.answers(
    "POST", "/calendar-feed", calendar_feed.MAKE_CALENDAR_FEED,
    "A new address, `/calendar/<secret>.ics`, answered this once. An earlier one opens nothing any more.",
    status=201,
)  # fmt: skip
area.answers("DELETE", "/calendar-feed", calendar_feed.END_CALENDAR_FEED, "Its address opens nothing from now on.")
