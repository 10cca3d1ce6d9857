"""Calls in progress, and what a host does with them."""

from contracts import media
from gateway.api.area import Area

area = Area("calls", "Calls in progress")

area.answers("GET", "/calls/<id:call_id>", media.GET_CALL, "One call with its participants.")
area.answers("POST", "/calls/<id:call_id>/end", media.END_CALL, "End it for everybody.")
area.answers(
    "POST",
    "/calls/<id:call_id>/participants/<id:participant_id>/remove",
    media.REMOVE_PARTICIPANT,
    "Take one participant out of it.",
)
area.answers(
    "POST",
    "/calls/<id:call_id>/participants/<id:participant_id>/hold",
    media.HOLD_PARTICIPANT,
    "Put a guest on hold: they receive and send nothing.",
)
area.answers(
    "POST",
    "/calls/<id:call_id>/participants/<id:participant_id>/unhold",
    media.UNHOLD_PARTICIPANT,
    "Take a guest back from hold.",
)
area.answers(
    "POST",
    "/calls/<id:call_id>/participants/<id:participant_id>/mute",
    media.MUTE_PARTICIPANT,
    "Silence somebody, who alone can undo it.",
)
