"""Meeting Rooms are reserved before they are made, as far as the plan goes."""

from contracts.rooms import EVENTS
from services.rooms.ledger import Reservation, made, open_ledger, refused, reserve
from tests.unit.rooms.things import NOW, ORGANISATION, POLICY, ledger

NEW = Reservation("01920000-0000-7000-8000-0000000000e1", "Therapy", NOW)


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
    assert refused(change.state, NEW.room_id, POLICY) is None


def test_a_room_over_the_limit_changes_nothing_and_is_an_event() -> None:
    full = ledger("Essentials", "a")
    change = reserve(full, NEW, POLICY)
    assert change is not None
    assert change.state == full
    (event,) = change.events
    assert event.type == "quota.exceeded"
    assert EVENTS[event.type]().validate(dict(event.data)) == {}
    refusal = refused(change.state, NEW.room_id, POLICY)
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
