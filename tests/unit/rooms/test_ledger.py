"""Meeting Rooms are reserved before they are made, as far as the plan goes."""

from dataclasses import replace

import pytest

from contracts.errors import Invalid
from contracts.rooms import EVENTS
from services.rooms.ledger import Reservation, made, open_ledger, refused, release, reserve
from tests.unit.rooms.things import NOW, ORGANISATION, POLICY, ledger

NEW = Reservation("01920000-0000-7000-8000-0000000000e1", "Reception", NOW)


def test_a_new_organisation_has_the_first_rooms_of_its_plan_reserved() -> None:
    opened = open_ledger(ORGANISATION, POLICY, POLICY.plan("Standard"), NOW)
    assert [each.name for each in opened.reservations] == ["Reception", "Team Meeting"]
    assert opened.used == 2


def test_the_first_rooms_have_the_same_ids_whenever_it_is_done_again() -> None:
    plan = POLICY.plan("Standard")
    first, second = (open_ledger(ORGANISATION, POLICY, plan, NOW).meeting_room_ids for _ in range(2))
    assert first == second
    assert len(set(first)) == 2


def test_a_room_within_the_limit_counts_at_once() -> None:
    change = reserve(ledger("Standard", "a"), NEW, POLICY)
    assert change is not None
    assert change.state.used == 2
    assert change.state.reservations == (NEW,)
    assert refused(change.state, NEW, POLICY) is None


def test_a_room_over_the_limit_changes_nothing_and_is_an_event() -> None:
    full = ledger("Essentials", "a")
    change = reserve(full, NEW, POLICY)
    assert change is not None
    assert change.state == full
    (event,) = change.events
    assert event.type == "quota.exceeded"
    assert EVENTS[event.type]().validate(dict(event.data)) == {}
    refusal = refused(change.state, NEW, POLICY)
    assert refusal is not None
    assert refusal.extra["used"] == 1


def test_the_same_room_is_reserved_once() -> None:
    assert reserve(ledger("Essentials", NEW.room_id), NEW, POLICY) is None


def test_a_room_that_is_made_is_no_longer_reserved_and_still_counts() -> None:
    change = reserve(ledger("Premium"), NEW, POLICY)
    assert change is not None
    done = made(change.state, NEW.room_id)
    assert done is not None
    assert done.state.reservations == ()
    assert done.state.used == 1
    assert made(done.state, NEW.room_id) is None


def unnamed(number: int) -> Reservation:
    return Reservation(f"01920000-0000-7000-8000-0000000000f{number}", "", NOW)


def test_where_names_are_fixed_a_room_made_again_gets_the_name_that_is_free() -> None:
    opened = open_ledger(ORGANISATION, POLICY, POLICY.plan("Standard"), NOW)
    reception, team = opened.meeting_room_ids
    left = release(opened, reception, POLICY.plan("Standard"), NOW)
    assert left is not None
    assert left.state.next_name(POLICY.plan("Standard")) == "Reception"
    change = reserve(left.state, unnamed(1), POLICY)
    assert change is not None
    assert change.state.meeting_room_ids == (team, unnamed(1).room_id)
    assert change.state.reserved(unnamed(1).room_id) == replace(unnamed(1), name="Reception")


def test_where_names_are_fixed_another_name_is_refused_with_the_plan_that_allows_it_and_is_an_event() -> None:
    wish = replace(unnamed(1), name="Therapy")
    change = reserve(ledger("Essentials"), wish, POLICY)
    assert change is not None
    assert change.state == ledger("Essentials")
    assert [event.type for event in change.events] == ["quota.exceeded"]
    refusal = refused(change.state, wish, POLICY)
    assert refusal is not None
    assert (refusal.extra["limit"], refusal.extra["allowed_by"]) == ("meeting_rooms_renamed", "Premium")
    assert "the next one is Reception" in refusal.detail


def test_two_at_once_get_two_different_fixed_names() -> None:
    first = reserve(ledger("Standard"), unnamed(1), POLICY)
    assert first is not None
    second = reserve(first.state, unnamed(2), POLICY)
    assert second is not None
    assert [each.name for each in second.state.reservations] == ["Reception", "Team Meeting"]


def test_where_names_are_free_a_room_needs_one() -> None:
    with pytest.raises(Invalid) as refusal:
        reserve(ledger("Premium"), unnamed(1), POLICY)
    assert refusal.value.extra["errors"][0]["pointer"] == "/name"
