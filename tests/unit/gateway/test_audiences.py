"""Nobody is ever shown a view that was read by somebody who may see more, or less."""

from dataclasses import replace

import pytest

from contracts.actor import ROLES, Actor
from gateway.live.audiences import Owners

SMITH = Actor("member", "smith", "org", roles=("provider",), clinic_ids=("c1",))
JONES = replace(SMITH, id="jones")
RECEPTION = replace(SMITH, id="cora", roles=("coordinator",))
MIA = Actor("guest", "mia", "org", room_id="smiths", caller_id="mia", device_id="phone")


@pytest.fixture
def owners() -> Owners:
    made = Owners()
    made.learn({"id": "smiths", "owner_member_id": "smith"})
    made.learn({"id": "reception", "owner_member_id": None})
    return made


def test_members_of_one_role_share_the_view_of_a_meeting_room(owners: Owners) -> None:
    assert owners.audience(SMITH, "reception") == owners.audience(JONES, "reception")


def test_the_owner_of_a_user_room_sees_their_own(owners: Owners) -> None:
    assert owners.audience(SMITH, "smiths") != owners.audience(JONES, "smiths")


def test_every_role_sees_its_own(owners: Owners) -> None:
    views = {owners.audience(replace(SMITH, id="x", roles=(role,)), "reception") for role in ROLES}
    assert len(views) == len(ROLES)


def test_clinics_are_kept_apart(owners: Owners) -> None:
    assert owners.audience(SMITH, "reception") != owners.audience(replace(JONES, clinic_ids=("c2",)), "reception")


def test_organisations_are_kept_apart(owners: Owners) -> None:
    for room in ("reception", "smiths", "unknown", None):
        assert owners.audience(JONES, room) != owners.audience(replace(JONES, organisation_id="other"), room)


def test_while_it_is_not_known_whose_a_room_is_nobody_is_taken_for_anybody_else(owners: Owners) -> None:
    assert owners.audience(SMITH, "unknown") != owners.audience(JONES, "unknown")
    owners.learn({"room_id": "unknown", "owner_member_id": None})
    assert owners.audience(SMITH, "unknown") == owners.audience(JONES, "unknown")


def test_every_guest_and_every_device_sees_their_own(owners: Owners) -> None:
    other_device = replace(MIA, device_id="tablet")
    other_guest = replace(MIA, id="omar", caller_id="omar")
    assert len({owners.audience(guest, "smiths") for guest in (MIA, other_device, other_guest)}) == 3
