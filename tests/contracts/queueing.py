"""What no journey causes of Waiting Areas: one made, changed, suspended, left by its link, and the plan that has none."""

from collections.abc import Callable
from typing import Any

from tests.journeys.client import Guest, Visitor, eventually

_HOURS = [{"weekday": "monday", "opens": "00:00", "closes": "00:00"}]
_FIELDS = [{"key": "born", "label": "Date of birth", "kind": "date", "required": True}]


def queue_in_an_area(owner: Visitor, stack: dict[str, Any]) -> None:
    """In the organisation of `owner`, whose plan includes Waiting Areas: everything that is done with one."""
    clinic_id = owner.get("/api/me")["organisation"]["clinics"][0]["id"]
    asked = {"consent_text": "I agree.", "waiting_content": "Soon.", "entry_fields": _FIELDS}
    known = {"show_wait": True, "attention_minutes": 20, "zone": "UTC", "name": "Desk", "hours": None}
    made = owner.post("/api/waiting-areas", {"clinic_id": clinic_id, **asked, **known})
    path = f"/api/waiting-areas/{made['id']}"
    closed = {**asked, **known, "hours": _HOURS, "version": made["version"]}
    owner.request("PATCH", path, closed).raise_for_status()
    owner.request("PATCH", path, {"hours": None}).raise_for_status()
    owner.post(f"{path}/suspend", {"message": "At a conference."})
    Guest(stack, f"/join/area/{made['link']}").hello()
    owner.post(f"{path}/resume")
    made = owner.post(f"{path}/link")
    with Guest(stack, f"/join/area/{made['link']}") as client:
        door = client.hello()
        given = {"answers": {"born": "1980-02-29"}, "consent_version": door["consent_version"]}
        caller = client.post(f"/api{client.path}/arrivals", {"display_name": "Mia K.", **given})
        for each in (path, "/api/waiting-areas", f"{path}/callers", "/api/callers", f"/api/callers/{caller['id']}"):
            owner.get(each)
        room_id = next(room["id"] for room in owner.get("/api/rooms")["items"] if room["may_host"])
        with Guest(stack, f"/join/area/{made['link']}") as second:
            other = second.post(f"/api{second.path}/arrivals", {"display_name": "Omar B.", **given})
            owner.post(f"/api/callers/{other['id']}/move-up", {"reason": "Chest pain"})
            owner.post(f"/api/callers/{other['id']}/messages", {"text": "Running five minutes late."})
            owner.post("/api/callers/messages", {"area_id": made["id"], "text": "Back at ten."})
            second.post("/api/caller/messages", {"text": "Thank you"})
            second.post("/api/caller/worse")
            second.post("/api/caller/leave")
        owner.post(f"/api/callers/{caller['id']}/accept", {"room_id": room_id})
        client.post("/api/caller/leave")
    short_lived = owner.post("/api/clinics", {"name": "For a while"})["id"]
    owner.post("/api/waiting-areas", {"clinic_id": short_lived})
    owner.request("DELETE", f"/api/clinics/{short_lived}").raise_for_status()
    for plan in ("Standard", "Premium"):
        owner.request("PUT", "/api/plan", {"plan": plan, "policy_version": 1}).raise_for_status()
        eventually(lambda: owner.get(path), _plan_is_followed(plan), "the area follows the plan")


def _plan_is_followed(plan: str) -> Callable[[dict[str, Any]], bool]:
    return lambda area: area["in_plan"] == (plan == "Premium")
