"""Rooms and the ledger that counts them, made to agree: two documents, so what one process began another can finish.

Each step is one conditional write that may be repeated; the ledger is always ahead, and says what is still to be done.
"""

import secrets
from datetime import datetime
from typing import Any

from contracts.actor import Actor
from contracts.errors import Conflict, NotFound, Unavailable
from services.rooms import ledger as ledgers
from services.rooms import room as rules
from services.rooms.ledger import Ledger, Reservation
from services.rooms.links import new_link
from services.rooms.plans import Plan, Policies, Policy
from services.rooms.room import MEETING, Room
from services.rooms.store import RoomsStore

_LINK_TRIES = 5


class Places:
    """The places that a plan has, and the rooms that take them."""

    def __init__(self, store: RoomsStore, policies: Policies) -> None:
        self._store = store
        self._policies = policies

    def ledger(self, organisation_id: str | None) -> Ledger:
        """The organisation's ledger. Raises Unavailable until it is there."""
        try:
            return self._store.ledgers.get(str(organisation_id), organisation_id)
        except NotFound:
            raise Unavailable("The organisation's rooms are still being set up; try again in a moment.") from None

    def plan(self, ledger: Ledger) -> tuple[Policy, Plan]:
        """The plan that the organisation is on, and the policy that it is of."""
        policy = self._policies.version(ledger.policy_version)
        return policy, policy.plan(ledger.plan)

    def open(self, organisation_id: str, said: dict[str, Any], at: datetime) -> None:
        """A new organisation's ledger and the first rooms of its plan, as contracts.accounts.OrganisationCreated says."""
        policy = self._policies.version(said["policy_version"])
        plan = policy.plan(said["plan"])
        opened = self._store.ledgers.create(ledgers.open_ledger(organisation_id, policy, plan, at))
        for reservation in opened.reservations:
            self.make_reserved(opened, reservation, None)

    def take_plan(self, organisation_id: str, said: dict[str, Any], now: datetime, actor: Actor | None) -> Ledger:
        """The organisation on another plan, as contracts.rooms.TakePlan says, and its rooms suspended or restored."""
        policy = self._policies.version(said["policy_version"])
        plan, revision = policy.plan(said["plan"]), said["plan_revision"]
        self.ledger(organisation_id)
        ledger = self._store.ledgers.update(
            organisation_id,
            organisation_id,
            lambda known: ledgers.take_plan(known, plan, policy, revision, self._policies, now),
            actor,
        )
        return self.settle(ledger, actor)

    def reserve(self, ledger: Ledger, wish: Reservation, actor: Actor) -> tuple[Ledger, Reservation]:
        """One more Meeting Room counted, under the name that it has from its plan or from the wish.

        Raises LimitReached, which is said as well, and Invalid.
        """
        policy, _ = self.plan(ledger)
        kept = self._store.ledgers.update(
            ledger.id, ledger.id, lambda known: ledgers.reserve(known, wish, policy), actor
        )
        refusal = ledgers.refused(kept, wish, policy)
        if refusal:
            raise refusal
        return kept, kept.reserved(wish.room_id) or wish

    def release(self, removed: Room, now: datetime, actor: Actor | None) -> None:
        """The place of a removed room is free; then the room holds it no more."""
        ledger = self._store.ledgers.update(
            removed.organisation_id,
            removed.organisation_id,
            lambda known: ledgers.release(known, removed.id, self.plan(known)[1], now),
            actor,
        )
        self.settle(ledger, actor)
        self._store.rooms.update(removed.id, removed.organisation_id, rules.place_released, actor)

    def settle(self, ledger: Ledger, actor: Actor | None) -> Ledger:
        """Every Meeting Room as the ledger says: the newest over the limit suspended, the others open."""
        if ledger.unsettled_since is None:
            return ledger
        for reservation in ledger.reservations:
            self.make_reserved(ledger, reservation, actor)
        suspended = ledger.suspended(self.plan(ledger)[1])
        for room_id in (*suspended, *(each for each in ledger.meeting_room_ids if each not in suspended)):
            self._stand(ledger, room_id, room_id in suspended, actor)
        return self._store.ledgers.update(
            ledger.id, ledger.id, lambda known: ledgers.settled(known, ledger.standing), actor
        )

    def make_reserved(self, ledger: Ledger, reservation: Reservation, actor: Actor | None) -> Room:
        """The Meeting Room that was reserved."""
        room = self.make(
            Room(
                id=reservation.room_id,
                organisation_id=ledger.organisation_id,
                kind=MEETING,
                name=reservation.name,
                owner_member_id=None,
                link="",
                created_at=reservation.reserved_at,
                clinic_id=reservation.clinic_id,
            ),
            actor,
        )
        self._store.ledgers.update(ledger.id, ledger.id, lambda known: ledgers.made(known, room.id), actor)
        return room

    def make(self, room: Room, actor: Actor | None) -> Room:
        """Keeps a new room under a link that no other has; returns the one that is there when it was made before."""
        for _ in range(_LINK_TRIES):
            linked = rules.linked(room, new_link(room.name, secrets.choice))
            try:
                return self._store.rooms.create(linked, rules.created(linked), actor=actor)
            except Conflict as taken:
                if taken.extra.get("fields") != ["link"]:
                    raise
        raise Unavailable

    def finish(self, begun_before: datetime, now: datetime) -> None:
        """What processes began and did not live to finish: rooms reserved, suspended, restored or removed."""
        for removed in self._store.rooms_to_release(begun_before):
            self.release(removed, now, None)
        for unsettled in self._store.ledgers_unsettled(begun_before):
            self.settle(unsettled, None)
        for ledger in self._store.ledgers_with_reservations(begun_before):
            for reservation in ledger.reservations:
                self.make_reserved(ledger, reservation, None)

    def _stand(self, ledger: Ledger, room_id: str, suspended: bool, actor: Actor | None) -> None:
        self._store.rooms.update(
            room_id, ledger.organisation_id, lambda known: rules.stand(known, suspended, ledger.standing), actor
        )
