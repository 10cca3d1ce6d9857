"""The entrypoints of rooms."""

import secrets
from pathlib import Path
from typing import Any

import structlog

from contracts import accounts, rooms
from contracts.actor import Actor
from contracts.errors import Invalid, LimitReached, NotFound
from plumbing import clock
from plumbing.ids import follow
from plumbing.services import Call, Calls, Heard, Store, answers, every, hears, runtime
from services.rooms import ledger as ledgers
from services.rooms import room as rules
from services.rooms import settings
from services.rooms.ledger import Ledger, Reservation
from services.rooms.links import as_written, new_link
from services.rooms.places import Places
from services.rooms.plans import Policies, plan_view, rename_refusal
from services.rooms.policies import FOLDER, read_policies
from services.rooms.previewing import preview
from services.rooms.reading import ROLES_WITH_USER_ROOM, changeable_by, found_for, in_menu_order, room_view, visible_to
from services.rooms.room import MEETING, REMOVED, USER, Room
from services.rooms.settings import Inherited, inherited_view
from services.rooms.store import RoomsStore

log = structlog.get_logger()


def _policies() -> Policies:
    """Those of the folder that the settings name, else those that come with the service."""
    try:
        folder = runtime.current().settings.plan_policies
    except RuntimeError:  # the module is only looked at
        folder = ""
    return read_policies(Path(folder) if folder else FOLDER)


# read before anything is answered, so that a policy that contradicts itself stops the process at once
POLICIES = _policies()


