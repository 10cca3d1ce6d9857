"""Links that were lost are sent again to whom they belong."""

from typing import Any

from contracts import invitations
from plumbing import clock
from plumbing.ids import new_id
from plumbing.services import Call, answers, every
from services.invitations import lost_links
from services.invitations.entrypoints import Entrypoints
from services.invitations.lost_links import LostLink

_AT_ONCE = 20


class Lost(Entrypoints):
    """A part of services.invitations.service.InvitationsService."""

    @answers(invitations.ASK_FOR_LINK)
    def ask_for_link(self, request: dict[str, Any], call: Call) -> dict[str, Any]:
        """The same answer after the same work for everybody: whether somebody is invited there is found out later."""
        network = lost_links.network_key(request["network"])
        lost_links.check_not_too_many(self.store.lost.asked_from(network, call.now - lost_links.WITHIN))
        self.store.lost.keep(LostLink(new_id(), request["address"].strip(), network, call.now))
        return {"ok": True}

    @every(seconds=1.0)
    def send_lost_links(self) -> None:
        """What was asked for, in every replica: the same one twice is one mail."""
        for lost in self.store.lost.waiting(_AT_ONCE):
            now = clock.now()
            found = self.store.invited_at(lost.address)
            for invitation, recipient_id in lost_links.to_send(found, lost.address, now):
                rule = lost_links.again(recipient_id, now, self.mail.hash_of_link)
                self.store.invitations.update(invitation.id, invitation.organisation_id, rule)
            self.store.lost.done(lost)
            self.mail.wake()
