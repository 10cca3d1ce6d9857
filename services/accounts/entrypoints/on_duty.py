"""Who is on duty where: members say it themselves."""

from functools import partial
from typing import Any

from contracts import availability
from contracts.errors import NotFound
from plumbing.services import Call, answers
from services.accounts import member
from services.accounts.entrypoints import Entrypoints
from services.accounts.views import on_duty_view, sees_clinics


class OnDuty(Entrypoints):
    """A part of services.accounts.service.AccountsService."""

    @answers(availability.SET_AVAILABILITY)
    def set_availability(self, request: dict[str, Any], call: Call) -> dict[str, Any]:
        """The asker is on duty, or away, in some or all of their clinics."""
        rule = partial(member.set_availability, now=call.now, **request)
        kept = self.store.members.update(call.actor.id, call.organisation_id, rule, call.actor)
        return on_duty_view(kept, None)

    @answers(availability.LIST_ON_DUTY)
    def list_on_duty(self, request: dict[str, Any], call: Call) -> dict[str, Any]:
        """Who is on duty in the clinics that the reader may see, by name."""
        seen = sees_clinics(call.actor)
        views = (on_duty_view(each, seen) for each in self.store.members_on_duty(call.organisation_id))
        return {"items": [view for view in views if view["clinics"]]}

    @answers(availability.GET_ON_DUTY)
    def get_on_duty(self, request: dict[str, Any], call: Call) -> dict[str, Any]:
        """One member who is on duty in a clinic that the reader may see; not found when they are not."""
        found = self.store.members.get(request["member_id"], call.organisation_id)
        view = on_duty_view(found, sees_clinics(call.actor))
        if not view["clinics"]:
            raise NotFound
        return view
