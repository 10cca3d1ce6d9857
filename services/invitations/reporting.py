"""What becomes of a message after it was taken, as mail servers and the provider of texts report it. Pure."""

from dataclasses import dataclass, replace

from plumbing.store import Change
from services.invitations.delivery import DETAILS
from services.invitations.invitation import QUEUED, REFUSED, TAKEN, Invitation, Recipient, said, with_recipient
from services.invitations.reports import MOST, Sending

DELIVERED, DELAYED, BOUNCED = "delivered", "delayed", "bounced"
_EVENTS = {
    DELIVERED: "invitation.delivered", DELAYED: "invitation.delayed", BOUNCED: "invitation.bounced",
}  # fmt: skip
# a later report counts where it says more: who forwards a mail may deliver it and have it refused further on
_MORE = {None: 0, DELAYED: 1, DELIVERED: 2, BOUNCED: 3}


@dataclass(frozen=True)
class Report:
    """What is reported of one sending: `kind` is delivered, delayed or bounced; `problem` is one of `delivery.PROBLEMS`."""

    sending: Sending
    kind: str
    problem: str | None = None


def note(invitation: Invitation, report: Report) -> Change[Invitation] | None:
    """The invitation after a report. Said again it changes nothing, nor does one about an earlier sending or who was removed.

    A report may come before it is written down that the message was taken: what it says is kept, and holds from then on.
    """
    person = _of(invitation, report.sending)
    if person is None or _MORE[report.kind] <= _MORE[person.reported]:
        return None
    detail = DETAILS[report.problem] if report.problem else None
    after = replace(person, reported=report.kind, delivery_problem=report.problem, delivery_detail=detail)
    if report.kind == BOUNCED and person.delivery == TAKEN:
        after = replace(after, delivery=REFUSED)
    changed = with_recipient(invitation, after)
    # a cancellation's fate is in the state, and a notice's is nobody's; the events are about the invitation. What bounced before
    # it was written down as taken is said when that is
    early = person.delivery == QUEUED and report.kind == BOUNCED
    silent = invitation.cancelled_at or invitation.notice or early
    return Change(changed, () if silent else said(changed, person.id, _EVENTS[report.kind]))


def _of(invitation: Invitation, sending: Sending) -> Recipient | None:
    if sending.place >= len(invitation.recipients):
        return None
    person = invitation.recipients[sending.place]
    same = person.sending & MOST == sending.number
    return person if same and not person.removed_at and person.delivery in (TAKEN, QUEUED) else None
