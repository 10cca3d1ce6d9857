"""Participants of sessions that API clients made, and what their links open."""

from datetime import timedelta
from functools import partial
from typing import Any

from contracts import accounts, client_sessions, scheduler
from contracts import session_participants as contract
from plumbing.ids import follow
from plumbing.services import Call, answers
from services.invitations.entrypoints import Entrypoints
from services.invitations.links import join_address
from services.invitations.participants import participant as rules
from services.invitations.participants.participant import Participant
from services.invitations.participants.store import MOST_ON_A_PAGE


class Participants(Entrypoints):
    """A part of services.invitations.service.InvitationsService."""

    @answers(contract.ADD_PARTICIPANTS)
    def add_participants(self, request: dict[str, Any], call: Call) -> dict[str, Any]:
        """More people in a session, until it is over, each with a link; repeated, the same."""
        session = self._session_of(request["session_id"], call)
        rules.check_open(session)
        kept = []
        for place, asked in enumerate(request["participants"]):
            id = follow(call.command_id, f"participant {place}")
            # a millisecond apart, as far as the database counts, so that they are read in the order in which they were given
            now = call.now + timedelta(milliseconds=place)
            new = rules.made(asked, session, self.mail.hash_of_link(id, 1), id=id, now=now)
            # one who was removed since is not made anew: an id is kept once
            kept.append(self.store.participants.documents.create(new, rules.said(new, "added"), actor=call.actor))
        return {"items": [self._shown(each) for each in kept]}

    @answers(contract.LIST_PARTICIPANTS)
    def list_participants(self, request: dict[str, Any], call: Call) -> dict[str, Any]:
        """Of the client's own sessions."""
        found = self.store.participants.of(
            call.organisation_id,
            call.actor.id,
            request["session_ids"],
            request["state"],
            request["removed"],
            request["cursor"],
        )
        cursor = None
        if request["session_ids"] is None and len(found) > MOST_ON_A_PAGE:
            found = found[:MOST_ON_A_PAGE]
            cursor = found[-1].id
        return {"items": [self._shown(each) for each in found if call.actor.reaches(each.clinic_id)], "cursor": cursor}

    @answers(contract.GET_PARTICIPANT)
    def get_participant(self, request: dict[str, Any], call: Call) -> dict[str, Any]:
        """One, also one who was removed."""
        return self._shown(self._own(request, call))

    @answers(contract.CHANGE_PARTICIPANT)
    def change_participant(self, request: dict[str, Any], call: Call) -> dict[str, Any]:
        """Another name, role, picture or state, until the session is over."""
        known = self._own(request, call)
        rules.check_open(self._session_of(known.session_id, call))
        rule = partial(rules.change, asked=request)
        kept = self.store.participants.documents.update(known.id, call.organisation_id, rule, call.actor)
        return self._shown(kept)

    @answers(contract.REMOVE_PARTICIPANT)
    def remove_participant(self, request: dict[str, Any], call: Call) -> dict[str, Any]:
        """Gone for good, and their link at once; not from a session that is over."""
        known = self._own(request, call)
        rules.check_open(self._session_of(known.session_id, call))
        rule = partial(rules.remove, now=call.now)
        self.store.participants.documents.update(known.id, call.organisation_id, rule, call.actor)
        return {"ok": True}

    def opened_by_participant(self, link_hash: str, call: Call) -> dict[str, Any] | None:
        """What a participant's link opens, as things are now; None for a link that is none of theirs. Raises Gone."""
        found = self.store.participants.by_link(link_hash)
        if found is None:
            return None
        whose = found.organisation_id
        session = self.calls(scheduler.GET_SESSION, {"session_id": found.session_id}, organisation_id=whose)
        rules.check_link(session, call.now)
        organisation = self.calls(accounts.GET_ORGANISATION, {}, organisation_id=whose)
        made = self.calls(client_sessions.GET_CLIENT_SESSION, {"session_id": found.session_id}, organisation_id=whose)
        return rules.opened_view(found, session, organisation, made["feature_flags"])

    def _session_of(self, session_id: str, call: Call) -> dict[str, Any]:
        """The client's own session. Raises NotFound, and Forbidden for another client's."""
        asked = {"session_id": session_id}
        session: dict[str, Any] = self.calls(
            client_sessions.GET_CLIENT_SESSION, asked, organisation_id=call.organisation_id
        )
        rules.check_own(session, call.actor)
        return session

    def _own(self, request: dict[str, Any], call: Call) -> Participant:
        found = self.store.participants.documents.get(request["participant_id"], call.organisation_id)
        return rules.own(found, call.actor)

    def _shown(self, participant: Participant) -> dict[str, Any]:
        token = self.mail.token_of_link(participant.id, 1)
        return rules.participant_view(participant, join_address(self.mail.base_url, token))
