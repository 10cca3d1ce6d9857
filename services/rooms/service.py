"""The entrypoints of rooms."""

import secrets
from typing import Any

import structlog

from contracts import accounts, rooms
from contracts.actor import Actor
from contracts.errors import Conflict, NotFound, Unavailable
from plumbing import clock
from plumbing.ids import follow
from plumbing.services import Call, Calls, Heard, Store, answers, every, hears
from services.rooms import ledger as ledgers
from services.rooms import room as rules
from services.rooms.ledger import Ledger, Reservation
from services.rooms.links import as_written, new_link
from services.rooms.plans import Plan, Policy, plan_view, rename_refusal
from services.rooms.policies import read_policies
from services.rooms.reading import ROLES_WITH_USER_ROOM, changeable_by, found_for, in_menu_order, room_view, visible_to
from services.rooms.room import MEETING, USER, Room
from services.rooms.store import RoomsStore

log = structlog.get_logger()

POLICIES = read_policies()
_LINK_TRIES = 5


class RoomsService:
    """Plans and their limits, User Rooms and Meeting Rooms, and the links that open them."""

    name = "rooms"
    store = Store(RoomsStore)
    calls = Calls()

    @answers(rooms.GET_PLAN)
    def get_plan(self, request: dict[str, Any], call: Call) -> dict[str, Any]:
        """A plan by its name or alias."""
        policy = POLICIES.version(request["policy_version"])
        return plan_view(policy, policy.plan(request["name"]))

    @answers(rooms.GET_ENTITLEMENTS)
    def get_entitlements(self, request: dict[str, Any], call: Call) -> dict[str, Any]:
        """What the organisation's plan allows, and how much of it is used."""
        ledger = self._ledger(call.organisation_id)
        return {"plan": plan_view(*_policy_and_plan(ledger)), "meeting_rooms_used": ledger.used}

    @answers(rooms.LIST_ROOMS)
    def list_rooms(self, request: dict[str, Any], call: Call) -> dict[str, Any]:
        """The rooms that the reader may see, their own first."""
        found = visible_to(self.store.rooms_of(call.organisation_id), call.actor)
        renamed = self._renamed(call.organisation_id)
        return {"items": [room_view(room, call.actor, renamed) for room in in_menu_order(found, call.actor)]}

    @answers(rooms.GET_ROOM)
    def get_room(self, request: dict[str, Any], call: Call) -> dict[str, Any]:
        """One room."""
        room = found_for(self.store.room(request["room_id"], call.organisation_id), call.actor)
        return self._view(room, call.actor)

    @answers(rooms.CREATE_MEETING_ROOM)
    def create_meeting_room(self, request: dict[str, Any], call: Call) -> dict[str, Any]:
        """One more Meeting Room, if the plan has place for it."""
        ledger = self._ledger(call.organisation_id)
        policy, _ = _policy_and_plan(ledger)
        reservation = Reservation(call.command_id, request["name"], call.now)
        ledger = self.store.ledgers.update(
            ledger.id, ledger.id, lambda known: ledgers.reserve(known, reservation, policy), call.actor
        )
        refusal = ledgers.refused(ledger, reservation.room_id, policy)
        if refusal:
            raise refusal
        return self._view(self._make_reserved(ledger, reservation, call.actor), call.actor)

    @answers(rooms.RENAME_ROOM)
    def rename_room(self, request: dict[str, Any], call: Call) -> dict[str, Any]:
        """A room under another name, if the plan lets it be changed."""
        room = changeable_by(self.store.room(request["room_id"], call.organisation_id), call.actor)
        if room.kind == MEETING:
            ledger = self._ledger(call.organisation_id)
            refusal = rename_refusal(*_policy_and_plan(ledger))
            if refusal:
                self.store.ledgers.update(
                    ledger.id, ledger.id, lambda known: ledgers.refuse(known, refusal), call.actor
                )
                raise refusal
        return self._change(room, call, lambda known: rules.rename(known, request["name"]))

    @answers(rooms.LOCK_ROOM)
    def lock_room(self, request: dict[str, Any], call: Call) -> dict[str, Any]:
        """A room locked or open again."""
        room = self.store.room(request["room_id"], call.organisation_id)
        return self._change(room, call, lambda known: rules.lock(known, request["locked"]))

    @answers(rooms.ROTATE_LINK)
    def rotate_link(self, request: dict[str, Any], call: Call) -> dict[str, Any]:
        """A room under a new link; the old one stops at once."""
        room = self.store.room(request["room_id"], call.organisation_id)
        link = new_link(room.name, secrets.choice)
        return self._change(room, call, lambda known: rules.rotate_link(known, link))

    @answers(rooms.RESOLVE_LINK)
    def resolve_link(self, request: dict[str, Any], call: Call) -> dict[str, Any]:
        """What a room link opens."""
        room = self.store.room_with_link(as_written(request["link"]))
        if room is None:
            raise NotFound("This link opens no room. Ask whoever gave it to you for a new one.")
        return rules.opened_by_link(room)

    @hears("accounts")
    def on_accounts(self, event: Heard) -> None:
        """A new organisation begins with the rooms of its plan, a new member with a room of their own."""
        match event.type:
            case "organisation.created":
                self._open_ledger(event)
            case "member.added" if event.data["role"] in ROLES_WITH_USER_ROOM:
                self._make_user_room(event)

    @hears("waiting")
    def on_waiting(self, event: Heard) -> None:
        """Who waits in which room."""
        self._note(event)

    @hears("media")
    def on_media(self, event: Heard) -> None:
        """Who is in the call in which room."""
        self._note(event)

    @every(seconds=5.0)
    def make_what_was_left(self) -> None:
        """Rooms that a process reserved and did not live to make."""
        before = clock.now() - ledgers.MADE_BY_OTHERS_AFTER
        for ledger in self.store.ledgers_with_reservations(before):
            for reservation in ledger.reservations:
                self._make_reserved(ledger, reservation, None)

    def _open_ledger(self, event: Heard) -> None:
        policy = POLICIES.version(event.data["policy_version"])
        plan = policy.plan(event.data["plan"])
        organisation_id = event.data["organisation_id"]
        opened = self.store.ledgers.create(ledgers.open_ledger(organisation_id, policy, plan, event.time))
        for reservation in opened.reservations:
            self._make_reserved(opened, reservation, None)

    def _make_reserved(self, ledger: Ledger, reservation: Reservation, actor: Actor | None) -> Room:
        room = self._make(
            Room(
                id=reservation.room_id,
                organisation_id=ledger.organisation_id,
                kind=MEETING,
                name=reservation.name,
                owner_member_id=None,
                link="",
                created_at=reservation.reserved_at,
            ),
            actor,
        )
        self.store.ledgers.update(ledger.id, ledger.id, lambda known: ledgers.made(known, room.id), actor)
        return room

    def _make_user_room(self, event: Heard) -> None:
        member_id = event.data["member_id"]
        member = self.calls(accounts.GET_MEMBER, {"member_id": member_id}, organisation_id=event.organisation_id)
        room = Room(
            id=follow(member_id, "user-room"),
            organisation_id=member["organisation_id"],
            kind=USER,
            name=member["name"],
            owner_member_id=member_id,
            link="",
            created_at=event.time,
        )
        self._make(room, None)

    def _make(self, room: Room, actor: Actor | None) -> Room:
        """Keeps a new room under a link that no other has; returns the one that is there when it was made before."""
        for _ in range(_LINK_TRIES):
            linked = rules.linked(room, new_link(room.name, secrets.choice))
            try:
                made: Room = self.store.rooms.create(linked, rules.created(linked), actor=actor)
            except Conflict as taken:
                if taken.extra.get("fields") != ["link"]:
                    raise
            else:
                return made
        raise Unavailable

    def _note(self, event: Heard) -> None:
        if event.type not in rules.MOVES:
            return
        try:
            self.store.rooms.update(
                event.data["room_id"],
                event.organisation_id,
                lambda room: rules.hear(room, event.type, event.subject_id, event.sequence, event.data),
            )
        except NotFound:
            log.warning("somebody in a room that is not here", room_id=event.data["room_id"], event_id=event.id)

    def _change(self, room: Room, call: Call, rule: Any) -> dict[str, Any]:
        changed = self.store.rooms.update(
            room.id, room.organisation_id, lambda known: rule(changeable_by(known, call.actor)), call.actor
        )
        return self._view(changed, call.actor)

    def _view(self, room: Room, actor: Actor) -> dict[str, Any]:
        renamed = (
            room.kind == MEETING and actor.kind in {"member", "api_client"} and self._renamed(room.organisation_id)
        )
        return room_view(room, actor, renamed)

    def _renamed(self, organisation_id: str | None) -> bool:
        ledger = self.store.ledgers.find_one({"_id": organisation_id})
        return ledger is not None and _policy_and_plan(ledger)[1].meeting_rooms_renamed

    def _ledger(self, organisation_id: str | None) -> Ledger:
        try:
            found: Ledger = self.store.ledgers.get(organisation_id or "", organisation_id)
        except NotFound:
            raise Unavailable("The organisation's rooms are still being set up; try again in a moment.") from None
        return found


def _policy_and_plan(ledger: Ledger) -> tuple[Policy, Plan]:
    policy = POLICIES.version(ledger.policy_version)
    return policy, policy.plan(ledger.plan)
