"""Our views as FHIR R5 resources; docs/integrations/fhir.md has the tables. Pure: knows no request and no service."""

from typing import Any

_OUTCOMES = {
    "completed": "fulfilled",
    "patient_absent": "noshow",
    "clinician_absent": "noshow",
    "left_without_being_seen": "cancelled",
    "technical_failure": "cancelled",
}
_STATES = {"planned": "booked", "started": "arrived", "cancelled": "cancelled", "finished": "fulfilled"}
_LOCATION_STATUS = {"open": "active", "suspended": "suspended", "removed": "inactive"}
_MODE = "http://terminology.hl7.org/CodeSystem/v3-RoleCode"
_CHANNEL = "urn:housecall:channel"
_REASON = "http://terminology.hl7.org/CodeSystem/appointment-cancellation-reason"


def location(room: dict[str, Any], base_url: str) -> dict[str, Any]:
    """A room (contracts.rooms.RoomView) as a virtual place."""
    shown: dict[str, Any] = {
        "resourceType": "Location",
        "id": room["id"],
        "meta": {"versionId": str(room["version"])},
        "status": _LOCATION_STATUS[room["state"]],
        "name": room["name"],
        "mode": "instance",
        "type": [{"coding": [{"system": _MODE, "code": "VR", "display": "virtual"}]}],
    }
    if room["state"] == "open":
        shown["virtualService"] = [_virtual_service(room, base_url)]
    return shown


def appointment(session: dict[str, Any], room: dict[str, Any] | None, base_url: str) -> dict[str, Any]:
    """A session (contracts.scheduler.SessionView); `room`: its room, where the reader may see it."""
    status = appointment_status(session)
    planned = session["planned"]
    shown: dict[str, Any] = {
        "resourceType": "Appointment",
        "id": session["id"],
        "meta": {"versionId": str(session["version"])},
        "status": status,
        "start": planned["starts_at"],
        "end": planned["ends_at"],
        "minutesDuration": planned["minutes"],
        "participant": [_place(session, room), *(_host(member_id) for member_id in session["host_member_ids"])],
    }
    if session["title"]:
        shown["description"] = session["title"]
    if session.get("created_at"):
        shown["created"] = session["created_at"]
    if status == "cancelled" and session["state"] != "cancelled":
        shown["cancellationReason"] = {
            "coding": [{"system": _REASON, "code": "other"}],
            "text": session["outcome"]["outcome"].replace("_", " "),
        }
    if room and room["state"] == "open" and status in ("booked", "arrived"):
        shown["virtualService"] = [_virtual_service(room, base_url)]
    return shown


def appointment_status(session: dict[str, Any]) -> str:
    """From the session's state and, when it is over, from what became of it."""
    outcome = session.get("outcome")
    if session["state"] == "finished" and outcome:
        return _OUTCOMES[outcome["outcome"]]
    return _STATES[session["state"]]


def bundle(resources: list[dict[str, Any]], total: int, links: dict[str, str], base_url: str) -> dict[str, Any]:
    """A page of what a search found; `links`: relation → address."""
    return {
        "resourceType": "Bundle",
        "type": "searchset",
        "total": total,
        "link": [{"relation": relation, "url": url} for relation, url in links.items()],
        "entry": [
            {
                "fullUrl": f"{base_url}/fhir/{one['resourceType']}/{one['id']}",
                "resource": one,
                "search": {"mode": "match"},
            }
            for one in resources
        ],
    }


def outcome(code: str, kind: str, detail: str, expressions: tuple[str, ...] = ()) -> dict[str, Any]:
    """An OperationOutcome: `code` of FHIR's issue types, `kind` of /docs/errors."""
    issue: dict[str, Any] = {
        "severity": "error",
        "code": code,
        "details": {"coding": [{"system": "/docs/errors", "code": kind}], "text": detail},
    }
    if expressions:
        issue["expression"] = list(expressions)
    return {"resourceType": "OperationOutcome", "issue": [issue]}


def _virtual_service(room: dict[str, Any], base_url: str) -> dict[str, Any]:
    return {
        "channelType": {"system": _CHANNEL, "code": "housecall", "display": "Housecall"},
        "addressUrl": f"{base_url}/join/room/{room['link']}",
    }


def _place(session: dict[str, Any], room: dict[str, Any] | None) -> dict[str, Any]:
    actor = {"reference": f"Location/{session['room_id']}", "type": "Location"}
    if room:
        actor["display"] = room["name"]
    return {"actor": actor, "status": "accepted"}


def _host(member_id: str) -> dict[str, Any]:
    # by identifier: members are no resources here, and a reference would lead nowhere
    identifier = {"system": "urn:ietf:rfc:4122", "value": member_id}
    return {"actor": {"type": "Practitioner", "identifier": identifier}, "status": "accepted"}
