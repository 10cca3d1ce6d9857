"""Members change, are suspended and go; an organisation always keeps an owner."""

from dataclasses import replace
from functools import partial

import pytest

from contracts.accounts import EVENTS
from contracts.actor import system
from contracts.errors import Conflict, Forbidden
from services.accounts import owners
from services.accounts.member import ACTIVE, INVITED, REMOVED, SUSPENDED, change, may_change, remove, restore, suspend
from tests.unit.accounts.things import actor, member, organisation

FIRST, SECOND = "01920000-0000-7000-8000-0000000000e1", "01920000-0000-7000-8000-0000000000e2"


def test_a_change_is_said_once_with_what_the_member_is_now() -> None:
    rule = partial(change, wanted={"role": "admin"})
    done = rule(member())
    assert done is not None
    assert done.state.role == "admin"
    (event,) = done.events
    assert (event.type, event.data["role"], event.data["state"]) == ("member.changed", "admin", ACTIVE)
    assert EVENTS[event.type]().validate(dict(event.data)) == {}
    assert rule(done.state) is None


def test_who_is_suspended_comes_back_as_they_were() -> None:
    suspended = suspend(member())
    assert suspended is not None
    assert suspended.state.state == SUSPENDED
    assert suspend(suspended.state) is None
    restored = restore(suspended.state)
    assert restored is not None
    assert replace(restored.state, revision=0) == member()


def test_who_has_not_accepted_is_removed_and_not_suspended() -> None:
    with pytest.raises(Conflict, match="Remove"):
        suspend(member(state=INVITED))


def test_who_is_removed_gives_the_address_free_and_does_not_come_back() -> None:
    removed = remove(member())
    assert removed is not None
    assert (removed.state.state, removed.state.password_hash) == (REMOVED, None)
    assert removed.state.email_key != member().email_key
    assert [event.type for event in removed.events] == ["member.removed"]
    assert remove(removed.state) is None
    for rule in (suspend, restore, partial(change, wanted={"name": "Eve"})):
        with pytest.raises(Conflict, match="Add them again"):
            rule(removed.state)


def test_an_admin_neither_changes_an_owner_nor_makes_one() -> None:
    for who, role in ((member(role="owner"), None), (member(), "owner")):
        with pytest.raises(Forbidden):
            may_change(who, role, actor("admin"))
        may_change(who, role, actor("owner"))
        may_change(who, role, system("operator"))
    may_change(member(), "admin", actor("admin"))


def test_the_last_owner_is_told_what_to_do_instead() -> None:
    with pytest.raises(Conflict, match="Make somebody else an owner first"):
        owners.let_go(organisation(), FIRST, {FIRST})


def test_of_two_owners_who_leave_at_once_one_stays() -> None:
    first = owners.let_go(organisation(), FIRST, {FIRST, SECOND})
    assert first is not None
    with pytest.raises(Conflict):
        owners.let_go(first.state, SECOND, {FIRST, SECOND})
    # the same one again, after a crash
    assert owners.let_go(first.state, FIRST, {FIRST, SECOND}) is None


def test_when_one_has_left_or_stayed_after_all_the_members_count_again() -> None:
    first = owners.let_go(organisation(), FIRST, {FIRST, SECOND})
    assert first is not None
    done = owners.gone(first.state, FIRST)
    assert done is not None
    assert owners.gone(done.state, FIRST) is None
    assert owners.let_go(done.state, SECOND, {FIRST, SECOND}) is not None


def test_who_was_made_an_owner_meanwhile_is_neither_taken_away_uncounted_nor_changed_by_an_admin() -> None:
    for rule in (suspend, remove, partial(change, wanted={"role": "reporter"})):
        by_owner = owners.of_no_owner(rule, None, actor("owner"))
        with pytest.raises(Conflict, match="meanwhile"):
            by_owner(member(role="owner"))
        done = by_owner(member())
        assert done is not None
        by_admin = owners.of_no_owner(rule, None, actor("admin"))
        with pytest.raises(Forbidden):
            by_admin(member(role="owner"))
