"""Reminders of sessions that are near, many together; the scheduler says when."""

from functools import partial
from typing import Any

from contracts import reminding
from contracts.errors import Conflict
from plumbing.services import Call, answers
from plumbing.store import Change
from services.invitations import following
from services.invitations.entrypoints import Entrypoints
from services.invitations.invitation import Invitation


class Reminding(Entrypoints):
    """A part of services.invitations.service.InvitationsService."""

    @answers(reminding.SEND_REMINDERS)
    def send_reminders(self, request: dict[str, Any], call: Call) -> dict[str, Any]:
        """Everyone of these invitations who has a link and has not arrived is reminded, once for each time and lead."""
        asked = {each["invitation_id"]: each for each in request["reminders"]}
        states = dict.fromkeys(asked, "gone")

        def rule(known: Invitation) -> Change[Invitation] | None:
            states[known.id] = "noted"
            each = asked[known.id]
            remind = partial(
                following.remind, minutes=each["minutes_before"], starts_at=each["starts_at"], now=call.now
            )
            try:
                return remind(known)
            except Conflict:
                states[known.id] = "not_heard"
                return None

        self.store.invitations.update_together({id: each["organisation_id"] for id, each in asked.items()}, rule)
        self.mail.wake()
        return {"items": [{"invitation_id": id, "state": state} for id, state in states.items()]}
