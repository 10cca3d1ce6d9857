"""What a plan allows, which plan would allow more, and where a policy contradicts itself. Knows no files: see `policies.py`."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass

from contracts.errors import LimitReached, NotFound

MEETING_ROOMS = "meeting_rooms"
MEETING_ROOMS_RENAMED = "meeting_rooms_renamed"
WAITING_AREA = "waiting_area"


@dataclass(frozen=True)
class Plan:
    """One row of a policy. `meeting_rooms`: the largest number of Meeting Rooms, none for any number."""

    name: str
    aliases: tuple[str, ...]
    meeting_rooms: int | None
    meeting_rooms_renamed: bool
    waiting_area: bool
    first_rooms: tuple[str, ...]

    @property
    def fixed_names(self) -> tuple[str, ...]:
        """The names of its Meeting Rooms, where they cannot be changed: those of the first rooms, as far as they go."""
        return () if self.meeting_rooms_renamed else self.first_rooms

    def goes_by(self, name: str) -> bool:
        """Whether this is the plan's name or an alias of it, in whatever case."""
        return name.strip().casefold() in {known.casefold() for known in (self.name, *self.aliases)}


@dataclass(frozen=True)
class Policy:
    """One version of what the plans are, from the smallest plan to the largest."""

    version: int
    default: bool
    plans: tuple[Plan, ...]

    def plan(self, name: str) -> Plan:
        """The plan of that name or alias. Raises NotFound, naming those there are."""
        for plan in self.plans:
            if plan.goes_by(name):
                return plan
        raise NotFound("There is no such plan.", plans=[plan.name for plan in self.plans])


@dataclass(frozen=True)
class Policies:
    """Every version of the policy that an organisation may be on."""

    versions: tuple[Policy, ...]

    def version(self, number: int | None) -> Policy:
        """The policy of that version, or the default one. Raises NotFound."""
        for policy in self.versions:
            if policy.default if number is None else policy.version == number:
                return policy
        raise NotFound("There is no such version of the policy.", versions=[policy.version for policy in self.versions])


@dataclass(frozen=True)
class Contradiction:
    """What does not go together, and in which field of which plan (by its place in the policy) it is seen."""

    plan: int
    field: str
    text: str


def meeting_room_refusal(policy: Policy, plan: Plan, used: int) -> LimitReached | None:
    """Why one more Meeting Room is not in the plan; none when it is."""
    if _fits(plan, used):
        return None
    allowed = plan.meeting_rooms or 0
    allowed_by = next((other.name for other in policy.plans if _fits(other, used)), None)
    rooms = "1 Meeting Room" if allowed == 1 else f"{allowed} Meeting Rooms"
    text = f"{plan.name} includes {rooms}, and {used} {'is' if used == 1 else 'are'} in use."
    return _refusal(text, MEETING_ROOMS, used, allowed, plan, allowed_by)


def rename_refusal(policy: Policy, plan: Plan) -> LimitReached | None:
    """Why a Meeting Room may not be renamed on the plan; none when it may."""
    if plan.meeting_rooms_renamed:
        return None
    text = f"On {plan.name} the names of Meeting Rooms are fixed."
    return _refusal(text, MEETING_ROOMS_RENAMED, 0, 0, plan, _renaming(policy))


def name_refusal(policy: Policy, plan: Plan, wished: str, fixed: str | None) -> LimitReached | None:
    """Why a new Meeting Room may not have the name that is wished; none when it may. `fixed`: the one that the plan gives it."""
    if fixed is None or not wished or wished.casefold() == fixed.casefold():
        return None
    text = f"On {plan.name} the names of Meeting Rooms are fixed, and the next one is {fixed}."
    return _refusal(text, MEETING_ROOMS_RENAMED, 0, 0, plan, _renaming(policy))


def waiting_area_refusal(policy: Policy, plan: Plan, used: int) -> LimitReached | None:
    """Why the plan has no Waiting Area; none when it has any number. `used`: how many there are from a larger plan."""
    if plan.waiting_area:
        return None
    allowed_by = next((other.name for other in policy.plans if other.waiting_area), None)
    return _refusal(f"{plan.name} includes no Waiting Area.", WAITING_AREA, used, 0, plan, allowed_by)


def contradictions(plans: tuple[Plan, ...]) -> Iterator[Contradiction]:
    """Everything in which the plans contradict themselves or each other."""
    taken: dict[str, str] = {}
    for place, plan in enumerate(plans):
        for field, names in (("name", (plan.name,)), ("aliases", plan.aliases)):
            for name in names:
                if name.casefold() in taken:
                    yield Contradiction(place, field, f"{name} is already a name of {taken[name.casefold()]}")
                taken.setdefault(name.casefold(), plan.name)
        if plan.meeting_rooms is not None and len(plan.first_rooms) > plan.meeting_rooms:
            text = f"{plan.name} begins with {len(plan.first_rooms)} Meeting Rooms and allows {plan.meeting_rooms}"
            yield Contradiction(place, "first_rooms", text)
        if len(set(plan.first_rooms)) < len(plan.first_rooms):
            yield Contradiction(place, "first_rooms", f"two first rooms of {plan.name} have one name")
        if place:
            yield from _smaller_than_before(place, plan, plans[place - 1])


def _smaller_than_before(place: int, plan: Plan, before: Plan) -> Iterator[Contradiction]:
    shrinks = {
        "meeting_rooms": plan.meeting_rooms is not None
        and (before.meeting_rooms is None or plan.meeting_rooms < before.meeting_rooms),
        "meeting_rooms_renamed": before.meeting_rooms_renamed and not plan.meeting_rooms_renamed,
        "waiting_area": before.waiting_area and not plan.waiting_area,
    }
    for field, smaller in shrinks.items():
        if smaller:
            yield Contradiction(place, field, f"{plan.name} allows less than {before.name}, which stands before it")


def _fits(plan: Plan, used: int) -> bool:
    return plan.meeting_rooms is None or used < plan.meeting_rooms


def _renaming(policy: Policy) -> str | None:
    return next((other.name for other in policy.plans if other.meeting_rooms_renamed), None)


def _refusal(text: str, limit: str, used: int, allowed: int, plan: Plan, allowed_by: str | None) -> LimitReached:
    advice = f" {allowed_by} would allow it." if allowed_by else " No plan would allow it."
    return LimitReached(text + advice, limit=limit, used=used, allowed=allowed, plan=plan.name, allowed_by=allowed_by)


def plan_view(policy: Policy, plan: Plan) -> dict[str, object]:
    """As contracts.rooms.PlanView."""
    return {**asdict(plan), "policy_version": policy.version}


def differences(now: Plan, then: Plan) -> tuple[list[str], list[str]]:
    """(what `then` includes and `now` does not, what it no longer includes), by the names of the fields."""
    gained: list[str] = []
    lost: list[str] = []
    for name in ("meeting_rooms_renamed", "waiting_area"):
        if getattr(now, name) != getattr(then, name):
            (gained if getattr(then, name) else lost).append(name)
    return gained, lost
