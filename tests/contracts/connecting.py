"""What no journey causes of programs: an API client is made, asks, is changed, gets another secret, and is revoked."""

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
