"""What a plan allows, what another would change, and the organisation put on another."""

from typing import Any

from contracts import rooms
from plumbing.services import Call, answers
from services.rooms.entrypoints import POLICIES, Entrypoints
from services.rooms.plans import plan_view, waiting_area_refusal
from services.rooms.previewing import preview


class PlanEntrypoints(Entrypoints):
    """A part of services.rooms.service.RoomsService."""

    @answers(rooms.GET_PLAN)
    def get_plan(self, request: dict[str, Any], call: Call) -> dict[str, Any]:
        """A plan by its name or alias."""
        policy = POLICIES.version(request["policy_version"])
        return plan_view(policy, policy.plan(request["name"]))

    @answers(rooms.GET_ENTITLEMENTS)
    def get_entitlements(self, request: dict[str, Any], call: Call) -> dict[str, Any]:
        """What the organisation's plan allows, and how much of it is used."""
        return self.entitlements(self.places.ledger(call.organisation_id))

    @answers(rooms.LIST_PLANS)
    def list_plans(self, request: dict[str, Any], call: Call) -> dict[str, Any]:
        """The plans to choose from."""
        version = request["policy_version"]
        if version is None and call.actor.organisation_id:
            version = self.places.ledger(call.organisation_id).policy_version
        policy = POLICIES.version(version)
        return {
            "items": [plan_view(policy, plan) for plan in policy.plans],
            "policy_version": policy.version,
            "policy_versions": [each.version for each in POLICIES.versions],
        }

    @answers(rooms.PREVIEW_PLAN_CHANGE)
    def preview_plan_change(self, request: dict[str, Any], call: Call) -> dict[str, Any]:
        """What a change of plan would do; does nothing."""
        ledger = self.places.ledger(call.organisation_id)
        version = ledger.policy_version if request["policy_version"] is None else request["policy_version"]
        policy = POLICIES.version(version)
        known = {room.id: room for room in self.store.rooms_of(call.organisation_id)}
        return preview(ledger, self.places.plan(ledger), (policy, policy.plan(request["plan"])), known)

    @answers(rooms.CHECK_WAITING_AREA)
    def check_waiting_area(self, request: dict[str, Any], call: Call) -> dict[str, Any]:
        """Raises LimitReached, and has it said, where the organisation's plan includes no Waiting Area."""
        ledger = self.places.ledger(call.organisation_id)
        refusal = waiting_area_refusal(*self.places.plan(ledger), request["used"])
        if refusal:
            self.refuse(ledger, refusal, call.actor)
        return {"ok": True}

    @answers(rooms.TAKE_PLAN)
    def take_plan(self, request: dict[str, Any], call: Call) -> dict[str, Any]:
        """The plan that accounts has kept for the organisation; its event says the same and is heard, whatever happens here."""
        return self.entitlements(self.places.take_plan(call.organisation_id, request, call.now, call.actor))
