"""Sessions and participants as the Session API v1 writes them. Pure."""

import json
from collections.abc import Iterable, Mapping
from typing import Any

from gateway.session_api.dates import written

_OF_CALLS = (
    "callId", "teamId", "peerId", "sessionId", "waitingQueueId", "details", "callType", "joinedAt", "leftQueueAt", "answeredAt",
    "startedAt", "onHoldAt", "transferredAt", "transferredTo", "transferredToTeam", "previousCallId", "emptiedAt", "finishedAt",
    "lastActivityAt", "cleanedAt",
)  # fmt: skip


def participant(view: Mapping[str, Any]) -> dict[str, Any]:
    """Of contracts.session_participants.ParticipantView."""
    shown = {
        "participant_id": view["id"],
        "session_id": view["session_id"],
        "client_id": view["client_id"],
        "display_name": view["display_name"],
        "entry_url": view["entry_url"],
        "picture": view["picture"],
        "role": view["role"].upper(),
        "state": view["state"],
        "created": written(view["created_at"]),
    }
    # what is optional is left out: a strict reader of others knows no null there
    if view["phone"] is not None:
        shown["phone"] = view["phone"]
    return {**shown, "deleted_at": written(view["removed_at"])} if view["removed_at"] else shown


def session(view: Mapping[str, Any], participants: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """Of contracts.client_sessions.ClientSessionView."""
    shown = {
        "session_id": view["id"],
        "session_name": view["name"],
        "start_time": written(view["starts_at"]),
        "end_time": written(view["ends_at"]),
        "picture": view["picture"],
        "team_id": view["clinic_id"],
        "client_id": view["client_id"],
        "participants": [participant(each) for each in participants],
    }
    return {**shown, "actual_end_time": written(view["ended_at"])} if view["ended_at"] else shown


def summary(found: Mapping[str, Any], participants: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """Of contracts.client_sessions.ClientSessionSummary. What was sent and received is not counted per participant: null."""
    known, visits = found["session"], {each["participant_id"]: each for each in found["visits"]}
    return {
        "session_id": known["id"],
        "session_name": known["name"],
        "start_time": written(known["starts_at"]),
        "end_time": written(known["ends_at"]),
        "actual_start_time": written(found["began_at"]),
        "actual_end_time": written(known["ended_at"]),
        "participants": [_visit(each, visits.get(each["id"]) or {}) for each in participants],
    }


def call(view: Mapping[str, Any], team_id: str) -> dict[str, Any]:
    """Of contracts.waiting.CallerView. What we do not know of a call is null. Who is transferred stays the same call, in another queue."""
    held, transferred = view.get("held") or {}, view.get("transferred") or {}
    left = written(view.get("ended_at"))
    answered = written(view.get("admitted_at"))
    known = {
        "callId": view["id"],
        "teamId": team_id,
        "peerId": view.get("recipient_id") or view["id"],
        "sessionId": view.get("session_id"),
        "waitingQueueId": view.get("area_id") or view["room_id"],
        "details": json.dumps({"name": view["display_name"]}, ensure_ascii=False),
        "callType": "video",
        "joinedAt": written(view["waiting_since"]),
        "leftQueueAt": answered or left,
        "answeredAt": answered,
        "startedAt": answered,
        "onHoldAt": written(held.get("at")),
        "transferredAt": written(transferred.get("at")),
        "transferredTo": (view.get("area_id") or view["room_id"]) if transferred else None,
        "finishedAt": left,
    }
    return {**dict.fromkeys(_OF_CALLS), **known}


def _visit(view: Mapping[str, Any], visit: Mapping[str, Any]) -> dict[str, Any]:
    bandwidth = {f"{which}_{way}_bandwidth": None for way in ("sent", "receive") for which in ("min", "max", "avg")}
    left = visit.get("left_at")
    return {
        "participant_id": view["id"],
        "role": view["role"].upper(),
        "entry_time": written(visit.get("joined_at")),
        "exit_time": {"left_at": written(left), "left_reason": visit.get("reason")} if left else None,
        "bandwidth": bandwidth,
    }
