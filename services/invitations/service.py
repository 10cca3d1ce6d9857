"""The entrypoints of invitations."""

from datetime import timedelta
from functools import partial
from typing import Any

from nameko.extensions import DependencyProvider

from contracts import invitations, scheduler
from contracts.errors import NotFound
from plumbing.ids import follow
from plumbing.keys import read_secret
from plumbing.services import Call, Calls, Heard, Store, answers, hears, runtime
from services.invitations import following, notices, repeating, sending
from services.invitations import invitation as rules
from services.invitations.carriers import postman
from services.invitations.entrypoints.guests import Guests
from services.invitations.entrypoints.lost import Lost
from services.invitations.entrypoints.participants import Participants
from services.invitations.entrypoints.reminding import Reminding
from services.invitations.entrypoints.reports import Reports
from services.invitations.entrypoints.texts import Texts
from services.invitations.entrypoints.wording import Wording
from services.invitations.links import hash_of, token_of
from services.invitations.own import own
from services.invitations.recipients import understand
from services.invitations.store import InvitationsStore
from services.invitations.views import invitation_view, opened_link_view, verdict_view


class Mail(DependencyProvider):
    """The process's postman, at work as long as the service runs."""

    def setup(self) -> None:
        """Read the key of the links and prepare to send."""
        current = runtime.current()
        settings = current.settings
        self.link_key = read_secret(settings.link_key)
        self.most_recipients = settings.most_recipients
        self.texts_offered = bool(settings.sms_url)
        self.base_url = settings.base_url
        self.sms_secret = read_secret(settings.sms_key).decode() if settings.sms_url else ""
        self.bounce_secret = read_secret(settings.bounce_key) if settings.bounce_key else b""
        store = InvitationsStore(current.database, current.outbox, timedelta(hours=settings.mail_tried_hours))
        self._postman = postman(settings, self.link_key, store, current.owner)

    def start(self) -> None:
        """Send from now on, first what was left."""
        self._postman.start()

    def stop(self) -> None:
        """Finish the mail that is being handed over."""
        self._postman.stop()

    def get_dependency(self, worker_ctx: Any) -> "Mail":
        """The one."""
        return self

    def wake(self) -> None:
        """There is something new to send."""
        self._postman.wake()

    def token_of_link(self, recipient_id: str, generation: int) -> str:
        """A recipient's link, made again."""
        return token_of(self.link_key, recipient_id, generation)

    def hash_of_link(self, recipient_id: str, generation: int) -> str:
        """What is stored of a recipient's link."""
        return hash_of(self.token_of_link(recipient_id, generation))