class RoomsService:
    """Plans and their limits, User Rooms and Meeting Rooms, and the links that open them."""

    name = "rooms"
    store = Store(RoomsStore)
    calls = Calls()

    @property
    def _places(self) -> Places:
        return Places(self.store, POLICIES)

    @answers(rooms.GET_PLAN)
    def get_plan(self, request: dict[str, Any], call: Call) -> dict[str, Any]:
        """A plan by its name or alias."""
        policy = POLICIES.version(request["policy_version"])
        return plan_view(policy, policy.plan(request["name"]))

    @answers(rooms.GET_ENTITLEMENTS)
    def get_entitlements(self, request: dict[str, Any], call: Call) -> dict[str, Any]:
        """What the organisation's plan allows, and how much of it is used."""
        ledger = self._places.ledger(call.organisation_id)
        return self._entitlements(ledger)

    @answers(rooms.LIST_PLANS)
    def list_plans(self, request: dict[str, Any], call: Call) -> dict[str, Any]:
        """The plans to choose from."""
        version = request["policy_version"]
        if version is None and call.actor.organisation_id:
            version = self._places.ledger(call.organisation_id).policy_version
        policy = POLICIES.version(version)
        return {
            "items": [plan_view(policy, plan) for plan in policy.plans],
            "policy_version": policy.version,
            "policy_versions": [each.version for each in POLICIES.versions],
        }

    @answers(rooms.PREVIEW_PLAN_CHANGE)
    def preview_plan_change(self, request: dict[str, Any], call: Call) -> dict[str, Any]:
        """What a change of plan would do; does nothing."""
        ledger = self._places.ledger(call.organisation_id)
        version = ledger.policy_version if request["policy_version"] is None else request["policy_version"]
        policy = POLICIES.version(version)
        known = {room.id: room for room in self.store.rooms_of(call.organisation_id)}
        return preview(ledger, self._places.plan(ledger), (policy, policy.plan(request["plan"])), known)

    @answers(rooms.TAKE_PLAN)
    def take_plan(self, request: dict[str, Any], call: Call) -> dict[str, Any]:
        """The plan that accounts has kept for the organisation; its event says the same and is heard, whatever happens here."""
        return self._entitlements(self._places.take_plan(call.organisation_id, request, call.now, call.actor))

    @answers(rooms.LIST_ROOMS)
    def list_rooms(self, request: dict[str, Any], call: Call) -> dict[str, Any]:
        """The rooms that the reader may see, their own first."""
        found = visible_to(self.store.rooms_of(call.organisation_id), call.actor)
        renamed, inherited = self._renamed(call.organisation_id), self.store.inherited_by(call.organisation_id)
        ordered = in_menu_order(found, call.actor)
        return {"items": [room_view(room, call.actor, renamed, inherited) for room in ordered]}

    @answers(rooms.GET_ROOM)
    def get_room(self, request: dict[str, Any], call: Call) -> dict[str, Any]:
        """One room."""
        room, inherited = self.store.room_with_inherited(request["room_id"], call.organisation_id)
        return room_view(found_for(room, call.actor), call.actor, self._renamed_for(room, call.actor), inherited)

    @answers(rooms.CREATE_MEETING_ROOM)
    def create_meeting_room(self, request: dict[str, Any], call: Call) -> dict[str, Any]:
        """One more Meeting Room, if the plan has place for it."""
        self._check_clinic(request["clinic_id"], call.organisation_id)
        reservation = Reservation(call.command_id, request["name"], call.now, request["clinic_id"])
        ledger = self._places.reserve(self._places.ledger(call.organisation_id), reservation, call.actor)
        return self._view(self._places.make_reserved(ledger, reservation, call.actor), call.actor)

    @answers(rooms.RENAME_ROOM)
    def rename_room(self, request: dict[str, Any], call: Call) -> dict[str, Any]:
        """A room under another name, if the plan lets it be changed."""
        room = changeable_by(self.store.room(request["room_id"], call.organisation_id), call.actor)
        self._check_renamed(room, request["name"], call)
        return self._change(room, call, lambda known: rules.rename(known, request["name"]))

    @answers(rooms.LOCK_ROOM)
    def lock_room(self, request: dict[str, Any], call: Call) -> dict[str, Any]:
        """A room locked or open again."""
        room = self.store.room(request["room_id"], call.organisation_id)
        return self._change(room, call, lambda known: rules.lock(known, request["locked"]))

    @answers(rooms.CHANGE_ROOM)
    def change_room(self, request: dict[str, Any], call: Call) -> dict[str, Any]:
        """A room's name, lock, clinic and settings, all of what is asked or nothing."""
        room = changeable_by(self.store.room(request["room_id"], call.organisation_id), call.actor)
        self._check_clinic(request.get("clinic_id"), call.organisation_id)
        self._check_renamed(room, request.get("name", room.name), call)
        inherited = self.store.inherited_by(call.organisation_id)
        return self._change(room, call, lambda known: rules.change(known, request, inherited))

    @answers(rooms.REMOVE_ROOM)
    def remove_room(self, request: dict[str, Any], call: Call) -> dict[str, Any]:
        """A room is gone, and a Meeting Room's place free; with people inside, only when that is confirmed."""
        room = self.store.rooms.get(request["room_id"], call.organisation_id)
        if room.state == REMOVED and not room.holds_place:
            raise NotFound
        removed = self.store.rooms.update(
            room.id,
            room.organisation_id,
            lambda known: rules.remove(known, request["confirm"], call.now, request["version"]),
            call.actor,
        )
        if removed.holds_place:
            self._places.release(removed, call.now, call.actor)
        return {"ok": True}

    @answers(rooms.HAND_OVER_ROOM)
    def hand_over_room(self, request: dict[str, Any], call: Call) -> dict[str, Any]:
        """The User Room of a member who was removed, to another who may host."""
        room = self.store.room(request["room_id"], call.organisation_id)
        self._check_hosts(request["member_id"], call.organisation_id)
        handed = self.store.rooms.update(
            room.id, room.organisation_id, lambda known: rules.hand_over(known, request["member_id"]), call.actor
        )
        return self._view(handed, call.actor)

    @answers(rooms.GET_INHERITED_SETTINGS)
    def get_inherited_settings(self, request: dict[str, Any], call: Call) -> dict[str, Any]:
        """What the organisation and its clinics set for their rooms."""
        found = self.store.inherited_by(call.organisation_id)
        return inherited_view(found or Inherited(call.organisation_id, call.organisation_id))

    @answers(rooms.CHANGE_INHERITED_SETTINGS)
    def change_inherited_settings(self, request: dict[str, Any], call: Call) -> dict[str, Any]:
        """What the rooms of the organisation, or of one clinic, inherit."""
        clinic_id, own = request["clinic_id"], call.organisation_id
        self._check_clinic(clinic_id, own)
        self.store.inherited.create(Inherited(own, own))
        changed = self.store.inherited.update(
            own,
            own,
            lambda known: settings.change_inherited(
                known, clinic_id, request["settings"], request["locked"], request["version"]
            ),
            call.actor,
        )
        return inherited_view(changed)

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
                self._places.open(event.data["organisation_id"], event.data, event.time)
            case "organisation.plan_changed":
                self._places.take_plan(event.data["organisation_id"], event.data, clock.now(), None)
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
        self._places.finish(now - ledgers.MADE_BY_OTHERS_AFTER, now)

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
        self._places.make(room, None)

    def _leave_user_room(self, event: Heard) -> None:
        for room in self.store.rooms_owned_by(event.data["member_id"], event.organisation_id):
            self.store.rooms.update(room.id, room.organisation_id, rules.owner_left)

    def _check_hosts(self, member_id: str, organisation_id: str) -> None:
        detail = "There is no such member who may host."
        try:
            member = self.calls(accounts.GET_MEMBER, {"member_id": member_id}, organisation_id=organisation_id)
        except NotFound:
            member = {"role": None}
        if member["role"] not in ROLES_WITH_USER_ROOM or member.get("state", "active") != "active":
            raise Invalid(detail, errors=[{"pointer": "/member_id", "detail": detail}])

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
        renamed = self._renamed_for(room, actor)
        return room_view(room, actor, renamed, self.store.inherited_by(room.organisation_id))

    def _renamed_for(self, room: Room, actor: Actor) -> bool:
        """Whether the plan lets this room be renamed, asked only where the answer counts."""
        return room.kind == MEETING and actor.kind in {"member", "api_client"} and self._renamed(room.organisation_id)

    def _check_renamed(self, room: Room, name: str, call: Call) -> None:
        """Raises LimitReached, and has it said, when the plan fixes the room's name."""
        if room.kind != MEETING or room.name == name:
            return
        ledger = self._places.ledger(call.organisation_id)
        refusal = rename_refusal(*self._places.plan(ledger))
        if refusal:
            self._refuse(ledger, refusal, call.actor)

    def _refuse(self, ledger: Ledger, refusal: LimitReached, actor: Actor) -> None:
        self.store.ledgers.update(ledger.id, ledger.id, lambda known: ledgers.refuse(known, refusal), actor)
        raise refusal

    def _check_clinic(self, clinic_id: str | None, organisation_id: str) -> None:
        if clinic_id is None:
            return
        organisation = self.calls(accounts.GET_ORGANISATION, {}, organisation_id=organisation_id)
        if all(clinic["id"] != clinic_id for clinic in organisation["clinics"]):
            detail = "There is no such clinic."
            raise Invalid(detail, errors=[{"pointer": "/clinic_id", "detail": detail}])

    def _renamed(self, organisation_id: str | None) -> bool:
        ledger = self.store.ledgers.find_one({"_id": organisation_id})
        return ledger is not None and self._places.plan(ledger)[1].meeting_rooms_renamed

    def _entitlements(self, ledger: Ledger) -> dict[str, Any]:
        policy, plan = self._places.plan(ledger)
        return {
            "plan": plan_view(policy, plan),
            "meeting_rooms_used": ledger.used,
            "meeting_rooms_suspended": len(ledger.suspended(plan)),
        }
