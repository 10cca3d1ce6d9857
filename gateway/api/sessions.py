"""Scheduled Sessions."""

from contracts import guests, scheduler
from gateway.api.area import Area

area = Area("sessions", "Scheduled Sessions")

area.answers(
    "GET",
    "/sessions",
    scheduler.LIST_SESSIONS,
    "Sessions, soonest first, a page of them; from today on when no bounds are given.",
    paged=True,
)
area.answers(
    "POST",
    "/sessions",
    scheduler.CREATE_SESSION,
    "Book a room and its hosts for a time, once or again and again.",
    status=201,
)
area.answers("GET", "/sessions/<id:session_id>", scheduler.GET_SESSION, "One session.")
area.answers(
    "PATCH",
    "/sessions/<id:session_id>",
    scheduler.CHANGE_SESSION,
    "Another time, title or other hosts. Moved until it begins; whoever was invited gets a mail that moves their calendar.",
)
area.answers(
    "POST",
    "/sessions/<id:session_id>/outcome",
    scheduler.CORRECT_OUTCOME,
    "Say what became of it, where the evidence is wrong; with a reason, and beside what the evidence says.",
)
area.answers(
    "POST",
    "/sessions/<id:session_id>/cancel",
    scheduler.CANCEL_SESSION,
    "Cancel it, or of a series this and the following ones, or all; it is never un-cancelled.",
)
area.answers(
    "POST",
    "/sessions/<id:session_id>/guests",
    guests.ADD_GUESTS,
    "Add people until it ends, each with a link and a mail of their own; each address gets its own result.",
    status=201,
)
area.answers(
    "DELETE",
    "/sessions/<id:session_id>/guests/<id:recipient_id>",
    guests.REMOVE_GUEST,
    "Take one person out of it, for good. Their link stops at once, and they alone get a mail.",
)
area.answers(
    "POST",
    "/sessions/preview",
    scheduler.PREVIEW_SERIES,
    "The dates of a series and what is in the way. Nothing is booked.",
)
area.answers("GET", "/series/<id:series_id>", scheduler.GET_SERIES, "A series with all its sessions.")
