"""The entrypoints of rooms."""

from typing import Any

import structlog

from contracts import accounts, rooms
from contracts.errors import NotFound
from plumbing import clock
from plumbing.ids import follow
from plumbing.services import Call, Calls, Heard, Store, answers, every, hears
from services.rooms import ledger as ledgers
from services.rooms import room as rules
from services.rooms.entrypoints.changing import Changing
from services.rooms.entrypoints.inheriting import Inheriting
from services.rooms.entrypoints.linking import Linking
from services.rooms.entrypoints.plans import PlanEntrypoints
from services.rooms.reading import ROLES_WITH_USER_ROOM, found_for, in_menu_order, room_view, visible_to
from services.rooms.room import USER, Room
from services.rooms.store import RoomsStore

log = structlog.get_logger()


class RoomsService(PlanEntrypoints, Changing, Inheriting, Linking):
    """Plans and their limits, User Rooms and Meeting Rooms, and the links that open them; more of it in `entrypoints/`."""

    name = "rooms"
    store = Store(RoomsStore)
    calls = Calls()

    @answers(rooms.LIST_ROOMS)
    def list_rooms(self, request: dict[str, Any], call: Call) -> dict[str, Any]:
        """The rooms that the reader may see, their own first."""
        shelf = self.store.shelf(call.organisation_id)
        ordered = in_menu_order(visible_to(shelf.rooms, call.actor), call.actor)
        renamed = self.renamed(shelf.ledger)
        return {"items": [room_view(room, call.actor, renamed, shelf.inherited) for room in ordered]}

    @answers(rooms.GET_ROOM)
    def get_room(self, request: dict[str, Any], call: Call) -> dict[str, Any]:
        """One room."""
        shelf = self.store.shelf(call.organisation_id, request["room_id"])
        room = found_for(next(iter(shelf.rooms), None), call.actor)
        return room_view(room, call.actor, self.renamed(shelf.ledger), shelf.inherited)

    @hears("accounts")
    def on_accounts(self, event: Heard) -> None:
        """A new organisation begins with the rooms of its plan, a new member with a room of their own."""
        match event.type:
            case "organisation.created":
                self.places.open(event.data["organisation_id"], event.data, event.time)
            case "organisation.plan_changed":
                self.places.take_plan(event.data["organisation_id"], event.data, clock.now(), None)
            case "member.added" | "member.changed" if event.data["role"] in ROLES_WITH_USER_ROOM:
                self._make_user_room(event)
            case "member.removed":
                self._leave_user_room(event)

    @hears("waiting")
    def on_waiting(self, event: Heard) -> None:
        """Who waits in which room."""
        self._note(event)

    @hears("media")
    def on_media(self, event: Heard) -> None:
        """Who is in the call in which room."""
        self._note(event)

    @every(seconds=5.0)
    def finish_what_was_left(self) -> None:
        """What a process began and did not live to finish: rooms reserved, suspended, restored or removed."""
        now = clock.now()
        self.places.finish(now - ledgers.MADE_BY_OTHERS_AFTER, now)

    def _make_user_room(self, event: Heard) -> None:
        member_id = event.data["member_id"]
        if self.store.rooms.find_one({"_id": follow(member_id, "user-room")}) is not None:
            return
        member = self.calls(accounts.GET_MEMBER, {"member_id": member_id}, organisation_id=event.organisation_id)
        room = Room(
            id=follow(member_id, "user-room"),
            organisation_id=member["organisation_id"],
            kind=USER,
            name=member["name"],
            owner_member_id=member_id,
            link="",
            created_at=event.time,
            clinic_id=next(iter(event.data.get("clinic_ids") or ()), None),
        )
        self.places.make(room, None)

    def _leave_user_room(self, event: Heard) -> None:
        for room in self.store.rooms_owned_by(event.data["member_id"], event.organisation_id):
            self.store.rooms.update(room.id, room.organisation_id, rules.owner_left)

    def _note(self, event: Heard) -> None:
        # who waits in a Waiting Area is in no room yet
        if event.type not in rules.MOVES or event.data.get("room_id") is None:
            return
        try:
            self.store.rooms.update(
                event.data["room_id"],
                event.organisation_id,
                lambda room: rules.hear(room, event.type, event.subject_id, event.sequence, event.data),
            )
        except NotFound:
            log.warning("somebody in a room that is not here", room_id=event.data["room_id"], event_id=event.id)
