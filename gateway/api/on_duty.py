"""Who is on duty where."""

from contracts import availability
from gateway.api.area import Area

area = Area("availability", "Who is on duty in which clinic")

area.answers("GET", "/on-duty", availability.LIST_ON_DUTY, "Who is on duty in the clinics that the reader may see.")
area.answers(
    "GET", "/members/<id:member_id>/on-duty", availability.GET_ON_DUTY, "Where one member is on duty; 404 when nowhere."
)
area.answers(
    "PUT", "/me/availability", availability.SET_AVAILABILITY,
    "Be on duty, or away, in some of one's clinics or in all. Signing out of the last browser is away everywhere.",
)  # fmt: skip
