"""People are added to a session that is booked, and removed from it."""

from dataclasses import replace
from functools import partial
from typing import Any

from contracts import accounts, scheduler
from contracts import guests as contract
from contracts.errors import NotFound
from plumbing.ids import follow
from plumbing.services import Call, Heard, answers
from plumbing.store import Change
from services.invitations import following, guests, notices, sending
from services.invitations import invitation as rules
from services.invitations.entrypoints import Entrypoints
from services.invitations.guests import Meant
from services.invitations.recipients import Verdict
from services.invitations.views import invitation_view, verdict_view


class Guests(Entrypoints):
    """A part of services.invitations.service.InvitationsService.

    Whether somebody may be added or removed is the scheduler's to say; who is invited is kept here alone. Where nobody was invited
    before, an invitation to nobody is kept first, then the session notes it, then the people come to it: so that a session that is
    moved meanwhile finds whom to tell, and whoever repeats what was not answered finds what is done.
    """

    @answers(contract.ADD_GUESTS)
    def add_guests(self, request: dict[str, Any], call: Call) -> dict[str, Any]:
        """Each address gets its own result, as when an invitation is sent."""
        texting = self._texting(call.organisation_id, request["recipients"])
        verdicts = sending.understood(request["recipients"], self.mail.most_recipients, texting)
        session = self._session(request, call)
        room = self._room(session["room_id"], call)
        sending.check_may_invite(room)
        if not any(verdict.accepted for verdict in verdicts):
            return {"invitation": None, "verdicts": [verdict_view(verdict) for verdict in verdicts]}
        if session["invitation_id"] is None:
            self._invite_nobody_yet(request, session, room, call)
        session = self._noted(request, session, call)
        series = self._series_view(session, call.organisation_id)
        meant = Meant(session["id"], request["scope"])
        answered: list[Verdict] = []

        def rule(invitation: rules.Invitation) -> Change[rules.Invitation] | None:
            nonlocal answered
            _check_is_of(invitation, session)
            # the session as it is by now, in case it moved a moment ago and that was not heard yet
            known = following.follow(invitation, session, series, call.now)
            current = known.state if known else invitation
            added, answered = guests.add(
                current, verdicts, request["roles"], meant, call.now, self.mail.most_recipients, self.mail.hash_of_link
            )
            if added is None:
                return known
            return Change(added.state, (*(known.events if known else ()), *added.events))

        kept = self.store.invitations.update(session["invitation_id"], call.organisation_id, rule, call.actor)
        self.mail.wake()
        return {"invitation": invitation_view(kept), "verdicts": [verdict_view(verdict) for verdict in answered]}

    @answers(contract.REMOVE_GUEST)
    def remove_guest(self, request: dict[str, Any], call: Call) -> dict[str, Any]:
        """One person, who may come to other sessions of a series still."""
        session = self._session(request, call)
        sending.check_may_invite(self._room(session["room_id"], call))
        if session["invitation_id"] is None:
            raise NotFound
        session = self._noted(request, session, call)
        found = self.store.invitations.get(session["invitation_id"], call.organisation_id)
        _check_is_of(found, session)
        meant = Meant(session["id"], request["scope"])
        rule = partial(guests.remove, recipient_id=request["recipient_id"], meant=meant, now=call.now)
        kept = self.store.invitations.update(found.id, found.organisation_id, rule, call.actor)
        self.mail.wake()
        return invitation_view(kept)

    def _tell_hosts(self, event: Heard) -> None:
        """Whose session it is, was or becomes, but who did it themselves; of a series once, which says it of all its sessions."""
        if event.data.get("series_id") and not event.type.startswith("series."):
            return
        data = event.data
        if event.type == "series.created":
            data = {**data, "host_member_ids": self._said(event)["items"][0]["host_member_ids"]}
        for member_id, kind in notices.hosts_told(event.type, data, event.actor_id):
            try:
                member = self.calls(
                    accounts.GET_MEMBER, {"member_id": member_id}, organisation_id=event.organisation_id
                )
            except NotFound:
                continue
            organisation = self.calls(accounts.GET_ORGANISATION, {}, organisation_id=event.organisation_id)
            made = notices.of_hosts(
                member,
                kind,
                organisation,
                self._said(event),
                id=follow(event.id, f"{kind} {member_id}"),
                now=event.time,
                # rises with everything that is said of the session, also where its own does not: who hosts it
                revision=event.sequence,
            )
            self.store.invitations.create(made)
            self.mail.wake()

    def _said(self, event: Heard) -> dict[str, Any]:
        """The session or the series that the event is about, as it is by now: titles do not travel in events."""
        command, name = (scheduler.GET_SESSION, "session_id")
        if event.type.startswith("series."):
            command, name = (scheduler.GET_SERIES, "series_id")
        found: dict[str, Any] = self.calls(command, {name: event.data[name]}, organisation_id=event.organisation_id)
        every = self.store.every_mail_settings(event.organisation_id or "")
        # where one clinic wants its mails to say nothing, this one does not either, whose clinic is not known here
        title = "" if any(each.neutral for each in every.values()) else found["title"]
        return {**found, "title": title, "series_id": event.data.get("series_id")}

    def _session(self, request: dict[str, Any], call: Call) -> dict[str, Any]:
        session: dict[str, Any] = self.calls(
            scheduler.GET_SESSION, {"session_id": request["session_id"]}, organisation_id=call.organisation_id
        )
        return session

    def _noted(self, request: dict[str, Any], session: dict[str, Any], call: Call) -> dict[str, Any]:
        asked = {
            "session_id": session["id"],
            "invitation_id": session["invitation_id"] or _invitation_id(session),
            "scope": request["scope"],
        }
        noted: dict[str, Any] = self.calls(
            scheduler.CHANGE_GUESTS, asked, call.actor, command_id=follow(call.command_id, "session")
        )
        return noted

    def _invite_nobody_yet(
        self, request: dict[str, Any], session: dict[str, Any], room: dict[str, Any], call: Call
    ) -> None:
        settings = self.store.mail_settings_for(room["organisation_id"], room.get("clinic_id"))
        organisation, sender = self._sender(settings, call)
        drafted = sending.draft(
            {"title": session["title"], "message": request["message"]},
            [],
            room,
            sender,
            request["language"] or organisation["language"],
            session,
            self.mail.hash_of_link,
            id=_invitation_id(session),
            now=call.now,
            neutral=settings.neutral,
            series=self._series(session, call.organisation_id),
        )
        nobody = replace(drafted, due_at=None)
        self.store.invitations.create(nobody, rules.created(nobody), actor=call.actor)


def _invitation_id(session: dict[str, Any]) -> str:
    """The one that whoever invites to it first makes, be there two of them at once."""
    return follow(session.get("series_id") or session["id"], "invitation")


def _check_is_of(invitation: rules.Invitation, session: dict[str, Any]) -> None:
    """Raises NotFound where a session names an invitation that is not to it."""
    series_id = invitation.series.series_id if invitation.series else None
    of_series = series_id is not None and series_id == session.get("series_id")
    if invitation.notice or not (of_series or invitation.session_id == session["id"]):
        raise NotFound
