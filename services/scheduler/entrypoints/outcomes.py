"""What became of sessions: what is heard of who came when, what it comes to, and how people correct it."""

from functools import partial
from typing import Any

from contracts import invitations, scheduler
from contracts.errors import NotFound, Unavailable
from plumbing import clock
from plumbing.services import Call, Heard, answers, every, hears
from plumbing.store import Change
from services.scheduler import changing
from services.scheduler.entrypoints import Entrypoints
from services.scheduler.outcomes import judging
from services.scheduler.session import Session
from services.scheduler.views import session_view

_JUDGED_AT_ONCE = 200


class Outcomes(Entrypoints):
    """A part of services.scheduler.service.SchedulerService."""

    @answers(scheduler.CORRECT_OUTCOME)
    def correct_outcome(self, request: dict[str, Any], call: Call) -> dict[str, Any]:
        """What a member says became of a session, and why; what the evidence says stays beside it."""

        def rule(session: Session) -> Change[Session] | None:
            changing.may_decide(session, call.actor)
            return judging.correct(session, request["outcome"], request["reason"], call.actor.id, call.now)

        known = self._known(request["session_id"], call)
        return session_view(self.store.sessions.update(known.id, call.organisation_id, rule, call.actor))

    @hears("waiting")
    def on_waiting(self, event: Heard) -> None:
        """Who came by a session's link, and when they went."""
        session_id = self.store.evidence.note_visit(event)
        if session_id:
            self.store.change_if_known(session_id, event.organisation_id, partial(judging.judge_again, now=clock.now()))

    @hears("media")
    def on_media(self, event: Heard) -> None:
        """Which members were in a room's call, and when."""
        self.store.evidence.note_presence(event)

    @every(seconds=5.0)
    def judge_sessions(self) -> None:
        """Outcomes that are due, in every replica: the first to write has it, the others find it done."""
        now = clock.now()
        for session in self.store.to_judge(now, _JUDGED_AT_ONCE):
            evidence, invited = self.store.evidence.evidence(session), True
            if session.invitation_id and not evidence.visits:
                try:
                    invited = self._is_invited(session)
                except Unavailable:
                    continue  # asked again in five seconds; nobody is called absent who was not asked to come
            rule = partial(judging.judge, evidence=evidence, now=now, invited=invited)
            self.store.sessions.update(session.id, session.organisation_id, rule)

    def _is_invited(self, session: Session) -> bool:
        """Whether anybody is, by now: who was has perhaps been removed."""
        asked = {"invitation_id": session.invitation_id}
        try:
            found = self.calls(invitations.GET_INVITATION, asked, organisation_id=session.organisation_id)
        except NotFound:
            return True
        return any(
            not one.get("removed_at") and (one.get("attends") is None or session.recurrence_id in one["attends"])
            for one in found["recipients"]
        )
