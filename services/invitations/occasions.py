"""Why one recipient is written to, beside the invitation itself: it moved, comes near, changed, or is theirs no longer. Pure."""

from dataclasses import replace

from services.invitations.invitation import Invitation, Recipient
from services.invitations.own import own
from services.invitations.texts import Occasion


def as_written(invitation: Invitation, recipient: Recipient) -> tuple[Invitation, Occasion]:
    """The invitation as it is for this recipient now, with the time that a reminder is about; and why they are written to."""
    removed = recipient.removed_at is not None and not invitation.cancelled_at
    theirs = own(invitation, recipient)
    if recipient.reminding is not None and recipient.reminding_of:
        theirs = replace(theirs, planned=recipient.reminding_of, series=None)
    moved_from = recipient.told if recipient.told != theirs.planned and recipient.reminding_of is None else None
    changed = theirs.series is not None and recipient.told is not None and theirs.calendar_revision > 0
    return theirs, Occasion(moved_from, recipient.reminding, changed, recipient.role, removed)
