"""Invitations: who is invited, and what became of each."""

import marshmallow as ma
from flask import Response, request

from contracts import invitations
from contracts.command import Done
from gateway.api import asking, bodies
from gateway.api.area import Area
from gateway.identity import seen_in

area = Area("invitations", "Invitations, one link for each recipient, and what became of each")
_RECIPIENT = "/invitations/<id:invitation_id>/recipients/<id:recipient_id>"

area.answers(
    "POST",
    "/invitations/preview",
    invitations.PREVIEW_INVITATION,
    "What the mail would say. Nothing is sent or booked.",
)
area.answers("POST", "/invitations/check", invitations.CHECK_RECIPIENTS, "What is understood of a list of recipients.")
area.answers(
    "POST", "/invitations", invitations.SEND_INVITATION, "Invite; each address gets its own result.", status=201
)
area.answers("GET", "/invitations/channels", invitations.GET_CHANNELS, "How people can be written to beside by e-mail.")
area.answers(
    "GET", "/invitations/<id:invitation_id>", invitations.GET_INVITATION, "One invitation with its recipients."
)
area.answers("POST", f"{_RECIPIENT}/resend", invitations.RESEND_INVITATION, "Send it to this recipient again.")
area.answers("POST", f"{_RECIPIENT}/revoke", invitations.REVOKE_LINK, "This recipient's link stops at once.")


class LostAddress(ma.Schema):
    """Where the invitation went."""

    address = ma.fields.String(required=True)


@area.blueprint.route("/lost-links", methods=["POST"])
@area.described(LostAddress, Done, "/lost-links", status=202)
def ask_for_link() -> Response:
    """Send the links of who lost them again, if anybody is invited at the address. The answer is the same for everybody."""
    given = bodies.json_object(request)
    asked = {**given, **bodies.ours(given, network=seen_in(request).network)}
    return asking.reply(asking.ask(invitations.ASK_FOR_LINK, asked, asking.anybody()), 202)
