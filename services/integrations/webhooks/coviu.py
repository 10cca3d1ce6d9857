"""Events in the vocabulary of Coviu's webhooks (docs/integrations/webhooks.md). Pure.

`teamId` is the clinic where the event names one, else the organisation.
"""

from typing import Any

from contracts.fields import moment_of

_CALL_OF_CALLER = ("callId", "caller_id")
_SESSION = ("sessionId", "session_id")
_PARTICIPANT = ("participantId", "participant_id")
_WORDS: dict[str, tuple[str, tuple[str, str]]] = {
    "caller.waiting": ("waitingarea:join", _CALL_OF_CALLER),
    "caller.admitted": ("waitingarea:answer", _CALL_OF_CALLER),
    "caller.left": ("waitingarea:leave", _CALL_OF_CALLER),
    "caller.refused": ("waitingarea:leave", _CALL_OF_CALLER),
    "caller.disconnected": ("call:updated", _CALL_OF_CALLER),
    "caller.resumed": ("call:updated", _CALL_OF_CALLER),
    "caller.held": ("call:updated", _CALL_OF_CALLER),
    "caller.unheld": ("call:updated", _CALL_OF_CALLER),
    "participant.joined": ("participant:join", _PARTICIPANT),
    "participant.left": ("participant:leave", _PARTICIPANT),
    "participant.removed": ("participant:leave", _PARTICIPANT),
    "participant.held": ("participant:on-hold", _PARTICIPANT),
    "session.created": ("session:create", _SESSION),
    "session.updated": ("session:update", _SESSION),
    "session.cancelled": ("session:delete", _SESSION),
}
# one of ours says it of every guest of the call
_ENDS = ("waitingarea:end-call", "call:end")


def messages(envelope: dict[str, Any]) -> list[dict[str, Any]]:
    """What is sent for an event: none where the vocabulary has no word for it, several where it speaks of each guest by themselves."""
    data = envelope["data"]
    team = data.get("clinic_id") or envelope["organisationid"]
    if envelope["type"] == "call.ended":
        return [
            _message(envelope, word, {"teamId": team, "callId": caller})
            for caller in data.get("caller_ids", [])
            for word in _ENDS
        ]
    if envelope["type"] == "call.transferred":
        return [_transferred(envelope, data)]
    if envelope["type"] not in _WORDS:
        return []
    word, (name, ours) = _WORDS[envelope["type"]]
    payload = {"teamId": team, name: data[ours]}
    if name == "callId" and data.get("area_id"):
        payload["waitingQueueId"] = data["area_id"]
    if name == "participantId" and data.get("caller_id"):
        payload["callId"] = data["caller_id"]
    return [_message(envelope, word, payload)]


def _transferred(envelope: dict[str, Any], data: dict[str, Any]) -> dict[str, Any]:
    """From one team's queue to another's, or to a room."""
    payload = {
        "teamId": data.get("from_clinic_id") or envelope["organisationid"],
        "callId": data["caller_id"],
        "destinationTeamId": data.get("clinic_id") or envelope["organisationid"],
        "destinationWaitingQueueId": data.get("area_id") or data["room_id"],
    }
    if data.get("from_area_id"):
        payload["waitingQueueId"] = data["from_area_id"]
    return _message(envelope, "call:transfer", payload)


def _message(envelope: dict[str, Any], word: str, payload: dict[str, Any]) -> dict[str, Any]:
    moment = moment_of(envelope["time"])
    return {"type": word, "createdAt": moment.timestamp() if moment else 0, "payload": payload}
