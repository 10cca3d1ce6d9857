"""Invitations: who is invited, and what became of each."""

from contracts import invitations
from gateway.api.area import Area

area = Area("invitations", "Invitations, one link for each recipient, and what became of each")
_RECIPIENT = "/invitations/<id:invitation_id>/recipients/<id:recipient_id>"

area.answers(
    "POST", "/invitations/preview", invitations.PREVIEW_INVITATION, "What the mail would say. Nothing is sent or booked."
)
area.answers("POST", "/invitations/check", invitations.CHECK_RECIPIENTS, "What is understood of a list of recipients.")
area.answers(
    "POST", "/invitations", invitations.SEND_INVITATION, "Invite; each address gets its own result.", status=201
)
area.answers(
    "GET", "/invitations/<id:invitation_id>", invitations.GET_INVITATION, "One invitation with its recipients."
)
area.answers("POST", f"{_RECIPIENT}/resend", invitations.RESEND_INVITATION, "Send it to this recipient again.")
area.answers("POST", f"{_RECIPIENT}/revoke", invitations.REVOKE_LINK, "This recipient's link stops at once.")
