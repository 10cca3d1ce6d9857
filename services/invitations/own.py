"""An invitation as it is for one of its recipients, who may be asked to some sessions of a series only, or be removed. Pure."""

from dataclasses import replace

from services.invitations.invitation import Invitation, Recipient, attended


def own(invitation: Invitation, recipient: Recipient) -> Invitation:
    """Without the sessions that they are not asked to, and cancelled for whom was removed; its revision is that of their calendar.

    Of a series of which they are asked to one session it is an invitation to that one.
    """
    mine = replace(
        invitation,
        cancelled_at=recipient.removed_at or invitation.cancelled_at,
        calendar_revision=invitation.calendar_revision + recipient.revisions,
    )
    series = invitation.series
    if series is None or recipient.attends is None:
        return mine
    theirs = attended(series, recipient)
    if all(each.cancelled for each in theirs):
        # a moment that stays the same however often it is asked
        mine = replace(mine, cancelled_at=mine.cancelled_at or recipient.queued_at)
    if len(theirs) == 1:
        only = theirs[0]
        return replace(mine, series=None, planned=only.planned, session_id=only.session_id, title=only.title)
    others = tuple(each.recurrence_id for each in series.occurrences if each not in theirs)
    return replace(mine, series=replace(series, occurrences=theirs, excluded=(*series.excluded, *others)))