class InvitationsService(Guests, Wording, Lost, Reminding, Reports, Participants, Texts):
    """Invitations, the personal links in them, and what became of each mail."""

    name = "invitations"
    store = Store(InvitationsStore)
    calls = Calls()
    mail = Mail()

    @answers(invitations.CHECK_RECIPIENTS)
    def check_recipients(self, request: dict[str, Any], call: Call) -> dict[str, Any]:
        """A verdict on each entry, while it is typed."""
        texting = self._texting(call.organisation_id, request["recipients"])
        verdicts = understand(request["recipients"], self.mail.most_recipients, texting)
        return {"items": [verdict_view(verdict) for verdict in verdicts]}

    @answers(invitations.SEND_INVITATION)
    def send_invitation(self, request: dict[str, Any], call: Call) -> dict[str, Any]:
        """One invitation, one mail for each address that is one; with a time, a session, whose conflict refuses all."""
        room = self._room(request["room_id"], call)
        sending.check_may_invite(room)
        texting = self._texting(call.organisation_id, request["recipients"])
        verdicts = sending.understood(request["recipients"], self.mail.most_recipients, texting)
        views = [verdict_view(verdict) for verdict in verdicts]
        if not any(verdict.accepted for verdict in verdicts):
            return {"invitation": None, "verdicts": views}
        settings = self.store.mail_settings_for(room["organisation_id"], room.get("clinic_id"))
        organisation, sender = self._sender(settings, call)
        session = self._plan_session(request, call) if request["planned"] else None
        drafted = sending.draft(
            request,
            verdicts,
            room,
            sender,
            request["language"] or organisation["language"],
            session,
            self.mail.hash_of_link,
            id=call.command_id,
            now=call.now,
            neutral=settings.neutral,
            series=self._series(session, call.organisation_id),
        )
        kept = self.store.invitations.create(drafted, rules.created(drafted), actor=call.actor)
        self.mail.wake()
        return {"invitation": invitation_view(kept), "verdicts": views}

    @answers(invitations.SEND_NOTICE)
    def send_notice(self, request: dict[str, Any], call: Call) -> dict[str, Any]:
        """A mail that another service asks for, on its way as every other."""
        drafted = notices.draft(request, id=call.command_id, organisation_id=call.organisation_id, now=call.now)
        self.store.invitations.create(drafted, actor=call.actor)
        self.mail.wake()
        return {"ok": True}

    @answers(invitations.SEND_REMINDER)
    def send_reminder(self, request: dict[str, Any], call: Call) -> dict[str, Any]:
        """Everyone who has a link and has not arrived is reminded of the time, once for each time and lead."""
        rule = partial(
            following.remind, minutes=request["minutes_before"], starts_at=request["starts_at"], now=call.now
        )
        self.store.invitations.update(request["invitation_id"], call.organisation_id, rule, call.actor)
        self.mail.wake()
        return {"ok": True}

    @answers(invitations.GET_INVITATION)
    def get_invitation(self, request: dict[str, Any], call: Call) -> dict[str, Any]:
        """One invitation with what became of it for each recipient."""
        return invitation_view(self._found(request["invitation_id"], call))

    @answers(invitations.LIST_INVITATIONS)
    def list_invitations(self, request: dict[str, Any], call: Call) -> dict[str, Any]:
        """A page of a room's invitations, newest first."""
        room = self._room(request["room_id"], call)
        if call.actor.kind != "system":
            sending.check_may_read(room)
        limit = request["limit"]
        found = self.store.of_room(room["organisation_id"], room["id"], limit + 1, request["cursor"])
        cursor = found[limit - 1].id if len(found) > limit else None
        return {"items": [invitation_view(each) for each in found[:limit]], "cursor": cursor}

    @answers(invitations.RESEND_INVITATION)
    def resend_invitation(self, request: dict[str, Any], call: Call) -> dict[str, Any]:
        """Another mail to one recipient."""
        rule = partial(
            rules.resend, recipient_id=request["recipient_id"], now=call.now, hash_of_link=self.mail.hash_of_link
        )
        return self._change(request, call, rule)

    @answers(invitations.REVOKE_LINK)
    def revoke_link(self, request: dict[str, Any], call: Call) -> dict[str, Any]:
        """One recipient's link stops at once."""
        return self._change(request, call, partial(rules.revoke, recipient_id=request["recipient_id"]))

    @answers(invitations.OPEN_LINK)
    def open_link(self, request: dict[str, Any], call: Call) -> dict[str, Any]:
        """What a personal link opens. Opening never spends it; who saw it, a machine or a person, is noted once each."""
        link_hash = hash_of(request["token"])
        participant = self.opened_by_participant(link_hash, call)
        if participant:
            return participant
        found = self.store.by_link(link_hash)
        recipient = rules.opened_by(found, link_hash, call.now)
        if request["seen_by"]:
            rule = partial(rules.note_opened, recipient_id=recipient.id, seen_by=request["seen_by"], now=call.now)
            self.store.invitations.update(found.id, found.organisation_id, rule)
        return opened_link_view(repeating.at(own(found, recipient), call.now), recipient)

    @hears("waiting")
    def on_waiting(self, event: Heard) -> None:
        """Who waits with a personal link has arrived."""
        if event.type == "caller.waiting" and event.data.get("recipient_id"):
            rule = partial(rules.note_arrived, recipient_id=event.data["recipient_id"], now=event.time)
            self.store.change_if_known(event.data["invitation_id"], event.organisation_id, rule)

    @hears("scheduler")
    def on_scheduler(self, event: Heard) -> None:
        """A session that is moved or cancelled: calendars follow, and a cancelled one's links end. Hosts who come and go are told."""
        self._tell_hosts(event)
        invitation_id = event.data.get("invitation_id")
        if event.type == "series.updated" and invitation_id:
            self._follow_series(event, invitation_id)
            return
        if event.data.get("series_id"):
            return  # the series says it once for all of its sessions
        if event.type not in {"session.updated", "session.cancelled"} or not invitation_id:
            return
        rule = partial(following.cancel, now=event.time)
        if event.type == "session.updated":
            asked = {"session_id": event.subject_id}
            # as it is by now: the title does not travel in events, and of two moves the last one counts
            session = self.calls(scheduler.GET_SESSION, asked, organisation_id=event.organisation_id)
            planned = repeating.planned_of(session["planned"])
            rule = partial(
                following.change, title=session["title"], planned=planned, revision=session["sequence"], now=event.time
            )
            if session["state"] == "cancelled":
                return  # which is said next
        self.store.change_if_known(invitation_id, event.organisation_id, rule)
        self.mail.wake()

    def _plan_session(self, request: dict[str, Any], call: Call) -> dict[str, Any]:
        asked = {
            "room_id": request["room_id"],
            "title": request["title"],
            "planned": request["planned"],
            "invitation_id": call.command_id,
            # only what was chosen, so that what is asked for a single time stays as it was
            **{name: request[name] for name in ("override", "recurrence", "leave_out") if request[name]},
        }
        session: dict[str, Any] = self.calls(
            scheduler.CREATE_SESSION, asked, call.actor, command_id=follow(call.command_id, "session")
        )
        return session

    def _follow_series(self, event: Heard, invitation_id: str) -> None:
        asked = {"series_id": event.data["series_id"]}
        # as it is by now: of several changes the last one counts
        series = self.calls(scheduler.GET_SERIES, asked, organisation_id=event.organisation_id)
        rule = partial(
            following.change_series,
            series=repeating.repeats_of(series),
            title=series["title"],
            revision=series["sequence"],
            now=event.time,
        )
        self.store.change_if_known(invitation_id, event.organisation_id, rule)
        self.mail.wake()

    def _change(self, request: dict[str, Any], call: Call, rule: Any) -> dict[str, Any]:
        found = self.store.invitations.get(request["invitation_id"], call.organisation_id)
        if found.notice:
            raise NotFound
        sending.check_may_invite(self._room(found.room_id, call))
        kept = self.store.invitations.update(found.id, found.organisation_id, rule, call.actor)
        self.mail.wake()
        return invitation_view(kept)

    def _found(self, invitation_id: str, call: Call) -> rules.Invitation:
        found: rules.Invitation = self.store.invitations.get(invitation_id, call.organisation_id)
        if found.notice:
            raise NotFound
        if call.actor.kind != "system":
            sending.check_may_read(self._room(found.room_id, call))
        return found
