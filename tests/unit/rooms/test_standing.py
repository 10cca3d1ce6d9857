"""A change of plan, and a removal: which rooms are suspended and which come back."""

import datetime as dt

import pytest

from contracts.errors import Conflict, Outdated
from contracts.rooms import EVENTS, PlanChangePreview
from services.rooms.ledger import Ledger, release, reserve, settled, take_plan
from services.rooms.occupancy import Occupancy, Presence
from services.rooms.policies import read_policies
from services.rooms.previewing import preview
from services.rooms.reading import may_host
from services.rooms.room import USER, change, hand_over, owner_left, place_released, remove, stand
from tests.unit.rooms.test_ledger import NEW
from tests.unit.rooms.things import NOW, POLICY, SMITH, ledger, member, room

POLICIES = read_policies()
LATER = NOW + dt.timedelta(minutes=1)
BUSY = Occupancy((Presence("a", "in_call", 1, "c"), Presence("b", "in_call", 1, "c"), Presence("d", "waiting", 1)))


def on(plan: str, known: Ledger, revision: int = 1) -> Ledger:
    changed = take_plan(known, POLICY.plan(plan), POLICY, revision, POLICIES, LATER)
    assert changed is not None
    return changed.state


def test_down_suspends_the_newest_first_and_up_again_none() -> None:
    small = on("Essentials", ledger("Premium", "first", "second", "third"))
    assert small.suspended(POLICY.plan(small.plan)) == ("third", "second")
    assert (small.used, small.unsettled_since, small.standing) == (3, LATER, 1)
    large = on("Premium", small, 2)
    assert large.suspended(POLICY.plan(large.plan)) == ()
    assert large.meeting_room_ids == ("first", "second", "third")
    assert large.standing == 2


def test_a_change_that_suspends_nothing_leaves_nothing_to_settle() -> None:
    assert on("Standard", ledger("Premium", "first")).unsettled_since is None


def test_a_change_heard_again_or_late_changes_nothing() -> None:
    known = on("Premium", on("Essentials", ledger("Premium", "a", "b")), 2)
    assert take_plan(known, POLICY.plan("Essentials"), POLICY, 1, POLICIES, LATER) is None
    assert take_plan(known, POLICY.plan("Essentials"), POLICY, 2, POLICIES, LATER) is None


def test_the_organisation_can_be_put_on_another_version_of_the_policy() -> None:
    second = POLICIES.version(2)
    changed = take_plan(ledger("Standard"), second.plan("Professional"), second, 1, POLICIES, LATER)
    assert changed is not None
    assert (changed.state.plan, changed.state.policy_version) == ("Standard", 2)


def test_what_is_suspended_still_counts_so_nothing_new_is_made_over_the_limit() -> None:
    small = on("Standard", ledger("Premium", "a", "b", "c"))
    refused = reserve(small, NEW, POLICY)
    assert refused is not None
    assert refused.events[0].data == {
        "limit": "meeting_rooms",
        "used": 3,
        "allowed": 2,
        "plan": "Standard",
        "allowed_by": "Premium",
    }


def test_a_removed_rooms_place_goes_to_the_oldest_that_was_suspended() -> None:
    small = on("Essentials", ledger("Premium", "a", "b", "c"))
    changed = release(small, "a", POLICY.plan("Essentials"), LATER)
    assert changed is not None
    assert changed.state.suspended(POLICY.plan("Essentials")) == ("c",)
    assert changed.state.standing == small.standing + 1
    assert release(changed.state, "a", POLICY.plan("Essentials"), LATER) is None


def test_removing_a_suspended_room_leaves_the_others_as_they_are() -> None:
    small = on("Essentials", ledger("Premium", "a", "b", "c"))
    changed = release(small, "c", POLICY.plan("Essentials"), LATER)
    assert changed is not None
    assert changed.state.suspended(POLICY.plan("Essentials")) == ("b",)
    assert changed.state.standing == small.standing


def test_the_ledger_is_settled_only_by_the_standing_that_the_rooms_were_told() -> None:
    small = on("Essentials", ledger("Premium", "a", "b"))
    assert settled(small, small.standing - 1) is None
    done = settled(small, small.standing)
    assert done is not None
    assert settled(done.state, small.standing) is None


def test_a_room_is_suspended_and_restored_and_keeps_everything_else() -> None:
    before = room(locked=True)
    down = stand(before, suspended=True, standing=1)
    assert down is not None
    assert (down.state.state, [event.type for event in down.events]) == ("suspended", ["room.suspended"])
    up = stand(down.state, suspended=False, standing=2)
    assert up is not None
    assert (up.state.state, up.state.link, up.state.locked) == ("open", before.link, True)
    assert [event.type for event in up.events] == ["room.restored"]
    assert EVENTS["room.restored"]().validate(dict(up.events[0].data)) == {}


