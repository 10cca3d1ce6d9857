"""The entrypoints of rooms that fill files of their own; `services.rooms.service` puts them together."""

from pathlib import Path
from typing import Any

from contracts import accounts
from contracts.actor import Actor
from contracts.errors import Invalid, LimitReached
from plumbing.services import Call, Caller, runtime
from services.rooms import ledger as ledgers
from services.rooms.ledger import Ledger
from services.rooms.places import Places
from services.rooms.plans import Policies, plan_view
from services.rooms.policies import FOLDER, read_policies
from services.rooms.reading import changeable_by, room_view
from services.rooms.room import Room
from services.rooms.store import RoomsStore


def _policies() -> Policies:
    """Those of the folder that the settings name, else those that come with the service."""
    try:
        folder = runtime.current().settings.plan_policies
    except RuntimeError:  # the module is only looked at
        folder = ""
    return read_policies(Path(folder) if folder else FOLDER)


# read before anything is answered, so that a policy that contradicts itself stops the process at once
POLICIES = _policies()


class Entrypoints:
    """What each of them stands on."""

    store: RoomsStore
    calls: Caller

    @property
    def places(self) -> Places:
        """The places that plans have, and the rooms that take them."""
        return Places(self.store, POLICIES)

    def change(self, room: Room, call: Call, rule: Any) -> dict[str, Any]:
        """The room after a rule, for whom may change it. Raises Forbidden for the others."""
        changed = self.store.rooms.update(
            room.id, room.organisation_id, lambda known: rule(changeable_by(known, call.actor)), call.actor
        )
        return self.view(changed, call.actor)

    def view(self, room: Room, actor: Actor) -> dict[str, Any]:
        """The room as the actor may see it."""
        shelf = self.store.shelf(room.organisation_id, room.id)
        return room_view(room, actor, self.renamed(shelf.ledger), shelf.inherited)

    def renamed(self, ledger: Ledger | None) -> bool:
        """Whether the organisation's plan lets Meeting Rooms be renamed."""
        return ledger is not None and self.places.plan(ledger)[1].meeting_rooms_renamed

    def refuse(self, ledger: Ledger, refusal: LimitReached, actor: Actor) -> None:
        """Raises the refusal, and has it said."""
        self.store.ledgers.update(ledger.id, ledger.id, lambda known: ledgers.refuse(known, refusal), actor)
        raise refusal

    def check_clinic(self, clinic_id: str | None, organisation_id: str) -> None:
        """Raises Invalid for a clinic that the organisation does not have."""
        if clinic_id is None:
            return
        organisation = self.calls(accounts.GET_ORGANISATION, {}, organisation_id=organisation_id)
        if all(clinic["id"] != clinic_id for clinic in organisation["clinics"]):
            detail = "There is no such clinic."
            raise Invalid(detail, errors=[{"pointer": "/clinic_id", "detail": detail}])

    def entitlements(self, ledger: Ledger) -> dict[str, Any]:
        """As contracts.rooms.Entitlements."""
        policy, plan = self.places.plan(ledger)
        return {
            "plan": plan_view(policy, plan),
            "meeting_rooms_used": ledger.used,
            "meeting_rooms_suspended": len(ledger.suspended(plan)),
            "next_meeting_room_name": ledger.next_name(plan),
        }
