"""The one document per organisation that says which plan it is on and which Meeting Rooms count against it.

A room is first reserved here, by one conditional write, and made afterwards; so the limit holds however many ask at once,
and what was reserved by a process that died is made by another. Pure.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from contracts.errors import Invalid, LimitReached
from plumbing.ids import follow
from plumbing.store import Change, Event
from services.rooms.plans import Plan, Policies, Policy, meeting_room_refusal, name_refusal

# what one process left half-done, another finishes after this
MADE_BY_OTHERS_AFTER = timedelta(seconds=10)


@dataclass(frozen=True)
class Reservation:
    """A Meeting Room that counts already and is still to be made. As a wish, an empty `name` asks for the plan's next one."""

    room_id: str
    name: str
    reserved_at: datetime
    clinic_id: str | None = None


@dataclass(frozen=True)
class Ledger:
    """`meeting_room_ids`: those that count, made or not, oldest first. The id is the organisation's.

    The newest beyond the plan's limit are suspended. `standing` counts how often it changed which those are;
    `unsettled_since` is set until the rooms themselves say so too. `plan_revision` is accounts' count of changes of plan.
    `names`: the name under which each of them was made, which is the name that it takes of those that a plan fixes.
    """

    id: str
    organisation_id: str
    plan: str
    policy_version: int
    meeting_room_ids: tuple[str, ...]
    reservations: tuple[Reservation, ...] = ()
    plan_revision: int = 0
    standing: int = 0
    unsettled_since: datetime | None = None
    names: Mapping[str, str] = field(default_factory=dict)

    @property
    def used(self) -> int:
        """How many Meeting Rooms count against the plan."""
        return len(self.meeting_room_ids)

    def suspended(self, plan: Plan) -> tuple[str, ...]:
        """Those over the limit of a plan, newest first."""
        allowed = self.used if plan.meeting_rooms is None else plan.meeting_rooms
        return self.meeting_room_ids[allowed:][::-1]

    def next_name(self, plan: Plan) -> str | None:
        """The name of the next Meeting Room, where the plan fixes it; none where it may be chosen."""
        taken = {self.names.get(room_id) for room_id in self.meeting_room_ids}
        return next((name for name in plan.fixed_names if name not in taken), None)

    def reserved(self, room_id: str) -> Reservation | None:
        """The reservation of a room that is still to be made."""
        return next((each for each in self.reservations if each.room_id == room_id), None)


def open_ledger(organisation_id: str, policy: Policy, plan: Plan, now: datetime) -> Ledger:
    """The ledger of a new organisation, with the plan's first rooms reserved, under ids that are always the same for it."""
    first = tuple(
        # a millisecond apart, so that they are listed in the order of the plan
        Reservation(follow(organisation_id, f"first-room-{place}"), name, now + timedelta(milliseconds=place))
        for place, name in enumerate(plan.first_rooms)
    )
    room_ids = tuple(reservation.room_id for reservation in first)
    names = {reservation.room_id: reservation.name for reservation in first}
    return Ledger(organisation_id, organisation_id, plan.name, policy.version, room_ids, first, names=names)


def reserve(ledger: Ledger, wish: Reservation, policy: Policy) -> Change[Ledger] | None:
    """One more Meeting Room, or unchanged with the event that says which limit was in the way; `refused` tells which it was.

    Raises Invalid when the room needs a name and the wish has none.
    """
    if wish.room_id in ledger.meeting_room_ids:
        return None
    refusal = refused(ledger, wish, policy)
    if refusal:
        return refuse(ledger, refusal)
    reservation = replace(wish, name=ledger.next_name(policy.plan(ledger.plan)) or wish.name)
    if not reservation.name:
        raise Invalid(errors=[{"pointer": "/name", "detail": "Give the room a name."}])
    counted = replace(
        ledger,
        meeting_room_ids=(*ledger.meeting_room_ids, wish.room_id),
        reservations=(*ledger.reservations, reservation),
        names={**ledger.names, wish.room_id: reservation.name},
    )
    return Change(counted, ())


def refused(ledger: Ledger, wish: Reservation, policy: Policy) -> LimitReached | None:
    """Why the room is not among those that count; none when it is, or when there would be place for it under its name."""
    if wish.room_id in ledger.meeting_room_ids:
        return None
    plan = policy.plan(ledger.plan)
    full = meeting_room_refusal(policy, plan, ledger.used)
    return full or name_refusal(policy, plan, wish.name, ledger.next_name(plan))


def refuse(ledger: Ledger, refusal: LimitReached) -> Change[Ledger]:
    """Unchanged, with the event that says which limit was in the way (P2)."""
    return Change(ledger, (Event("quota.exceeded", dict(refusal.extra)),))


def made(ledger: Ledger, room_id: str) -> Change[Ledger] | None:
    """The reserved room is there."""
    left = tuple(each for each in ledger.reservations if each.room_id != room_id)
    return None if left == ledger.reservations else Change(replace(ledger, reservations=left), ())


def take_plan(
    ledger: Ledger, plan: Plan, policy: Policy, plan_revision: int, policies: Policies, now: datetime
) -> Change[Ledger] | None:
    """The organisation is on another plan from now on. Unchanged when this change is known, or a later one."""
    if plan_revision <= ledger.plan_revision:
        return None
    before = policies.version(ledger.policy_version).plan(ledger.plan)
    taken = replace(ledger, plan=plan.name, policy_version=policy.version, plan_revision=plan_revision)
    noted = _noted(taken, ledger.suspended(before), plan, now)
    said = {"plan": plan.name, "policy_version": policy.version, "plan_revision": plan_revision}
    return Change(noted, Event("quota.changed", said))


def release(ledger: Ledger, room_id: str, plan: Plan, now: datetime) -> Change[Ledger] | None:
    """The room was removed: its place is free, or goes to the oldest room that was suspended."""
    if room_id not in ledger.meeting_room_ids:
        return None
    left = replace(
        ledger,
        meeting_room_ids=tuple(each for each in ledger.meeting_room_ids if each != room_id),
        reservations=tuple(each for each in ledger.reservations if each.room_id != room_id),
        names={each: name for each, name in ledger.names.items() if each != room_id},
    )
    suspended = tuple(each for each in ledger.suspended(plan) if each != room_id)
    return Change(_noted(left, suspended, plan, now), ())


def settled(ledger: Ledger, standing: int) -> Change[Ledger] | None:
    """The rooms say what the ledger said at this standing; a later one is still to be told to them."""
    if ledger.unsettled_since is None or ledger.standing != standing:
        return None
    return Change(replace(ledger, unsettled_since=None), ())


def _noted(ledger: Ledger, suspended_before: tuple[str, ...], plan: Plan, now: datetime) -> Ledger:
    if ledger.suspended(plan) == suspended_before:
        return ledger
    return replace(ledger, standing=ledger.standing + 1, unsettled_since=now)
