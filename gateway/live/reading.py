"""Reading views as whoever looks at them: all of a topic at once, or one subject after it changed."""

from dataclasses import replace
from typing import Any

from contracts import (
    accounts,
    availability,
    call_chat,
    invitations,
    media,
    rooms,
    scheduler,
    waiting,
    waiting_areas,
    waiting_handovers,
)
from contracts.actor import Actor
from contracts.command import Command
from contracts.errors import Forbidden, NotFound, Refused, Unavailable
from contracts.permissions import allowed
from gateway.live.audiences import Owners
from gateway.live.topics import Subject, Topic
from plumbing.records import BEGINS, GOES_ON
from plumbing.rpc import RpcClient

View = dict[str, Any]
_READ: dict[str, tuple[Command, str]] = {
    "room": (rooms.GET_ROOM, "room_id"),
    "caller": (waiting.GET_CALLER, "caller_id"),
    "area": (waiting_areas.GET_AREA, "area_id"),
    "call": (media.GET_CALL, "call_id"),
    "line": (call_chat.GET_LINE, "line_id"),
    "invitation": (invitations.GET_INVITATION, "invitation_id"),
    "session": (scheduler.GET_SESSION, "session_id"),
    "member": (accounts.GET_MEMBER, "member_id"),
    "on_duty": (availability.GET_ON_DUTY, "member_id"),
    "handover": (waiting_handovers.GET_HANDOVER, "handover_id"),
}
_LET_IN = frozenset({"admitted", "in_call"})


class Reading:
    """Every read is a command of the reader, so what they may see is decided where it is owned."""

    def __init__(self, rpc: RpcClient, owners: Owners) -> None:
        self._rpc = rpc
        self._owners = owners

    def subject(self, subject: Subject, actor: Actor) -> View | None:
        """The view now; None when there is none for this reader. Raises Unavailable."""
        actor = replace(actor, following=GOES_ON)
        if subject.kind == "organisation":
            return self._organisation(actor)
        command, field = _READ[subject.kind]
        found: View | None = self._if_allowed(command, {field: subject.id}, actor)
        if found and subject.kind == "room":
            self._owners.learn(found)
        return found

    def topic(self, topic: Topic, actor: Actor) -> list[tuple[Subject, View]]:
        """All that a topic shows now. Raises NotFound and Forbidden when it is not the reader's to see, and Unavailable."""
        actor = replace(actor, following=BEGINS)
        match topic.name:
            case "rooms":
                found = self._list("room", self._rpc.call(rooms.LIST_ROOMS, {}, actor))
                for _, view in found:
                    self._owners.learn(view)
                return found
            case "room":
                return self._room(str(topic.id), actor)
            case "waiting":
                return self._list("caller", self._rpc.call(waiting.LIST_CALLERS, {}, actor))
            case "areas":
                return self._list("area", self._rpc.call(waiting_areas.LIST_AREAS, {}, actor))
            case "sessions":
                return self._list("session", self._rpc.call(scheduler.LIST_SESSIONS, {}, actor))
            case "organisation":
                return [(Subject("organisation", str(actor.organisation_id)), self._organisation(actor))]
            case "members":
                # there may be too many to be shown at once: the API reads them page by page, and what changes comes here
                self._rpc.call(accounts.LIST_MEMBERS, {"limit": 1}, actor)
                return []
            case "on_duty":
                return self._list("on_duty", self._rpc.call(availability.LIST_ON_DUTY, {}, actor))
            case "handovers":
                return self._list("handover", self._rpc.call(waiting_handovers.LIST_HANDOVERS, {}, actor))
            case "invitation":
                view = self._rpc.call(invitations.GET_INVITATION, {"invitation_id": topic.id}, actor)
                return [(Subject("invitation", view["id"]), view)]
            case _:
                return self._own_place(actor)

    def _organisation(self, actor: Actor) -> View:
        """As GET /api/me has it. Raises Unavailable until rooms has taken a plan that has just changed."""
        organisation = self._rpc.call(accounts.GET_ORGANISATION, {}, actor)
        entitlements = self._rpc.call(rooms.GET_ENTITLEMENTS, {}, actor)
        plan = entitlements["plan"]
        if (plan["name"], plan["policy_version"]) != (organisation["plan"], organisation["policy_version"]):
            raise Unavailable("Rooms has not taken the plan yet.")
        return {"organisation": organisation, "entitlements": entitlements}

    def _room(self, room_id: str, actor: Actor) -> list[tuple[Subject, View]]:
        room = self._rpc.call(rooms.GET_ROOM, {"room_id": room_id}, actor)
        self._owners.learn(room)
        found = [(Subject("room", room["id"]), room)]
        if not room["may_receive"]:
            # who hands somebody over here sits in a call that is not theirs to receive for
            return found + self._call_in(room_id, actor)
        where = {"room_id": room_id}
        found += self._list("caller", self._if_allowed(waiting.LIST_CALLERS, where, actor))
        found += self._list("invitation", self._if_allowed(invitations.LIST_INVITATIONS, where, actor))
        return found + self._call_in(room_id, actor)

    def _own_place(self, actor: Actor) -> list[tuple[Subject, View]]:
        caller = self._rpc.call(waiting.GET_CALLER, {"caller_id": actor.caller_id}, actor)
        found = [(Subject("caller", caller["id"]), caller)]
        if caller["state"] == "waiting":
            return found + self._place(caller["id"], actor)
        return found + self._call_in(caller["room_id"], actor) if caller["state"] in _LET_IN else found

    def _place(self, caller_id: str, actor: Actor) -> list[tuple[Subject, View]]:
        try:
            found = self._rpc.call(waiting.LIST_PLACES, {"caller_ids": [caller_id]}, actor)
        except Refused:
            # nobody is kept from waiting because their place in the queue is not known; it comes with the next round
            return []
        return [(Subject("place", each["caller_id"]), each) for each in found["items"]]

    def _call_in(self, room_id: str, actor: Actor) -> list[tuple[Subject, View]]:
        found = self._if_allowed(media.FIND_CALL, {"room_id": room_id}, actor)
        call = found["call"] if found else None
        return [(Subject("call", call["id"]), call)] if call else []

    def _if_allowed(self, command: Command, payload: dict[str, Any], actor: Actor) -> Any:
        if not allowed(command.permission, actor):
            return None
        try:
            return self._rpc.call(command, payload, actor)
        except (NotFound, Forbidden):
            return None

    @staticmethod
    def _list(kind: str, reply: dict[str, Any] | None) -> list[tuple[Subject, View]]:
        return [(Subject(kind, view["id"]), view) for view in reply["items"]] if reply else []
