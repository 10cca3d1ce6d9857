"""Warm handovers: somebody in a call is offered to a colleague, the two speak, and the caller comes in once."""

from contracts import waiting_handovers
from gateway.api.area import Area

area = Area("handovers", "Somebody in a call offered to a colleague, whom one speaks to first")

area.answers("GET", "/handovers", waiting_handovers.LIST_HANDOVERS, "One's own that go on, or whose note was kept.")
area.answers("GET", "/handovers/<id:handover_id>", waiting_handovers.GET_HANDOVER, "One of one's own.")
area.answers(
    "POST",
    "/callers/<id:caller_id>/handovers",
    waiting_handovers.OFFER_HANDOVER,
    "Offer somebody in the call to a colleague, with a note for them.",
)
area.answers(
    "POST",
    "/handovers/<id:handover_id>/accept",
    waiting_handovers.ACCEPT_HANDOVER,
    "Take them over; the colleague may enter the own room now, to speak first.",
)
area.answers("POST", "/handovers/<id:handover_id>/decline", waiting_handovers.DECLINE_HANDOVER, "Say no.")
area.answers("POST", "/handovers/<id:handover_id>/withdraw", waiting_handovers.WITHDRAW_HANDOVER, "Call it off.")
area.answers(
    "POST",
    "/handovers/<id:handover_id>/complete",
    waiting_handovers.COMPLETE_HANDOVER,
    "Bring them in, out of the old call and into the new one at once.",
)
area.answers(
    "POST", "/handovers/<id:handover_id>/note", waiting_handovers.KEEP_NOTE, "Keep the note beyond the call, or not."
)
