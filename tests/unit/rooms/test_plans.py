"""What the seed's plans allow, and what a refusal says."""

import pytest

from contracts.errors import NotFound
from contracts.rooms import PlanView
from services.rooms.plans import meeting_room_refusal, plan_view, rename_refusal
from services.rooms.policies import read_policies
from tests.unit.rooms.things import POLICY


@pytest.mark.parametrize(
    ("name", "plan", "rooms", "renamed", "first"),
    [
        ("Essentials", "Essentials", 1, False, ("Reception",)),
        ("Starter", "Essentials", 1, False, ("Reception",)),
        ("Standard", "Standard", 2, False, ("Reception", "Team Meeting")),
        ("professional", "Standard", 2, False, ("Reception", "Team Meeting")),
        ("Trial", "Standard", 2, False, ("Reception", "Team Meeting")),
        ("PREMIUM", "Premium", None, True, ("Reception", "Team Meeting")),
        ("Clinic", "Premium", None, True, ("Reception", "Team Meeting")),
        ("Enterprise", "Premium", None, True, ("Reception", "Team Meeting")),
    ],
)
def test_every_plan_of_the_seed_goes_by_its_names_and_allows_what_it_says(name, plan, rooms, renamed, first) -> None:
    found = POLICY.plan(name)
    assert (found.name, found.meeting_rooms, found.meeting_rooms_renamed, found.first_rooms) == (
        plan,
        rooms,
        renamed,
        first,
    )
    assert found.waiting_area is (plan == "Premium")


def test_an_unknown_plan_is_not_found_and_the_known_ones_are_named() -> None:
    with pytest.raises(NotFound) as refusal:
        POLICY.plan("Gold")
    assert refusal.value.extra["plans"] == ["Essentials", "Standard", "Premium"]


def test_another_version_of_the_policy_gives_the_waiting_area_to_standard_without_other_code() -> None:
    assert read_policies().version(2).plan("Standard").waiting_area


def test_a_refused_meeting_room_names_limit_use_plan_and_the_plan_that_would_allow_it() -> None:
    refusal = meeting_room_refusal(POLICY, POLICY.plan("Essentials"), used=1)
    assert refusal is not None
    assert refusal.extra == {
        "limit": "meeting_rooms",
        "used": 1,
        "allowed": 1,
        "plan": "Essentials",
        "allowed_by": "Standard",
    }


def test_the_plan_that_would_allow_it_is_the_smallest_that_does() -> None:
    refusal = meeting_room_refusal(POLICY, POLICY.plan("Essentials"), used=2)
    assert refusal is not None
    assert refusal.extra["allowed_by"] == "Premium"


def test_premium_has_any_number_of_meeting_rooms() -> None:
    assert meeting_room_refusal(POLICY, POLICY.plan("Premium"), used=100_000) is None


def test_names_are_fixed_below_premium() -> None:
    assert rename_refusal(POLICY, POLICY.plan("Premium")) is None
    for plan in ("Essentials", "Standard"):
        refusal = rename_refusal(POLICY, POLICY.plan(plan))
        assert refusal is not None
        assert refusal.extra["allowed_by"] == "Premium"


def test_a_plan_is_read_as_its_contract_says() -> None:
    for plan in POLICY.plans:
        assert PlanView().validate(PlanView().dump(plan_view(POLICY, plan))) == {}
