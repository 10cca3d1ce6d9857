"""What no journey causes of webhooks: one is made, tested, changed, parked and resumed, gets another secret, and is removed."""

from typing import Any

from tests.journeys.client import Visitor, eventually
from tests.wiring.webhook_receiver import receiver


def keep_a_webhook(owner: Visitor) -> None:
    """Play all of it, with a receiver of its own on this machine."""
    with receiver() as desk:
        wanted = {"description": "Records", "types": ["webhook.*", "member.*"], "per_second": 100, "at_once": 2}
        made = owner.post("/api/webhooks", {"url": desk.url, "format": "cloudevents", "order": "subject", **wanted})
        path = f"/api/webhooks/{made['id']}"
        change = {"description": "Our records", "types": ["member.*"], "format": "cloudevents", "order": "none"}
        bounds = {"url": desk.url, "per_second": None, "at_once": 4}
        owner.request("PATCH", path, {**change, **bounds, "parked": True}).raise_for_status()
        owner.request("PATCH", path, {"parked": False, "version": 2}).raise_for_status()
        second = owner.post(f"{path}/secrets")["secrets"][-1]
        owner.request("DELETE", f"{path}/secrets/{second['id']}").raise_for_status()
        owner.post(f"{path}/test")
        page: list[dict[str, Any]] = eventually(
            lambda: owner.get(f"{path}/deliveries?state=delivered&limit=5")["items"], bool, "the test was received"
        )
        owner.get(f"{path}/deliveries?cursor={page[0]['id']}")
        owner.post(f"{path}/deliveries/{page[0]['id']}/send-again")
        span = {"starts_from": "2026-01-01T00:00:00Z", "starts_until": "2099-01-01T00:00:00Z"}
        owner.post(f"{path}/send-again", span)
        owner.get("/api/webhooks")
        owner.get(path)
        gone = owner.post("/api/webhooks", {"url": f"{desk.url}&2"})
        owner.request("DELETE", f"/api/webhooks/{gone['id']}").raise_for_status()
        owner.request("DELETE", path).raise_for_status()
