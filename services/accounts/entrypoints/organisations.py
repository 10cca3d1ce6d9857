"""An organisation's own page: its name and contacts, how it does things, its plan, and its clinics."""

from functools import partial
from typing import Any

import structlog

from contracts import accounts, organisations, rooms
from contracts.errors import Forbidden, Unavailable
from plumbing.services import Call, answers
from services.accounts import clinics, member, organisation
from services.accounts.addresses import read_address
from services.accounts.entrypoints import Entrypoints
from services.accounts.member import OWNER
from services.accounts.organisation import Clinic, Organisation
from services.accounts.views import organisation_view

log = structlog.get_logger()


class Organisations(Entrypoints):
    """A part of services.accounts.service.AccountsService."""

    @answers(accounts.GET_ORGANISATION)
    def get_organisation(self, request: dict[str, Any], call: Call) -> dict[str, Any]:
        """The reader's own organisation; of its clinics those that they reach."""
        shown = organisation_view(self.store.organisations.get(call.organisation_id, call.organisation_id))
        clinics = [clinic for clinic in shown["clinics"] if call.actor.reaches(clinic["id"])]
        return {**shown, "clinics": clinics}

    @answers(organisations.CHANGE_ORGANISATION)
    def change_organisation(self, request: dict[str, Any], call: Call) -> dict[str, Any]:
        """Another name, zone, language, contact or note; of a version, only if nobody changed it meanwhile."""
        wanted = {name: value for name, value in request.items() if name != "version"}
        if "second_step_for" in wanted and OWNER not in call.actor.roles:
            raise Forbidden("Only an owner may change who needs a second step.")
        if wanted.get("contact_email"):
            wanted["contact_email"] = read_address(wanted["contact_email"], "/contact_email").text
        rule = partial(organisation.change, wanted=wanted, version=request["version"])
        kept = self.store.organisations.update(call.organisation_id, call.organisation_id, rule, call.actor)
        return organisation_view(kept)

    @answers(accounts.CHANGE_PLAN)
    def change_plan(self, request: dict[str, Any], call: Call) -> dict[str, Any]:
        """The organisation on another plan. Rooms is told before this answers, and hears it if it cannot be told."""
        known: Organisation = self.store.organisations.get(call.organisation_id, call.organisation_id)
        version = known.policy_version if request["policy_version"] is None else request["policy_version"]
        plan = self.plan_of(request["plan"], version)
        changed: Organisation = self.store.organisations.update(
            known.id, known.id, lambda now: organisation.change_plan(now, plan), call.actor
        )
        taken = {field: getattr(changed, field) for field in ("plan", "policy_version", "plan_revision")}
        try:
            self.calls(rooms.TAKE_PLAN, taken, organisation_id=changed.id)
        except Unavailable:
            log.info("rooms will hear of the plan", plan_revision=changed.plan_revision)
        return organisation_view(changed)

    @answers(accounts.CREATE_CLINIC)
    def create_clinic(self, request: dict[str, Any], call: Call) -> dict[str, Any]:
        """One more clinic, with a name that no other has."""
        clinic = Clinic(call.command_id, request["name"])
        self.store.organisations.update(
            call.organisation_id, call.organisation_id, partial(clinics.add_clinic, clinic=clinic), call.actor
        )
        return {"id": clinic.id, "name": clinic.name}

    @answers(organisations.CHANGE_CLINIC)
    def change_clinic(self, request: dict[str, Any], call: Call) -> dict[str, Any]:
        """Another name for a clinic."""
        clinic_id, name = request["clinic_id"], request["name"]
        rule = partial(clinics.rename_clinic, clinic_id=clinic_id, name=name)
        self.store.organisations.update(call.organisation_id, call.organisation_id, rule, call.actor)
        return {"id": clinic_id, "name": name}

    @answers(organisations.REMOVE_CLINIC)
    def remove_clinic(self, request: dict[str, Any], call: Call) -> dict[str, Any]:
        """A clinic that nobody is in and no room belongs to is removed."""
        known: Organisation = self.store.organisations.get(call.organisation_id, call.organisation_id)
        clinic_id = clinics.find_clinic(known, request["clinic_id"]).id
        listed = self.calls(rooms.LIST_ROOMS, {}, organisation_id=known.id)["items"]
        its_rooms = [room for room in listed if room["clinic_id"] == clinic_id and room["state"] != "removed"]
        rule = partial(
            clinics.remove_clinic,
            clinic_id=clinic_id,
            members=len(self.store.members_in(clinic_id, known.id)),
            rooms=len(its_rooms),
        )
        self.store.organisations.update(known.id, known.id, rule, call.actor)
        # whoever came into it while it was looked through
        for late in self.store.members_in(clinic_id, known.id):
            left = tuple(each for each in late.clinic_ids if each != clinic_id)
            self.store.members.update(
                late.id, known.id, partial(member.change, wanted={"clinic_ids": left}), call.actor
            )
        return {"ok": True}
