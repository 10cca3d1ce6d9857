"""What no journey causes of security keys: a member carries one, signs in with it, and lays it down."""

from typing import Any

from tests.journeys.client import Visitor, address
from tests.software_key import SoftwareKey

_PASSWORD = "a password of a recording"
_OWN = "/api/me/security-keys"


def carry_a_key(owner: Visitor, stack: dict[str, Any]) -> None:
    """Play all of it, for a member made for it."""
    known = {"email": address(), "password": _PASSWORD}
    owner.post("/api/members", {**known, "name": "Kim Key", "role": "provider"})
    key = SoftwareKey(stack["base_url"], "localhost")
    with Visitor(stack) as member, Visitor(stack) as later:
        member.post("/api/sign-ins", known)
        options = member.post(f"{_OWN}/begin")["options"]
        made = member.post(_OWN, {"credential": key.create(options), "name": "A blue key"})["key"]
        step = later.post("/api/sign-ins", known)["step"]
        asked = later.post("/api/sign-ins/security-key/begin", {"step": step})["options"]
        later.post("/api/sign-ins/security-key", {"step": step, "credential": key.get(asked)})
        later.get(_OWN)
        later.request("PATCH", f"{_OWN}/{made['id']}", {"name": "A green key"}).raise_for_status()
        later.request("DELETE", f"{_OWN}/{made['id']}", {"password": _PASSWORD}).raise_for_status()