def test_a_room_does_not_heed_what_the_ledger_said_before() -> None:
    known = stand(room(), suspended=False, standing=2)
    assert known is not None
    assert known.events == ()
    assert stand(known.state, suspended=True, standing=1) is None


def test_a_room_that_is_suspended_counts_who_is_in_it_as_before() -> None:
    down = stand(room(occupancy=BUSY), suspended=True, standing=1)
    assert down is not None
    assert down.state.occupancy == BUSY


def test_a_room_that_was_changed_since_it_was_read_is_not_removed() -> None:
    edited = room(version=5, edited_version=4)
    with pytest.raises(Outdated) as refused:
        remove(edited, confirm=True, now=LATER, version=3)
    assert refused.value.extra == {"version": 5}
    assert remove(edited, confirm=True, now=LATER, version=4) is not None


def test_a_room_with_people_inside_is_removed_only_when_confirmed() -> None:
    with pytest.raises(Conflict, match="2 people are in the call and 1 person waits") as refused:
        remove(room(occupancy=BUSY), confirm=False, now=LATER)
    assert refused.value.extra == {"in_call": 2, "waiting": 1}
    gone = remove(room(occupancy=BUSY), confirm=True, now=LATER)
    assert gone is not None
    assert (gone.state.state, gone.state.holds_place) == ("removed", True)
    assert [event.type for event in gone.events] == ["room.removed"]
    assert remove(gone.state, confirm=False, now=LATER) is None
    released = place_released(gone.state)
    assert released is not None
    assert not released.state.holds_place


def test_an_empty_room_needs_no_confirmation_and_a_user_room_is_not_removed() -> None:
    assert remove(room(), confirm=False, now=LATER) is not None
    with pytest.raises(Conflict):
        remove(room(USER), confirm=True, now=LATER)


def test_the_room_of_a_member_who_is_gone_is_kept_and_handed_over_or_removed() -> None:
    with pytest.raises(Conflict):
        hand_over(room(USER), "jones")
    left = owner_left(room(USER))
    assert left is not None
    assert not may_host(left.state, member("provider", SMITH))
    assert owner_left(left.state) is None
    handed = hand_over(left.state, "jones")
    assert handed is not None
    assert may_host(handed.state, member("provider", "jones"))
    assert not may_host(handed.state, member("provider", SMITH))
    assert (handed.state.link, handed.state.name) == (room(USER).link, room(USER).name)
    assert EVENTS["room.handed_over"]().validate(dict(handed.events[0].data)).keys() <= {"owner_member_id"}
    assert hand_over(handed.state, "jones") is None
    gone = remove(left.state, confirm=False, now=LATER)
    assert gone is not None
    assert not gone.state.holds_place


def test_a_removed_room_is_not_restored() -> None:
    gone = remove(room(), confirm=False, now=LATER)
    assert gone is not None
    assert stand(gone.state, suspended=False, standing=9) is None


def test_the_dry_run_names_what_would_be_over_suspended_gained_and_lost() -> None:
    known = {each: room(id=each, name=each.title()) for each in ("a", "b", "c")}
    premium, small = (POLICY, POLICY.plan("Premium")), (POLICY, POLICY.plan("Starter"))
    down = preview(ledger("Premium", "a", "b", "c"), premium, small, known)
    assert down["limits"] == [{"limit": "meeting_rooms", "used": 3, "allowed": 1, "over": 2}]
    assert [each["name"] for each in down["rooms_suspended"]] == ["C", "B"]  # type: ignore[attr-defined]
    assert down["lost"] == ["meeting_rooms_renamed", "waiting_area"]
    up = preview(on("Essentials", ledger("Premium", "a", "b", "c")), small, premium, known)
    assert [each["name"] for each in up["rooms_restored"]] == ["C", "B"]  # type: ignore[attr-defined]
    assert up["gained"] == ["meeting_rooms_renamed", "waiting_area"]
    assert set(down) == set(PlanChangePreview().fields)


def test_what_people_change_and_who_comes_and_goes_are_told_apart() -> None:
    locked = change(room(version=4), {"locked": True}, None)
    assert locked is not None
    assert locked.state.edited_version == 5
    named = change(room(version=7, edited_version=5), {"name": "Speech", "version": 5}, None)
    assert named is not None
    assert named.state.edited_version == 8
