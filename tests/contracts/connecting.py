"""What no journey causes of programs: an API client is made, asks, is changed, gets another secret, and is revoked.

And what one does by the Session API v1.
"""

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import requests

from tests.journeys.client import Visitor


def connect_a_program(owner: Visitor, stack: dict[str, Any]) -> None:
    """Play all of it."""
    base = stack["base_url"]
    clinic_ids = [clinic["id"] for clinic in owner.get("/api/me")["organisation"]["clinics"]]
    asked = {"name": "Bookings", "scopes": ["rooms:read", "sessions:read"], "clinic_ids": clinic_ids[:1]}
    client = owner.post("/api/api-clients", asked)
    path = f"/api/api-clients/{client['id']}"
    form = {"grant_type": "client_credentials", "scope": "rooms:read"}
    known = (client["id"], client["key_secret"])
    token = requests.post(f"{base}/oauth2/token", data=form, auth=known, timeout=20).json()
    bearer = {"Authorization": f"Bearer {token['access_token']}"}
    requests.get(f"{base}/api/rooms", headers=bearer, timeout=20).raise_for_status()
    second = owner.post(f"{path}/secrets")["secrets"][-1]
    owner.get("/api/api-clients")
    change = {"name": "Appointments", "scopes": ["rooms:read"], "clinic_ids": [], "version": 2}
    owner.request("PATCH", path, change).raise_for_status()
    owner.request("DELETE", f"{path}/secrets/{second['id']}").raise_for_status()
    owner.request("DELETE", path).raise_for_status()


def keep_sessions_as_a_program(owner: Visitor, stack: dict[str, Any]) -> None:
    """Play all of it."""
    base = f"{stack['base_url']}/v1"
    client = owner.post("/api/api-clients", {"name": "Other bookings", "scopes": ["sessions:read", "sessions:write"]})
    known, form = (client["id"], client["key_secret"]), {"grant_type": "client_credentials"}
    token = requests.post(f"{base}/auth/token", data=form, auth=known, timeout=20).json()
    form = {"grant_type": "refresh_token", "refresh_token": token["refresh_token"]}
    token = requests.post(f"{base}/auth/token", data=form, auth=known, timeout=20).json()
    bearer = {"Authorization": f"Bearer {token['access_token']}"}

    def ask(method: str, path: str, body: Any = None) -> Any:
        answer = requests.request(method, base + path, json=body, headers=bearer, timeout=20)
        answer.raise_for_status()
        return answer.json()

    def at(hours: int) -> str:
        return format_datetime(datetime.now(UTC) + timedelta(hours=hours), usegmt=True)

    texts = {"display_name": "Mia", "picture": "https://clinic.example/mia.png", "state": "new", "phone": "+49 30 5553"}
    times = {"start_time": at(50), "end_time": at(51)}
    picture = {"picture": "https://clinic.example/room.png"}
    flags = {"feature_flags": ["return-label;Back"]}
    new = {"session_name": "Check-up", **times, **picture, **flags, "participants": [{**texts, "role": "guest"}]}
    session = ask("POST", "/sessions", new)
    path, person = f"/sessions/{session['session_id']}", session["participants"][0]
    ask("PUT", path, {"session_name": "Longer", "start_time": at(52), "end_time": at(54), "picture": None})
    ask("PUT", f"/participants/{person['participant_id']}", {**texts, "role": "host", "state": "seen"})
    for read in (path, f"{path}/summary", f"/participants/{person['participant_id']}", "/user/team"):
        ask("GET", read)
    bounds = requests.Request("GET", base, params={"start_time": at(1), "end_time": at(99)}).prepare().url or ""
    ask(
        "GET", f"/sessions?{bounds.partition('?')[2]}&page=0&page_size=1&order=reverse&include_canceled=true&state=seen"
    )
    ask("DELETE", f"/participants/{person['participant_id']}")
    ask("GET", f"{path}/participants?deleted_participants=true")
    ask("DELETE", path)
    owner.request("DELETE", f"/api/api-clients/{client['id']}").raise_for_status()
