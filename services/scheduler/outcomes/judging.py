"""When a session is judged, what is recorded then, and how people correct it. Pure."""

from dataclasses import replace
from datetime import datetime

from contracts.errors import Conflict
from plumbing.store import Change, Event
from services.scheduler.outcomes.outcome import Correction, Outcome
from services.scheduler.outcomes.verdict import CLOSED_AFTER, GRACE, LOOKS_AGAIN_AFTER, Evidence, timeline, verdict
from services.scheduler.session import CANCELLED, FINISHED, Session, said

BY_EVIDENCE, BY_MEMBER = "evidence", "member"


def to_be_judged(session: Session) -> Session:
    """The session, to be looked at some time after its planned end."""
    return replace(session, judge_at=session.planned.ends_at + GRACE)


def judge(session: Session, evidence: Evidence, now: datetime, invited: bool = True) -> Change[Session] | None:
    """The session with its outcome, finished; later, while somebody is still there. One without guests is just finished.

    `invited`: whether anybody still is, where an invitation was sent.
    """
    if session.judge_at is None or session.judge_at > now:
        return None
    if session.state == CANCELLED:
        return Change(replace(session, judge_at=None))
    if evidence.somebody_is_there and now < session.planned.ends_at + CLOSED_AFTER:
        return Change(replace(session, judge_at=now + LOOKS_AGAIN_AFTER))
    finished = replace(session, state=FINISHED, judge_at=None)
    # of a session that an API client made, nobody here knows who was asked to come; who came did
    asked = invited if session.invitation_id else bool(session.client and evidence.visits)
    if not asked:
        return Change(finished)
    before = session.outcome
    found = Outcome(
        by_evidence=verdict(evidence, session.planned.starts_at),
        decided_at=now,
        timeline=timeline(evidence),
        correction=before.correction if before else None,
    )
    if before and before.by_evidence == found.by_evidence and before.timeline == found.timeline:
        return Change(finished)
    events = () if before and before.counts == found.counts else (_recorded(session, found, BY_EVIDENCE),)
    return Change(replace(finished, outcome=found), events)


def judge_again(session: Session, now: datetime) -> Change[Session] | None:
    """More was heard of a session that was judged already: it is judged once more, as long as that is not long ago."""
    late = now >= session.planned.ends_at + CLOSED_AFTER
    return None if session.state != FINISHED or session.judge_at or late else Change(replace(session, judge_at=now))


def correct(session: Session, outcome: str, reason: str, member_id: str, now: datetime) -> Change[Session] | None:
    """What a member says became of it. Raises Conflict before anything is recorded."""
    before = session.outcome
    if before is None:
        raise Conflict(
            "Nothing is recorded of this session yet. That happens a quarter of an hour after its end.",
            state=session.state,
        )
    if before.correction and (before.correction.outcome, before.correction.reason) == (outcome, reason):
        return None
    after = replace(before, correction=Correction(outcome, reason, member_id, now))
    return Change(replace(session, outcome=after), (_recorded(session, after, BY_MEMBER),))


def _recorded(session: Session, outcome: Outcome, decided_by: str) -> Event:
    return Event("session.outcome_recorded", {**said(session), "outcome": outcome.counts, "decided_by": decided_by})
