"""A caller as its reader may see it: plain values for `contracts.waiting.CallerView`."""

from dataclasses import asdict
from typing import Any

from contracts.actor import Actor
from services.waiting.caller import Caller, stands
from services.waiting.moving import moving_views
from services.waiting.texting.text_me import text_me_view

# What a guest has no business with, even about themselves.
_FOR_STAFF: dict[str, Any] = {
    "invitation_id": None,
    "recipient_id": None,
    "admitted_by_member_id": None,
    "name_differs": False,
    "for_recipient_id": None,
    "standing": None,
    "acknowledged": None,
    "alerted": [],
}


def caller_view(caller: Caller, reader: Actor) -> dict[str, Any]:
    """The view for this reader. A guest whose link was opened on another device learns that, and nothing newer."""
    view: dict[str, Any] = {
        "id": caller.id,
        "organisation_id": caller.organisation_id,
        "room_id": caller.room,
        "area_id": caller.area_id,
        "clinic_id": caller.clinic_id,
        "state": caller.state,
        "display_name": caller.display_name,
        "invited_name": caller.invited_name,
        "name_differs": caller.name_differs,
        "waiting_since": caller.waiting_since,
        "connected": caller.connected,
        "moved_to_other_device": False,
        "invitation_id": caller.invitation_id,
        "recipient_id": caller.recipient_id,
        "session_id": caller.session_id,
        "role": caller.role,
        "for_recipient_id": caller.for_recipient_id,
        "device_test": asdict(caller.device_test) if caller.device_test else None,
        "admitted_by_member_id": caller.admitted_by_member_id,
        "admitted_by_name": caller.admitted_by_name,
        "admitted_at": caller.admitted_at,
        "ended_at": caller.ended_at,
        "end_reason": caller.end_reason,
        "end_message": caller.end_message,
        "answers": [asdict(answer) for answer in caller.answers],
        "consent": _consent_view(caller),
        "standing": asdict(stands(caller)),
        "worse_at": caller.worse_at,
        "breached_at": caller.breached_at,
        "acknowledged": caller.acknowledged and asdict(caller.acknowledged),
        "alerted": [asdict(each) for each in caller.alerted],
        "text_me": text_me_view(caller, own=reader.kind == "guest"),
        **moving_views(caller),
        "messages": [asdict(message) for message in caller.messages],
        "version": caller.version,
    }
    if reader.kind == "guest":
        view |= _FOR_STAFF
        view["moved_to_other_device"] = moved = reader.device_id != caller.device_id
        if moved:
            view["answers"] = view["messages"] = []
    return view


def _consent_view(caller: Caller) -> dict[str, Any] | None:
    consent = caller.consent
    return {"version": consent.version, "accepted_at": consent.accepted_at} if consent else None


def admission(caller: Caller) -> dict[str, Any]:
    """What media needs to know before it seats the guest."""
    return {
        "caller_id": caller.id,
        "organisation_id": caller.organisation_id,
        "room_id": caller.room_id,
        "state": caller.state,
        "display_name": caller.display_name,
        "device_id": caller.device_id,
    }
