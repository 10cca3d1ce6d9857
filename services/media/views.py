"""A call as its reader may see it: plain values for `contracts.media.CallView`."""

from typing import Any

from contracts.actor import Actor
from services.media.call import Call, Participant


def call_view(call: Call, reader: Actor) -> dict[str, Any]:
    """The call with those who have a seat now. Guests see each other's names, and whose seat is theirs."""
    return {
        "id": call.id,
        "organisation_id": call.organisation_id,
        "room_id": call.room_id,
        "state": call.state,
        "node_id": call.node_id,
        "placement": call.placement,
        "started_at": call.started_at,
        "ended_at": call.ended_at,
        "participants": [_participant_view(seat, reader) for seat in call.present()],
        "version": call.version,
    }


def _participant_view(seat: Participant, reader: Actor) -> dict[str, Any]:
    knows_ids = reader.kind != "guest" or seat.caller_id == reader.caller_id
    return {
        "id": seat.id,
        "display_name": seat.display_name,
        "role": seat.role,
        "member_id": seat.member_id if knows_ids else None,
        "caller_id": seat.caller_id if knows_ids else None,
        "state": seat.state,
        "joined_at": seat.joined_at,
        "left_reason": seat.left_reason,
        "held": seat.held,
        "muted": list(seat.muted),
        "hand_raised_at": seat.hand_raised_at,
    }


def seat_view(call: Call, seat: Participant, ice_servers: list[dict[str, Any]]) -> dict[str, Any]:
    """Where the holder of the seat connects."""
    return {
        "call_id": call.id,
        "participant_id": seat.id,
        "node_id": call.node_id,
        "placement": call.placement,
        "role": seat.role,
        "ice_servers": ice_servers,
    }
