"""Invitations as others see them (contracts.invitations): hosts see every recipient, whoever opens a link only themselves."""

from dataclasses import asdict
from typing import Any

from services.invitations import sms_words
from services.invitations.invitation import Invitation, Planned, Recipient
from services.invitations.links import TOKEN_LENGTH, join_address
from services.invitations.recipients import Verdict
from services.invitations.texts import Occasion, words


def verdict_view(verdict: Verdict) -> dict[str, Any]:
    """As RecipientVerdict."""
    return {
        "entry": verdict.entry,
        "address": verdict.address,
        "name": verdict.name,
        "accepted": verdict.accepted,
        "reason": verdict.reason,
    }


def invitation_view(invitation: Invitation) -> dict[str, Any]:
    """As InvitationView, for who may receive in the room."""
    return {
        "id": invitation.id,
        "organisation_id": invitation.organisation_id,
        "room_id": invitation.room_id,
        "session_id": invitation.session_id,
        "title": invitation.title,
        "message": invitation.message,
        "planned": _times(invitation.planned),
        "sender_name": invitation.sender.name,
        "recipients": [_recipient_view(recipient) for recipient in invitation.recipients],
        "created_at": invitation.created_at,
    }


def preview_view(invitation: Invitation, texts_lead_to: str | None) -> dict[str, Any]:
    """As InvitationPreview. `texts_lead_to` is where the link of a text would begin; None where no texts are sent."""
    said = words(invitation)
    # as long as a real one, on which depends what else is in a text
    token = "x" * TOKEN_LENGTH
    text = sms_words.body(invitation, Occasion(), join_address(texts_lead_to, token)) if texts_lead_to else None
    parts = (
        "language", "organisation", "subject", "heading", "opening", "message", "day", "hours", "zone", "button", "help",
    )  # fmt: skip
    return {
        **{part: getattr(said, part) for part in parts},
        "sender": invitation.sender.name,
        "reply_to": invitation.sender.email,
        "neutral": invitation.neutral,
        "dates": list(said.dates),
        "text": text.replace(token, "…") if text else None,
    }


def opened_link_view(invitation: Invitation, recipient: Recipient) -> dict[str, Any]:
    """As OpenedLink, for whoever holds the link: nothing about the others."""
    return {
        "recipient_id": recipient.id,
        "role": recipient.role,
        "for_recipient_id": recipient.for_recipient_id,
        "invitation_id": invitation.id,
        "organisation_id": invitation.organisation_id,
        "room_id": invitation.room_id,
        "session_id": invitation.session_id,
        "invited_name": recipient.name,
        "sender_name": invitation.sender.name,
        "title": invitation.title,
        "message": invitation.message,
        "planned": _times(invitation.planned),
        "language": invitation.language,
    }


def _recipient_view(recipient: Recipient) -> dict[str, Any]:
    return {
        "id": recipient.id,
        "address": recipient.address,
        "name": recipient.name,
        "role": recipient.role,
        "for_recipient_id": recipient.for_recipient_id,
        "delivery": recipient.delivery,
        "delivery_detail": recipient.delivery_detail,
        "delivery_problem": recipient.delivery_problem,
        "reported": recipient.reported,
        "link_revoked": recipient.link_hash is None,
        "opened": recipient.opened,
        "opened_at": recipient.opened_at,
        "arrived_at": recipient.arrived_at,
        "attends": recipient.attends,
        "removed_at": recipient.removed_at,
    }


def _times(planned: Planned | None) -> dict[str, Any] | None:
    return asdict(planned) if planned else None
