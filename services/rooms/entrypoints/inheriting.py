"""What rooms inherit from their organisation and clinic."""

from typing import Any

from contracts import rooms
from plumbing.services import Call, answers
from services.rooms import settings
from services.rooms.entrypoints import Entrypoints
from services.rooms.settings import Inherited, inherited_view


class Inheriting(Entrypoints):
    """A part of services.rooms.service.RoomsService."""

    @answers(rooms.GET_INHERITED_SETTINGS)
    def get_inherited_settings(self, request: dict[str, Any], call: Call) -> dict[str, Any]:
        """What the organisation and its clinics set for their rooms."""
        found = self.store.inherited_by(call.organisation_id)
        return inherited_view(found or Inherited(call.organisation_id, call.organisation_id))

    @answers(rooms.CHANGE_INHERITED_SETTINGS)
    def change_inherited_settings(self, request: dict[str, Any], call: Call) -> dict[str, Any]:
        """What the rooms of the organisation, or of one clinic, inherit."""
        clinic_id, own = request["clinic_id"], call.organisation_id
        self.check_clinic(clinic_id, own)
        self.store.inherited.create(Inherited(own, own))
        changed = self.store.inherited.update(
            own,
            own,
            lambda known: settings.change_inherited(
                known, clinic_id, request["settings"], request["locked"], request["version"]
            ),
            call.actor,
        )
        return inherited_view(changed)
