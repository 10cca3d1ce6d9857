"""Reminders of sessions that are near, many together; the scheduler says when."""

from typing import Any

from contracts import reminding
from contracts.errors import Conflict
from plumbing.services import Call, answers
from plumbing.store import Change, Event
from services.invitations import following
from services.invitations.entrypoints import Entrypoints
from services.invitations.invitation import Invitation


class Reminding(Entrypoints):
    """A part of services.invitations.service.InvitationsService."""

    @answers(reminding.SEND_REMINDERS)
    def send_reminders(self, request: dict[str, Any], call: Call) -> dict[str, Any]:
        """Everyone of these invitations who has a link and has not arrived is reminded, once for each time and lead."""
        whose: dict[str, str] = {}
        asked: dict[str, list[dict[str, Any]]] = {}
        for each in request["reminders"]:
            whose[each["invitation_id"]] = each["organisation_id"]
            # the sessions of a series share their invitation
            asked.setdefault(each["invitation_id"], []).append(each)
        states = {(id, each["starts_at"]): "gone" for id, those in asked.items() for each in those}

        def rule(known: Invitation) -> Change[Invitation] | None:
            after, events = known, list[Event]()
            for each in asked[known.id]:
                states[known.id, each["starts_at"]] = "noted"
                try:
                    change = following.remind(after, each["minutes_before"], each["starts_at"], call.now)
                except Conflict:
                    states[known.id, each["starts_at"]] = "not_heard"
                    continue
                if change:
                    after = change.state
                    events += change.events
            return None if after == known else Change(after, events)

        self.store.invitations.update_together(whose, rule)
        self.mail.wake()
        return {
            "items": [
                {"invitation_id": id, "starts_at": starts_at, "state": state}
                for (id, starts_at), state in states.items()
            ]
        }
