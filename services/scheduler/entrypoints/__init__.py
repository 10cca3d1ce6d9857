"""The entrypoints of the scheduler that fill files of their own; `services.scheduler.service` puts them together."""

from typing import Any

from contracts import accounts, rooms
from contracts.actor import is_bound
from contracts.errors import Forbidden, NotFound
from plumbing.services import Call, Caller
from services.scheduler import session as rules
from services.scheduler.series import changing
from services.scheduler.session import Session
from services.scheduler.store import SchedulerStore
from services.scheduler.views import session_view


class Entrypoints:
    """What each of them stands on."""

    store: SchedulerStore
    calls: Caller

    def _room(self, room_id: str, call: Call) -> dict[str, Any]:
        """The room as whoever asks sees it: what is not theirs is not found, what they may only read is refused."""
        if call.actor.kind == "api_client":
            return self._reached(room_id, call)
        room: dict[str, Any] = self.calls(rooms.GET_ROOM, {"room_id": room_id}, call.actor)
        if call.actor.kind == "member" and not room["may_receive"]:
            raise Forbidden("Only who invites to this room may plan sessions in it.")
        return room

    def _reached(self, room_id: str, call: Call) -> dict[str, Any]:
        """A room for an API client, whatever its scopes say of rooms. Raises NotFound for one that is bound to other clinics."""
        room: dict[str, Any] = self.calls(rooms.GET_ROOM, {"room_id": room_id}, organisation_id=call.organisation_id)
        if not call.actor.reaches(room["clinic_id"]):
            raise NotFound
        return room

    def _known(self, session_id: str, call: Call) -> Session:
        """The session. Raises NotFound for an API client that is bound to other clinics than its room's."""
        known = self.store.sessions.get(session_id, call.organisation_id)
        if is_bound(call.actor):
            self._reached(known.room_id, call)
        return known

    def _rooms_reached(self, call: Call) -> list[str]:
        """The rooms of the clinics that an API client is bound to."""
        listed = self.calls(rooms.LIST_ROOMS, {}, organisation_id=call.organisation_id)["items"]
        return [room["id"] for room in listed if call.actor.reaches(room["clinic_id"])]

    def _hosts(self, asked: list[str], room: dict[str, Any], call: Call) -> tuple[str, ...]:
        hosts = rules.hosts_of(asked, room, call.actor)
        for member_id in hosts:
            if member_id in {call.actor.id, room["owner_member_id"]}:
                continue
            try:
                member = self.calls(
                    accounts.GET_MEMBER, {"member_id": member_id}, organisation_id=room["organisation_id"]
                )
            except NotFound:
                raise rules.no_host(member_id) from None
            rules.may_be_host(member)
        return hosts

    def _kept(
        self, known: Session, decide: changing.Decide, place: Any, hosts: tuple[str, ...], call: Call
    ) -> dict[str, Any]:
        series_id = known.series_id or ""
        sessions = self.store.series.change(series_id, known.organisation_id, decide, place, hosts, call.actor)
        return session_view(next(session for session in sessions if session.id == known.id))
